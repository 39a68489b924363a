/** The alerts, newest first. What comes while the reader is further down waits behind a button. */
import { byId, el } from "./dom.js";
import { mark } from "./marks.js";
import { plain, short } from "./text.js";
import { dateAndClock, dayAndClock } from "./time.js";
import { alertWord, withoutLabel } from "./words.js";

const MOST = 1000;
const MARKS = { contested: "denial", retracted: "withdrawal", "called-off": "refusal" };

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
  /** How many alerts of each event have not been seen. @type {Map<string, number>} */
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
      list.append(...added.map((alert) => item(alert)));
    } catch {
      // the button stays, and says what it does
    } finally {
      more.disabled = false;
      more.hidden = cursor === null;
      count();
    }
  });

  function item(alert, fresh = false) {
    const isNew = !seen.has(alert);
    const lists = alert.watchlists.filter((name) => name !== "all");
    return el(
      "li",
      { class: `alert kind-${alert.kind}${isNew ? " unseen-alert" : ""}${fresh ? " fresh" : ""}`, "data-id": alert.id },
      el(
        "div",
        { class: "alert-label" },
        MARKS[alert.kind] && mark(MARKS[alert.kind]),
        el("span", { class: "alert-kind" }, alertWord(alert.kind)),
        alert.severity === "critical" && el("span", { class: "severity" }, "critical"),
        alert.severity === "low" && el("span", { class: "severity low" }, "low"),
        el("time", { datetime: alert.published, title: dateAndClock(alert.published) }, dayAndClock(alert.published)),
      ),
      el("a", { href: openAddress(alert.event), on: { click: () => markSeen([alert]) } }, short(withoutLabel(alert.kind, alert.headline), 320)),
      (isNew || lists.length > 0) && el(
        "div",
        { class: "alert-foot" },
        el("span", {}, short(lists.join(", "), 80)),
        isNew && el("button", { type: "button", class: "quiet", "aria-label": plain(`Mark as seen: ${alert.headline.slice(0, 120)}`), on: { click: () => markSeen([alert]) } }, "Mark as seen"),
      ),
    );
  }

  function draw() {
    list.replaceChildren(...alerts.map((alert) => item(alert)));
    byId("no-alerts").hidden = alerts.length > 0;
    more.hidden = cursor === null;
    count();
  }
  function count() {
    const fresh = [...waiting, ...alerts].filter((alert) => !seen.has(alert));
    unseen = new Map();
    for (const alert of fresh) unseen.set(alert.event, (unseen.get(alert.event) ?? 0) + 1);
    total = fresh.length;
    all.hidden = total === 0;
    byId("unseen-count").textContent = total ? `${total} new` : "";
    byId("tab-unseen").textContent = total ? String(total) : "";
    pill.hidden = waiting.length === 0;
    pill.textContent = `${waiting.length} new`;
    changed();
  }
  function release() {
    const known = new Set(waiting.map((alert) => alert.id));
    alerts = [...waiting, ...alerts.filter((alert) => !known.has(alert.id))].slice(0, MOST);
    for (const old of [...list.children]) if (known.has(old.dataset.id)) old.remove();
    list.prepend(...waiting.map((alert) => item(alert, true)));
    while (list.children.length > MOST) list.lastElementChild.remove();
    waiting = [];
    byId("no-alerts").hidden = alerts.length > 0;
    count();
  }

  function markSeen(some) {
    seen.add(some);
    for (const alert of some) {
      const row = list.querySelector(`[data-id="${CSS.escape(alert.id)}"]`);
      if (!row?.classList.contains("unseen-alert")) continue;
      const inside = row.contains(document.activeElement) && document.activeElement.tagName === "BUTTON";
      const drawn = item(alert);
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
    /** The alert that the focus is in, by which the key for "seen" knows what is meant. */
    markFocused() {
      const row = document.activeElement?.closest(".alert");
      const alert = row && alerts.find((one) => one.id === row.dataset.id);
      if (alert) markSeen([alert]);
      return Boolean(alert);
    },
    move(step) {
      const links = [...list.querySelectorAll(".alert > a")];
      const now = links.findIndex((link) => link.closest(".alert").contains(document.activeElement));
      links[Math.max(0, Math.min(links.length - 1, now + step))]?.focus();
    },
  };
}
