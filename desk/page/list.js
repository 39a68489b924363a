/** The list of events: rows by day, more as one scrolls, and one row that the keys stand on. */
import { against } from "./against.js";
import { append, byId, el } from "./dom.js";
import { dots, statusScale } from "./marks.js";
import { counted, plain, short } from "./text.js";
import { clock, dayAndClock, isoDay, longDay } from "./time.js";
import { toldBy } from "./told.js";

const PAGE = 100;
/** Rows that are drawn at once where the reader stands at the top; the others follow when the browser is idle. */
const FIRST = 30;
const LATEST_REST = 250;
const whenIdle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 50));

/** @param {{openAddress: (id: string) => string, more: () => void, unseenOf: (id: string) => number}} given */
export function createList({ openAddress, more, unseenOf }) {
  const holder = byId("rows");
  const pane = byId("events-pane");
  const moreButton = byId("more");
  /** @type {any[]} */
  let events = [];
  let total = 0;
  let order = "latest";
  let selected = null;
  const versions = new Map();

  moreButton.addEventListener("click", more);
  pane.addEventListener("scroll", () => rest?.(), { passive: true });
  new IntersectionObserver(
    (entries) => entries.some((entry) => entry.isIntersecting) && !moreButton.hidden && more(),
    { root: pane, rootMargin: "300px" },
  ).observe(moreButton);
  holder.addEventListener("focusin", (happened) => {
    const row = happened.target.closest(".row");
    if (row) choose(row.dataset.id);
  });

  function newAlerts(id) {
    const unseen = unseenOf(id);
    return unseen > 0 && el("span", { class: "new-alerts" }, `${unseen} new`, el("span", { class: "visually-hidden" }, unseen === 1 ? " alert" : " alerts"));
  }

  function row(event, fresh) {
    const link = el("a", { href: openAddress(event.id), class: "deed" }, short(event.deed, 300));
    const told = toldBy(event);
    return el(
      "li",
      { class: `row${event.state === "retracted" ? " retracted" : ""}${fresh ? " fresh" : ""}`, "data-id": event.id },
      el("div", { class: "row-status" }, statusScale(event.status, event.state)),
      el(
        "div",
        { class: "row-main" },
        el("h3", {}, link),
        el(
          "p",
          { class: "said" },
          told.length
            ? [told, event.state === "retracted" && ", as was reported"]
            : event.state === "retracted"
              ? "the reports have been withdrawn or corrected"
              : "nobody is seen to claim it",
          event.count && !event.deed.includes(event.count) && [el("span", { class: "sep" }, " · "), el("span", { class: "how-many" }, short(event.count, 60))],
        ),
        against(event, 2),
      ),
      el(
        "div",
        { class: "row-sources" },
        el("span", { class: "number" }, event.independent),
        el(
          "span",
          { class: "sources-words" },
          dots(event.independent),
          el("span", { class: "independent" }, event.independent === 1 ? "source" : "sources"),
          event.outlets > 0 && el("span", { class: "outlets" }, counted(event.outlets, "outlet")),
        ),
      ),
      el(
        "div",
        { class: "row-time" },
        el("time", { datetime: event.last_seen }, order === "sources" ? dayAndClock(event.last_seen) : clock(order === "first" ? event.first_seen : event.last_seen)),
        newAlerts(event.id),
      ),
    );
  }

  /** What is still to be drawn of the rows. @type {(() => void)|null} */
  let rest = null;

  function draw(freshIds = new Set()) {
    const focused = holder.contains(document.activeElement);
    holder.replaceChildren();
    const atTop = pane.scrollTop === 0 && !pane.hidden && !focused;
    add(events.slice(0, atTop ? FIRST : events.length), freshIds);
    const left = atTop ? events.slice(FIRST) : [];
    const drawRest = () => {
      if (rest !== drawRest) return;
      rest = null;
      add(left, freshIds);
      foot();
      markSelected();
    };
    rest = left.length ? drawRest : null;
    if (rest) whenIdle(drawRest, { timeout: LATEST_REST });
    foot();
    markSelected();
    if (focused && selected) focusRow(selected, true);
  }

  /** Rows after those that stand there, under their days. */
  function add(some, freshIds) {
    const added = document.createDocumentFragment();
    let rows = /** @type {any} */ (holder.querySelector(":scope > :last-child"));
    rows = rows?.matches(".day") ? rows.querySelector(".rows") : rows;
    for (const event of some) {
      const at = order === "sources" ? "" : order === "first" ? event.first_seen : event.last_seen;
      if (!rows || rows.dataset.day !== isoDay(at)) {
        rows = el("ol", { class: "rows", "data-day": isoDay(at) });
        added.append(order === "sources" ? rows : el("div", { class: "day" }, el("h2", {}, longDay(at)), rows));
      }
      rows.append(row(event, freshIds.has(event.id)));
    }
    holder.append(added);
  }

  function foot() {
    moreButton.hidden = rest !== null || events.length >= total;
    moreButton.textContent = `Show ${Math.min(PAGE, total - events.length)} more of ${counted(total, "event")}`;
  }

  function rowOf(id) {
    if (id === null) return null;
    const found = () => holder.querySelector(`.row[data-id="${CSS.escape(id)}"]`);
    if (!found()) rest?.();
    return found();
  }
  function markSelected() {
    for (const row of holder.querySelectorAll(".row.selected")) row.classList.remove("selected");
    if (selected !== null) holder.querySelector(`.row[data-id="${CSS.escape(selected)}"]`)?.classList.add("selected");
  }
  function choose(id) {
    selected = id;
    markSelected();
  }
  function focusRow(id, still = false) {
    const row = rowOf(id);
    if (!row) return;
    row.querySelector("a").focus({ preventScroll: true });
    if (!still) row.scrollIntoView({ block: "nearest" });
  }

  return {
    page: PAGE,
    /** How many rows are shown. */
    get length() {
      return events.length;
    },
    get selected() {
      return selected;
    },
    /** Show an answer of the API, in place of what is shown or after it. */
    show(answer, { append = false, orderedBy = "latest", live = false } = {}) {
      order = orderedBy;
      total = answer.total;
      const known = new Set(events.map((event) => event.id));
      events = append ? [...events, ...answer.events.filter((event) => !known.has(event.id))] : answer.events;
      const fresh = new Set();
      for (const event of answer.events) {
        if (live && versions.get(event.id) !== event.version) fresh.add(event.id);
        versions.set(event.id, event.version);
      }
      draw(fresh);
    },
    /** What has been seen has changed: each row says anew how many alerts of it are new. */
    tellUnseen() {
      for (const row of holder.querySelectorAll(".row")) {
        const time = row.querySelector(".row-time");
        time.querySelector(".new-alerts")?.remove();
        append(time, [newAlerts(row.dataset.id)]);
      }
    },
    /** Leave undrawn what is not drawn yet: another answer will take its place. */
    dropRest() {
      rest = null;
    },
    clear() {
      events = [];
      rest = null;
      total = 0;
      holder.replaceChildren();
      moreButton.hidden = true;
    },
    /** Go to the next (1) or the previous (-1) row. */
    move(step) {
      if (!events.length) return;
      const now = events.findIndex((event) => event.id === selected);
      const next = now < 0 ? (step > 0 ? 0 : events.length - 1) : Math.max(0, Math.min(events.length - 1, now + step));
      choose(events[next].id);
      focusRow(selected);
      if (next === events.length - 1 && events.length < total) more();
    },
    focus() {
      if (selected && rowOf(selected)) focusRow(selected);
      else if (events.length) this.move(1);
    },
    /** Stand on the row of an event again, if it is in the list. */
    returnTo(id) {
      if (!rowOf(id)) return;
      choose(id);
      focusRow(id);
    },
    /** The ids as they stand in the list, for going from event to event. */
    ids: () => events.map((event) => event.id),
    /** Whether the reader is somewhere in the list, so that it must not move under him. */
    inUse: () => pane.scrollTop > 4 || holder.contains(document.activeElement) || holder.matches(":hover"),
    titleOf: (id) => plain(events.find((event) => event.id === id)?.deed ?? ""),
  };
}
