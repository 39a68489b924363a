/** The filters beside the list, and the chips above it. */
import { byId, el } from "./dom.js";
import { chips, cleared, toggled, without, withValues } from "./filters.js";
import { steps } from "./marks.js";
import { plain, short } from "./text.js";
import { ACTS_OF, FAMILY_WORDS, levelOf, statusWords } from "./words.js";

const SHOWN = 8;
const SOURCES = ["", "1", "2", "3", "5"];

/** As on a row: the step, and the status in grey beside it. */
function statusText(status) {
  const [step, detail] = statusWords(status);
  return [steps(status), step, detail && el("span", { class: "quiet-words" }, ` ${detail}`)];
}

/** Whether there is such a day, as in 2017-06-22. */
function isDate(text) {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return at !== null && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** @param {{change: (filters: import("./filters.js").Filters, how?: {replace?: boolean}) => void}} given */
export function createRail({ change }) {
  const holder = byId("facets");
  const chipHolder = byId("chips");
  const labels = new Map();
  const opened = new Set();
  /** @type {import("./filters.js").Filters} */
  let filters = {};
  let facets = {};

  const labelOf = (key, value) => labels.get(`${key} ${value}`) ?? value;

  function box(key, value, text, events, className = "") {
    const on = (filters[key] ?? []).includes(value);
    const input = el("input", {
      type: "checkbox", checked: on, "data-key": key, "data-value": value,
      on: { change: () => change(toggled(filters, key, value)) },
    });
    return el(
      "li",
      { class: className },
      el("label", {}, input, el("span", { class: "facet-name" }, text), events !== null && el("span", { class: "facet-count" }, events.toLocaleString("en"))),
    );
  }

  function group(title, ...content) {
    return el("fieldset", {}, el("legend", {}, title), content);
  }

  /** Values of a facet: the chosen ones and the first few, all of them on demand. */
  function values(key, title) {
    const rows = facets[key] ?? [];
    const chosen = filters[key] ?? [];
    const missing = chosen.filter((value) => !rows.some((row) => row.value === value)).map((value) => ({ value, label: labelOf(key, value), events: 0 }));
    const all = [...rows, ...missing];
    const shown = opened.has(key) ? all : all.filter((row, index) => index < SHOWN || chosen.includes(row.value));
    const text = (row) => (row.value === "unknown" ? "unknown" : short(row.label, 60));
    return group(
      title,
      all.length === 0 && el("p", { class: "none" }, "none"),
      el("ul", {}, shown.map((row) => box(key, row.value, text(row), row.events))),
      all.length > shown.length || opened.has(key)
        ? el(
            "button",
            {
              type: "button", class: "quiet", "aria-expanded": String(opened.has(key)), "data-all": key,
              on: {
                click: () => {
                  if (!opened.delete(key)) opened.add(key);
                  draw();
                },
              },
            },
            opened.has(key) ? "Show fewer" : `All ${all.length}`,
          )
        : null,
    );
  }

  function acts() {
    const counts = new Map((facets.family ?? []).map((row) => [row.value, row.events]));
    const families = Object.keys(FAMILY_WORDS);
    const items = families.flatMap((family) => {
      const inner = ACTS_OF[family].length > 1 && ((filters.family ?? []).includes(family) || (filters.act ?? []).some((act) => ACTS_OF[family].includes(act)));
      return [
        box("family", family, FAMILY_WORDS[family], counts.get(family) ?? 0),
        ...(inner ? ACTS_OF[family].map((act) => box("act", act, act, null, "inner")) : []),
      ];
    });
    return group("Act", el("ul", {}, items));
  }

  function statuses() {
    const counts = new Map((facets.status ?? []).map((row) => [row.value, row.events]));
    const known = [...new Set([...counts.keys(), ...(filters.status ?? [])])];
    known.sort((a, b) => (levelOf(b) || -1) - (levelOf(a) || -1) || a.localeCompare(b));
    return group(
      "Status",
      known.length === 0 && el("p", { class: "none" }, "none"),
      el("ul", {}, known.map((status) => box("status", status, statusText(status), counts.get(status) ?? 0))),
    );
  }

  function contested() {
    const counts = new Map((facets.contested ?? []).map((row) => [row.value, row.events]));
    return group(
      "Denied by a party",
      el("ul", {}, box("contested", "true", "yes", counts.get("true") ?? 0), box("contested", "false", "no", counts.get("false") ?? 0)),
    );
  }

  function sources() {
    const now = (filters.minimum_independent ?? [""])[0];
    const values = SOURCES.includes(now) ? SOURCES : [...SOURCES, now];
    return group(
      "Independent sources, at least",
      el(
        "div",
        { class: "segments" },
        values.map((value) =>
          el(
            "label",
            {},
            el("input", {
              type: "radio", name: "minimum", value, checked: value === now, "data-key": "minimum_independent", "data-value": value,
              on: { change: () => change(withValues(filters, "minimum_independent", [value])) },
            }),
            el("span", {}, value === "" ? "any" : value),
          ),
        ),
      ),
    );
  }

  function times() {
    const field = (key, text) => {
      const told = el("span", { class: "date-wrong", id: `wrong-${key}`, role: "alert" });
      const input = /** @type {HTMLInputElement} */ (
        el("input", {
          type: "text", "data-key": key, placeholder: "YYYY-MM-DD", maxlength: 10,
          inputmode: "numeric", pattern: "\\d{4}-\\d{2}-\\d{2}", spellcheck: "false", "aria-describedby": `wrong-${key}`,
          on: {
            change: () => {
              const value = input.value.trim();
              const wrong = value !== "" && !isDate(value);
              told.textContent = wrong ? `${value} is not a date: year-month-day, as in 2017-06-22` : "";
              input.setAttribute("aria-invalid", String(wrong));
              if (!wrong) change(withValues(filters, key, [value]));
            },
          },
        })
      );
      return el("div", { class: "date" }, el("label", {}, el("span", {}, text), input), told);
    };
    return group("Seen between", el("div", { class: "dates" }, field("since", "from"), field("until", "to")));
  }

  // The dates stay as they are while the counts around them change: somebody may be writing one.
  const groups = el("div", { class: "facet-groups" });
  const dates = times();
  const states = el("div", { class: "facet-groups" });
  holder.append(groups, dates, states);
  dates.addEventListener("focusout", () => setTimeout(tellDates));
  holder.addEventListener("submit", (happened) => happened.preventDefault());

  function tellDates() {
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (dates.querySelectorAll("input"))) {
      const value = ((filters[input.dataset.key] ?? [""])[0] || "").slice(0, 10);
      if (input === document.activeElement || input.getAttribute("aria-invalid") === "true") continue;
      input.value = value;
    }
  }

  function draw() {
    const active = document.activeElement;
    const focus = holder.contains(active) && !dates.contains(active) ? [active.dataset.key, active.dataset.value, active.dataset.all] : null;
    groups.replaceChildren(values("mover", "Force of"), values("place", "Destination"), acts(), statuses(), contested(), sources());
    states.replaceChildren(group("State", el("ul", {}, box("state", "standing", "standing", null), box("state", "retracted", "taken back", null))));
    tellDates();
    if (focus) {
      const [key, value, all] = focus;
      const found = [...holder.querySelectorAll("input, button")].find((node) =>
        all ? node.dataset.all === all : key && node.dataset.key === key && node.dataset.value === value,
      );
      found?.focus({ preventScroll: true });
    }
    drawChips();
  }

  function drawChips() {
    const on = chips(filters, labelOf);
    chipHolder.hidden = on.length === 0;
    chipHolder.replaceChildren(
      ...on.map((chip) =>
        el(
          "button",
          {
            type: "button", class: "chip", "aria-label": plain(`Drop filter ${chip.name}: ${chip.text}`),
            on: { click: () => change(without(filters, chip.key, chip.value)) },
          },
          el("span", { class: "chip-name" }, chip.name), " ", short(chip.text, 60), el("span", { class: "cross", "aria-hidden": "true" }, "×"),
        ),
      ),
      ...(on.length > 1 ? [el("button", { type: "button", class: "quiet", on: { click: () => change(cleared(filters)) } }, "Clear all")] : []),
    );
    byId("filters-count").textContent = on.length ? ` (${on.length})` : "";
  }

  return {
    /** The chips at once, the facets when their counts have come. @param {import("./filters.js").Filters} now @param {any} [counts] */
    show(now, counts) {
      filters = now;
      if (!counts) {
        drawChips();
        return;
      }
      facets = counts;
      for (const key of ["mover", "place"]) for (const row of counts[key] ?? []) labels.set(`${key} ${row.value}`, row.label);
      draw();
    },
    chips: () => chips(filters, labelOf),
    labelOf,
    /** Names of countries, for those that no facet has named. @param {Map<string, string>} names */
    learnCountries(names) {
      for (const [code, name] of names) for (const key of ["mover", "place"]) if (!labels.has(`${key} ${code}`)) labels.set(`${key} ${code}`, name);
      draw();
    },
    learn: (key, value, label) => labels.has(`${key} ${value}`) || labels.set(`${key} ${value}`, label),
  };
}
