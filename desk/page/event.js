/** The page of one event. */
import { against } from "./against.js";
import { append, byId, el } from "./dom.js";
import { dots, statusScale } from "./marks.js";
import { reportList } from "./reports.js";
import { counted, outward, plain, short } from "./text.js";
import { dateAndClock, dayAndClock } from "./time.js";
import { timeline } from "./timeline.js";
import { toldBy } from "./told.js";
import { sourceTree } from "./tree.js";
import { alertWord, withoutLabel } from "./words.js";

/** @param {{openAddress: (id: string) => string, back: () => void}} given */
export function createEventPage({ openAddress, back }) {
  const pane = byId("event-pane");
  const holder = byId("event");
  byId("back").addEventListener("click", (happened) => {
    happened.preventDefault();
    back();
  });

  /** Bring a report into view, and the focus to it. */
  function go(report) {
    let target = byId(`report-${report}`);
    if (!target) {
      holder.querySelector(".reports")?.parentElement?.dispatchEvent(new Event("show-all"));
      target = byId(`report-${report}`);
    }
    if (!target) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
    target.focus({ preventScroll: true });
  }

  function head(story) {
    const { summary } = story;
    const from = countriesOf(story.sources);
    const told = toldBy(summary, from);
    const opposing = against(summary, 4, { words: summary.against.length > 0, from });
    return el(
      "header",
      { class: "event-head" },
      story.requested !== summary.id && el("p", { class: "notice" }, short(story.requested, 80), " has been joined with this event."),
      el("h1", { tabindex: -1, class: summary.state === "retracted" ? "retracted" : null }, short(summary.deed, 400)),
      el(
        "dl",
        { class: "facts" },
        fact("Status", statusScale(summary.status, summary.state)),
        fact(
          "Independent sources",
          el("span", { class: "big" }, summary.independent, dots(summary.independent)),
          el("span", { class: "quiet-words line" }, `${summary.outlets ? `in ${counted(summary.outlets, "outlet")}, ` : ""}${counted(summary.reports, "report")}`),
        ),
        fact("How many", summary.count ? short(summary.count, 60) : el("span", { class: "quiet-words" }, "not said")),
        fact("Seen", dateAndClock(summary.first_seen), summary.last_seen !== summary.first_seen && el("span", { class: "quiet-words line" }, `until ${dateAndClock(summary.last_seen)}`)),
        fact("Who says so", told.length ? [told, summary.state === "retracted" && ", as was reported"] : el("span", { class: "quiet-words" }, "nobody any more")),
        fact(summary.against.length ? "Against it" : "Denied by", opposing.length ? opposing : el("span", { class: "quiet-words" }, "nobody")),
      ),
    );
  }

  function draw(story) {
    const counting = story.sources.filter((source) => source.counts);
    const aside = story.sources.filter((source) => !source.counts);
    const titles = new Map(story.sources.map((source) => [source.id, source.title]));
    holder.replaceChildren();
    append(holder, [
      head(story),
      section("How far it has come", "timeline-section", timeline(story.timeline, go)),
      el(
        "div",
        { class: aside.length ? "halves" : "" },
        section(
          counting.length === 1 ? "One independent source" : `${counting.length || "No"} independent sources`, "sources-section",
          counting.length ? sourceTree(counting, "Independent sources", go) : el("p", { class: "none" }, "No claim of it stands."),
        ),
        aside.length > 0 && section("Beside them, not counted", "aside-section", sourceTree(aside, "What does not count as a source", go)),
      ),
      story.changes.length > 0 && section("What changed, and why", "changes-section", changes(story.changes)),
      section(counted(story.reports.length, "report"), "reports-section", reportList(story.reports, titles)),
      story.related.length > 0 && section("Related events", "related-section", related(story.related)),
      section("Codes and record", "record-section", codes(story.codes), record(story)),
    ]);
  }

  const related = (events) =>
    el(
      "ul",
      { class: "related" },
      events.map((event) =>
        el("li", {}, el("a", { href: openAddress(event.id) }, short(event.deed, 200)), el("span", { class: "quiet-words" }, ` ${counted(event.independent, "source")}, ${dayAndClock(event.last_seen)}`)),
      ),
    );

  return {
    loading() {
      holder.replaceChildren(el("div", { class: "skeleton", "aria-hidden": "true" }, ...Array.from({ length: 9 }, () => el("span", {}))), el("p", { class: "visually-hidden" }, "Loading the event"));
    },
    show(story, { still = false } = {}) {
      draw(story);
      if (still) return;
      pane.scrollTop = 0;
      holder.querySelector("h1").focus({ preventScroll: true });
    },
    failed(error, id) {
      const known = error.status === 404;
      holder.replaceChildren(
        el(
          "div",
          { class: "state" },
          el("h1", { tabindex: -1 }, known ? "No such event" : "This event cannot be shown now"),
          el("p", {}, known ? ["Nothing is known of ", short(id, 80), ". It may be older than what the desk keeps."] : short(error.message, 200)),
        ),
      );
      holder.querySelector("h1").focus({ preventScroll: true });
    },
    titleOf: (story) => plain(story.summary.deed),
    inUse: () => pane.scrollTop > 4,
  };
}

/** Names with the country that they speak for, where the name alone does not say it. @returns {(name: string) => string} */
function countriesOf(sources) {
  const countries = new Map(sources.flatMap((source) => source.speakers.map((speaker) => [speaker.name, speaker.country])));
  return (name) => {
    const country = countries.get(name);
    return country && !name.includes(country) ? `${name} (${country})` : name;
  };
}

const fact = (name, ...content) => el("div", {}, el("dt", {}, name), el("dd", {}, content));

function section(title, id, ...content) {
  return el("section", { class: id, "aria-labelledby": `${id}-title` }, el("h2", { id: `${id}-title` }, title), content);
}

function changes(rows) {
  return el(
    "table",
    { class: "changes" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "When"), el("th", { scope: "col" }, "What"), el("th", { scope: "col" }, "Why"))),
    el(
      "tbody",
      {},
      rows.map((row) =>
        el("tr", {}, el("td", {}, el("time", { datetime: row.at }, dayAndClock(row.at))), el("td", {}, alertWord(row.what)), el("td", {}, short(withoutLabel(row.what, row.why), 400))),
      ),
    ),
  );
}

function codes(rows) {
  if (!rows.length) return null;
  return el(
    "table",
    { class: "codes" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "PLOVER"), el("th", { scope: "col" }, "CAMEO"), el("th", { scope: "col" }, "Reports"))),
    el("tbody", {}, rows.map((row) => el("tr", {}, el("td", {}, short(row.plover, 60)), el("td", {}, short(row.cameo, 20)), el("td", {}, row.reports)))),
  );
}

/** The record as it travels, made only when somebody opens it. */
function record(story) {
  const text = () => JSON.stringify(story.record, null, 2);
  const block = el("pre", { tabindex: 0, "aria-label": "The record as JSON" });
  const copy = el("button", { type: "button", class: "quiet" }, "Copy");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      copy.textContent = "Copied";
    } catch {
      copy.textContent = "The browser does not let it be copied";
    }
  });
  const details = el(
    "details",
    {},
    el("summary", {}, "The record of events.v1, version ", story.summary.version),
    el("p", {}, copy, " ", outward(new URL(`/api/events/${encodeURIComponent(story.summary.id)}`, location.href).href, "Open as JSON")),
    block,
  );
  details.addEventListener("toggle", () => {
    if (details.open && !block.textContent) block.textContent = plain(text());
  });
  return details;
}
