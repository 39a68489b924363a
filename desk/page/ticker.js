/**
 * The alerts, newest first. What comes while the reader is further down waits behind a button. Alerts of one event that one
 * report made due, in the same words ("Second source", "Firmer"), are one entry with several kinds.
 */
import { byId, el } from "./dom.js";
import { mark } from "./marks.js";
import { plain, short } from "./text.js";
import { dateAndClock, dayAndClock, raisedApart } from "./time.js";
import { alertWord, withoutLabel } from "./words.js";

const MOST = 1000;
const MARKS = { contested: "denial", retracted: "withdrawal", "called-off": "refusal" };

/** Alerts with the same one are one entry. */
const keys = new WeakMap();
function keyOf(alert) {
  if (!keys.has(alert)) keys.set(alert, JSON.stringify([alert.event, alert.published, withoutLabel(alert.kind, alert.headline)]));
  return keys.get(alert);
}

/** Alerts by entry, in the order of the first of each. @returns {Map<string, any[]>} */
function entriesOf(alerts) {
  const entries = new Map();
  for (const alert of alerts) {
    const key = keyOf(alert);
    if (entries.has(key)) entries.get(key).push(alert);
    else entries.set(key, [alert]);
  }
  return entries;
}

/** @param {{seen: any, openAddress: (id: string) => string, older: (cursor: string) => Promise<any>, changed: () => void}} given */
export function createTicker({ seen, openAddress, older, changed }) {
  const list = byId("alerts");
  const scroller = byId("alerts-scroll");
  const pill = byId("alerts-pill");
  const more = byId("alerts-more");
  const all = byId("all-seen");
  const spoken = byId("spoken");
  /** @type {any[]} */
  let alerts = [];
  /** @type {any[]} */
  let waiting = [];
  let cursor = null;
  /** How many entries of each event have not been seen. @type {Map<string, number>} */
  let unseen = new Map();
  let total = 0;

  pill.addEventListener("click", () => {
    scroller.scrollTop = 0;
    release();
    list.querySelector("a")?.focus({ preventScroll: true });
  });
  scroller.addEventListener("scroll", () => scroller.scrollTop <= 4 && waiting.length && release());
  all.addEventListener("click", () => markSeen([...waiting, ...alerts]));
  more.addEventListener("click", async () => {
    more.disabled = true;
    try {
      const answer = await older(cursor);
      cursor = answer.next;
      const known = new Set(alerts.map((alert) => alert.id));
      const added = answer.alerts.filter((alert) => !known.has(alert.id));
      alerts.push(...added);
      const entries = entriesOf(alerts);
      for (const key of entriesOf(added).keys()) {
        const drawn = item(key, entries.get(key));
        const there = rowOf(key);
        if (there) there.replaceWith(drawn);
        else list.append(drawn);
      }
    } catch {
      // the button stays, and says what it does
    } finally {
      more.disabled = false;
      more.hidden = cursor === null;
      count();
    }
  });

  const rowOf = (key) => [...list.children].find((row) => row.dataset.key === key);

  /** @param {string} key @param {any[]} same alerts of one entry, the newest first */
  function item(key, same, fresh = false) {
    const [alert] = same;
    const isNew = same.some((one) => !seen.has(one));
    const lists = [...new Set(same.flatMap((one) => one.watchlists))].filter((name) => name !== "all");
    const kinds = [...new Set(same.map((one) => one.kind))].reverse();
    const raised = raisedApart(alert.raised, alert.published);
    const marked = kinds.find((kind) => MARKS[kind]);
    const severity = ["critical", "normal", "low"].find((grade) => same.some((one) => one.severity === grade));
    return el(
      "li",
      { class: `alert ${kinds.map((kind) => `kind-${kind}`).join(" ")}${isNew ? " unseen-alert" : ""}${fresh ? " fresh" : ""}`, "data-id": alert.id, "data-key": key },
      el(
        "div",
        { class: "alert-label" },
        marked && mark(MARKS[marked]),
        el("span", { class: "alert-kind" }, kinds.map(alertWord).join(", ")),
        severity === "critical" && el("span", { class: "severity" }, "critical"),
        severity === "low" && el("span", { class: "severity low" }, "low"),
        el("time", { datetime: alert.published, title: `published ${dateAndClock(alert.published)}, raised ${dateAndClock(alert.raised)}` }, dayAndClock(alert.published)),
      ),
      el("a", { href: openAddress(alert.event), on: { click: () => markSeen(same) } }, short(withoutLabel(alert.kind, alert.headline), 320)),
      (isNew || lists.length > 0 || raised) && el(
        "div",
        { class: "alert-foot" },
        el("span", {}, raised && `raised ${raised}`, raised && lists.length > 0 && " · ", short(lists.join(", "), 80)),
        isNew && el("button", { type: "button", class: "quiet", "aria-label": plain(`Mark as seen: ${alert.headline.slice(0, 120)}`), on: { click: () => markSeen(same) } }, "Mark as seen"),
      ),
    );
  }

  function draw() {
    list.replaceChildren(...[...entriesOf(alerts)].map(([key, same]) => item(key, same)));
    byId("no-alerts").hidden = alerts.length > 0;
    more.hidden = cursor === null;
    count();
  }
  function count() {
    const fresh = entriesOf([...waiting, ...alerts].filter((alert) => !seen.has(alert)));
    unseen = new Map();
    for (const [alert] of fresh.values()) unseen.set(alert.event, (unseen.get(alert.event) ?? 0) + 1);
    total = fresh.size;
    all.hidden = total === 0;
    byId("unseen-count").textContent = total ? `${total} new` : "";
    byId("tab-unseen").textContent = total ? String(total) : "";
    pill.hidden = waiting.length === 0;
    pill.textContent = `${entriesOf(waiting).size} new`;
    changed();
  }
  function release() {
    const known = new Set(waiting.map((alert) => alert.id));
    alerts = [...waiting, ...alerts.filter((alert) => !known.has(alert.id))].slice(0, MOST);
    const entries = entriesOf(alerts);
    const come = [...entriesOf(waiting).keys()];
    for (const key of come) rowOf(key)?.remove();
    list.prepend(...come.map((key) => item(key, entries.get(key), true)));
    while (list.children.length > MOST) list.lastElementChild.remove();
    waiting = [];
    byId("no-alerts").hidden = alerts.length > 0;
    count();
  }

  function markSeen(some) {
    seen.add(some);
    const entries = entriesOf(alerts);
    for (const key of entriesOf(some).keys()) {
      const row = rowOf(key);
      if (!row?.classList.contains("unseen-alert")) continue;
      const inside = row.contains(document.activeElement) && document.activeElement.tagName === "BUTTON";
      const drawn = item(key, entries.get(key));
      row.replaceWith(drawn);
      if (inside) drawn.querySelector("a").focus({ preventScroll: true });
    }
    count();
  }

  return {
    /** @param {{alerts: any[], next: string|null}} answer */
    show(answer) {
      alerts = answer.alerts;
      cursor = answer.next;
      waiting = [];
      draw();
    },
    /** @param {any} alert that came just now; false if it is known already */
    add(alert) {
      if (waiting.some((one) => one.id === alert.id) || alerts.some((one) => one.id === alert.id)) return false;
      seen.came(alert);
      waiting.unshift(alert);
      if (waiting.length > MOST) waiting.length = MOST;
      spoken.textContent = plain(`${alertWord(alert.kind)}: ${withoutLabel(alert.kind, alert.headline).slice(0, 200)}`);
      if (scroller.scrollTop <= 4 && !list.contains(document.activeElement)) release();
      else count();
      return true;
    },
    unseenCount: () => total,
    unseenOf: (event) => unseen.get(event) ?? 0,
    markEvent: (event) => markSeen([...waiting, ...alerts].filter((alert) => alert.event === event)),
    /** The entry that the focus is in, by which the key for "seen" knows what is meant. */
    markFocused() {
      const row = document.activeElement?.closest(".alert");
      const same = row ? alerts.filter((one) => keyOf(one) === row.dataset.key) : [];
      if (same.length) markSeen(same);
      return same.length > 0;
    },
    move(step) {
      const links = [...list.querySelectorAll(".alert > a")];
      const now = links.findIndex((link) => link.closest(".alert").contains(document.activeElement));
      links[Math.max(0, Math.min(links.length - 1, now + step))]?.focus();
    },
  };
}
