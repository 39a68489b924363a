/** What stands in place of the list when there is nothing to list: each says what to do about it. */
import { byId, el } from "./dom.js";
import { counted, listed, short } from "./text.js";

const holder = () => byId("list-state");

export function clearState() {
  holder().replaceChildren();
  holder().hidden = true;
}

function put(...content) {
  holder().hidden = false;
  holder().replaceChildren(...content);
}

export function loadingState() {
  put(
    el("div", { class: "skeleton rows-skeleton", "aria-hidden": "true" }, ...Array.from({ length: 12 }, () => el("span", {}))),
    el("p", { class: "visually-hidden" }, "Loading the events"),
  );
}

export function nothingYet() {
  const command = (text, words) => el("div", {}, el("dt", {}, el("code", {}, text)), el("dd", {}, words));
  put(
    el(
      "div",
      { class: "state" },
      el("h2", {}, "No events yet"),
      el("p", {}, "The desk lists what it finds in articles that are fed to Muster. It fills by itself as they are read."),
      el(
        "dl",
        { class: "commands" },
        command("muster run", "starts a worker"),
        command("muster feed samples", "publishes the sample articles"),
        command("muster feed articles.jsonl", "publishes articles of your own"),
      ),
    ),
  );
}

/** @param {{chip: any, total: number|null}[]} ways filters, and how many events there are without each */
export function noMatches(ways, drop, clearAll) {
  put(
    el(
      "div",
      { class: "state" },
      el("h2", {}, "No event matches"),
      el("p", {}, ways.length > 1 ? "Drop one of the filters, or all:" : "Drop the filter:"),
      el(
        "ul",
        { class: "ways" },
        ways.map(({ chip, total }) =>
          el(
            "li",
            {},
            el("button", { type: "button", on: { click: () => drop(chip) } }, el("span", { class: "chip-name" }, chip.name), " ", short(chip.text, 60)),
            total !== null && el("span", { class: "quiet-words" }, total ? `leaves ${counted(total, "event")}` : "leaves none either"),
          ),
        ),
        ways.length > 1 && el("li", {}, el("button", { type: "button", on: { click: clearAll } }, "Clear all")),
      ),
    ),
  );
}

/** Which parts of the address are not followed. @param {string[]} parts as they stand there */
export function leftOut(parts) {
  const line = byId("left-out");
  line.hidden = parts.length === 0;
  const verb = parts.length === 1 ? "is" : "are";
  line.replaceChildren(...(parts.length ? [...listed(parts, 4), ` ${verb} not understood and left out`] : []));
}

/** @param {import("./api.js").ApiError} error */
export function failedState(error, again) {
  const gone = error.status === 0 || error.status >= 500;
  put(
    el(
      "div",
      { class: "state" },
      el("h2", {}, gone ? "The desk does not answer" : "The list cannot be shown like this"),
      el("p", {}, gone ? "It will be asked again as soon as it is back." : [error.field && el("code", {}, short(error.field, 60)), error.field && ": ", short(error.message, 200)]),
      el("p", {}, el("button", { type: "button", on: { click: again } }, gone ? "Try now" : "Clear all filters")),
    ),
  );
}
