/** The desk: binds the address, the list, the event page, the map, the alerts and the keys to each other. */
import { ask } from "./api.js";
import { byId, el } from "./dom.js";
import { createEventPage } from "./event.js";
import { cleared, fromAddress, notUnderstood, toAddress, toggled, toQuery, without, withValues } from "./filters.js";
import { keep, kept } from "./kept.js";
import { listenToKeys } from "./keys.js";
import { createList } from "./list.js";
import { createLive } from "./live.js";
import { createMap } from "./map.js";
import { createNotifier } from "./notify.js";
import { createRail } from "./rail.js";
import { createSeen } from "./seen.js";
import { clearState, failedState, leftOut, loadingState, noMatches, nothingYet } from "./states.js";
import { counted } from "./text.js";
import { themeButton } from "./theme.js";
import { createTicker } from "./ticker.js";
import { dateAndClock } from "./time.js";

const WRITING_PAUSE = 30;
const HIGHEST_LIMIT = 500;
const openAddress = (id) => `/events/${encodeURIComponent(id)}`;

const body = document.body;
const search = /** @type {HTMLInputElement} */ (byId("search"));
const order = /** @type {HTMLSelectElement} */ (byId("order"));
const help = /** @type {HTMLDialogElement} */ (byId("help"));
const stale = byId("list-pill");
const eventStale = byId("event-pill");

let filters = fromAddress(location.search);
/** @type {string|null} id of the event that is open */
let open = null;
let openVersion = 0;
let scrolled = 0;
/** @type {AbortController|null} */
let asking = null;
let askingMore = false;
let lost = false;
let nothing = false;

const seen = createSeen();
const rail = createRail({ change });
const map = createMap({
  choose: (key, code) => {
    change(toggled(filters, key, code));
    showTab("events");
  },
  nameOf: (key, code) => rail.labelOf(key, code),
});
const ticker = createTicker({
  seen, openAddress,
  changed: () => {
    tellTitle();
    list?.tellUnseen();
  },
  older: (cursor) => ask(`/api/alerts?limit=100&before=${encodeURIComponent(cursor)}`),
});
const list = createList({ openAddress, more, unseenOf: ticker.unseenOf });
const page = createEventPage({ openAddress, back });
const notifier = createNotifier({ open: (id) => goTo(openAddress(id)) });

// --- the address -----------------------------------------------------------------------------------------------

function eventInAddress() {
  const found = /^\/events\/([^/]+)$/.exec(location.pathname);
  if (!found) return null;
  try {
    return decodeURIComponent(found[1]);
  } catch {
    return found[1];
  }
}

function goTo(address, { replace = false } = {}) {
  if (replace) history.replaceState(history.state, "", address);
  else history.pushState({ inside: true }, "", address);
  follow();
}

/** Show what the address says. */
function follow() {
  const id = eventInAddress();
  if (id !== null) {
    showEvent(id);
    return;
  }
  const wanted = fromAddress(location.search);
  leftOut(notUnderstood(location.search));
  const other = toAddress(wanted) !== toAddress(filters);
  const wasOpen = open;
  open = null;
  map.emphasise(null);
  body.dataset.page = "list";
  byId("event-pane").hidden = true;
  byId("events-pane").hidden = false;
  byId("events-pane").scrollTop = scrolled;
  if (other) {
    filters = wanted;
    tellFilters();
    reload();
  } else if (wasOpen) {
    list.returnTo(wasOpen);
    map.redraw();
  }
  tellTitle();
}

function back() {
  if (open !== null && history.state?.inside) history.back();
  else goTo(`/${toAddress(filters)}`);
}

function change(changed, { replace = false } = {}) {
  filters = changed;
  leftOut([]);
  if (replace) history.replaceState(history.state, "", `/${toAddress(filters)}`);
  else history.pushState({ inside: true }, "", `/${toAddress(filters)}`);
  if (open !== null) {
    open = null;
    body.dataset.page = "list";
    byId("event-pane").hidden = true;
    byId("events-pane").hidden = false;
  }
  tellFilters();
  reload();
}

function tellFilters() {
  if (document.activeElement !== search) search.value = (filters.q ?? [""])[0];
  order.value = (filters.order ?? ["latest"])[0];
  rail.show(filters);
}

// --- the list --------------------------------------------------------------------------------------------------

/** The answer that is shown, or is to be. */
let latest = null;
async function reload({ live = false } = {}) {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  if (!live) {
    // What was still to be drawn of the last answer would only keep the reader waiting for the next one.
    latest = null;
    list.dropRest();
  }
  const limit = live ? Math.min(HIGHEST_LIMIT, Math.max(list.page, list.length)) : list.page;
  stale.hidden = true;
  try {
    const answer = await ask(`/api/events?${toQuery(filters, { limit })}`, { signal });
    lost = false;
    if (!live && open === null) byId("events-pane").scrollTop = 0;
    show(answer, { live });
    nothing = answer.total === 0;
    if (nothing) await explainNothing(signal);
    else clearState();
  } catch (error) {
    if (error.name === "AbortError") return;
    if (error.status === 400 && filters[error.field]) {
      leaveOut(error.field);
      return;
    }
    if (error.status === 0 || error.status >= 500) lost = true;
    if (live && list.length) return;
    nothing = false;
    list.clear();
    byId("count").textContent = "";
    failedState(error, () => (lost ? reload() : change({})));
  }
}

/** Go on without a filter that the server does not understand, and say so. @param {string} field */
function leaveOut(field) {
  const parts = [...notUnderstood(location.search), ...filters[field].map((value) => `${field}=${value}`)];
  filters = withValues(filters, field, []);
  tellFilters();
  leftOut(parts);
  reload();
}

/** The list first, and what stands beside it in the next frame: the reader waits for the list. */
function show(answer, { live }) {
  latest = answer;
  requestAnimationFrame(() =>
    setTimeout(() => {
      if (latest !== answer) return;
      rail.show(filters, answer.facets);
      map.show(answer.map, answer.events, filters, answer.map_left_out);
    }),
  );
  list.show(answer, { orderedBy: (filters.order ?? ["latest"])[0], live });
  for (const event of answer.events) rail.learn("mover", event.mover.code, event.mover.name);
  byId("count").textContent = rail.chips().length ? `${counted(answer.total, "event")} match${answer.total === 1 ? "es" : ""}` : counted(answer.total, "event");
  byId("as-of").textContent = answer.as_of ? `as of ${dateAndClock(answer.as_of)} UTC` : "";
}

async function explainNothing(signal) {
  const on = rail.chips();
  if (!on.length) {
    nothingYet();
    return;
  }
  const drop = (chip) => change(without(filters, chip.key, chip.value));
  const clearAll = () => change(cleared(filters));
  const ways = on.slice(0, 8).map((chip) => ({ chip, total: null }));
  noMatches(ways, drop, clearAll);
  await Promise.all(
    ways.map(async (way) => {
      const query = toQuery(without(filters, way.chip.key, way.chip.value), { limit: 1 });
      way.total = (await ask(`/api/events?${query}`, { signal })).total;
    }),
  );
  noMatches(ways, drop, clearAll);
}

async function more() {
  if (askingMore) return;
  askingMore = true;
  const asked = asking;
  try {
    const answer = await ask(`/api/events?${toQuery(filters, { limit: list.page, offset: list.length })}`);
    if (asked === asking) list.show(answer, { append: true, orderedBy: (filters.order ?? ["latest"])[0] });
  } catch {
    // the button stays, and says what it does
  } finally {
    askingMore = false;
  }
}

stale.addEventListener("click", () => {
  byId("events-pane").scrollTop = 0;
  reload({ live: true });
});

// --- one event -------------------------------------------------------------------------------------------------

async function showEvent(id, { still = false } = {}) {
  if (!still) {
    if (open === null) scrolled = byId("events-pane").scrollTop;
    open = id;
    body.dataset.page = "event";
    showTab("events");
    byId("events-pane").hidden = true;
    byId("event-pane").hidden = false;
    page.loading();
    ticker.markEvent(id);
  }
  eventStale.hidden = true;
  try {
    const story = await ask(`/api/events/${encodeURIComponent(id)}`);
    if (open !== id) return;
    openVersion = story.summary.version;
    page.show(story, { still });
    map.emphasise(story.summary);
    byId("event-id").textContent = story.summary.id;
    document.title = titled(page.titleOf(story));
  } catch (error) {
    if (open === id && !still) page.failed(error, id);
  }
}

async function refreshEvent() {
  const id = open;
  if (id === null) return;
  try {
    const story = await ask(`/api/events/${encodeURIComponent(id)}`);
    if (open !== id || story.summary.version === openVersion) return;
    if (page.inUse()) eventStale.hidden = false;
    else {
      openVersion = story.summary.version;
      page.show(story, { still: true });
    }
  } catch {
    // the next news asks again
  }
}

eventStale.addEventListener("click", () => open !== null && showEvent(open));

// --- what comes ------------------------------------------------------------------------------------------------

function changed(news) {
  if (open !== null) {
    refreshEvent();
    reload({ live: true });
  } else if (list.inUse()) {
    stale.hidden = false;
    stale.textContent = news?.changed ? `${counted(news.changed, "event")} changed: show` : "The list may be old: show";
  } else {
    reload({ live: true });
  }
}

const live = createLive({
  alert: (alert) => {
    if (ticker.add(alert)) notifier.tell(alert);
    for (const name of alert.watchlists) if (!watchlists.includes(name)) learnWatchlists([...watchlists, name]);
  },
  events: changed,
  state: (state) => {
    const line = byId("live");
    line.dataset.state = state.kind;
    byId("live-words").textContent = state.words;
    byId("live-more").textContent = state.more ?? "";
    body.classList.toggle("lost", state.kind === "lost");
  },
  back: () => {
    if (lost) reload();
    else changed(null);
    if (!alertsKnown) loadAlerts();
  },
  wanted: notifier.isOn,
  caughtUp: () => {
    changed(null);
    loadAlerts();
  },
});

/** What the severities of alerts mean, in the help. @param {Record<string, string>} meanings */
function explain(meanings) {
  const lines = Object.entries(meanings).map(([name, meaning]) => el("div", {}, el("dt", {}, name), el("dd", {}, meaning)));
  byId("severity-list").replaceChildren(...lines);
  byId("severities").hidden = !lines.length;
}

let alertsKnown = false;
/** The newest alerts; answers with the position in the stream behind them, or null if it does not know. */
async function loadAlerts() {
  try {
    const answer = await ask("/api/alerts?limit=100");
    alertsKnown = true;
    seen.begin(answer.alerts);
    ticker.show(answer);
    learnWatchlists(answer.watchlists);
    explain(answer.severities);
    return answer.stream_id;
  } catch {
    return null;
  }
}

let watchlists = [];
function learnWatchlists(names) {
  watchlists = names;
  notifier.show(names);
}

// --- the frame -------------------------------------------------------------------------------------------------

function titled(words) {
  const unseen = ticker.unseenCount();
  return `${unseen ? `(${unseen}) ` : ""}${words ? `${words} · ` : ""}Muster desk`;
}
function tellTitle() {
  if (open === null) document.title = titled("");
  else document.title = document.title.replace(/^(\(\d+\) )?/, ticker.unseenCount() ? `(${ticker.unseenCount()}) ` : "");
}

function showTab(name) {
  body.dataset.tab = name;
  for (const tab of document.querySelectorAll("#tabs button")) tab.setAttribute("aria-pressed", String(tab.dataset.tab === name));
  if (name === "map") map.redraw();
}

function showRail(shown, { remember = true } = {}) {
  const narrow = matchMedia("(max-width: 1179px)").matches;
  body.classList.toggle(narrow ? "rail-over" : "rail-hidden", narrow ? shown : !shown);
  tellFiltersButton(shown);
  if (remember && !narrow) keep("rail", shown);
}
/** The button says what a click does. */
function tellFiltersButton(shown) {
  byId("filters-button").setAttribute("aria-expanded", String(shown));
  byId("filters-word").textContent = shown ? "Hide filters" : "Filters";
}
const railShown = () => (matchMedia("(max-width: 1179px)").matches ? body.classList.contains("rail-over") : !body.classList.contains("rail-hidden"));
function focusFilters() {
  byId("facets").querySelector("input")?.focus();
}

let pause = null;
search.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => {
    const had = Boolean(filters.q);
    change(withValues(filters, "q", [search.value.trim()]), { replace: had && open === null });
  }, WRITING_PAUSE);
});
byId("search-form").addEventListener("submit", (happened) => {
  happened.preventDefault();
  list.focus();
});
order.addEventListener("change", () => change(withValues(filters, "order", [order.value === "latest" ? "" : order.value])));
byId("filters-button").addEventListener("click", () => {
  showRail(!railShown());
  if (railShown()) focusFilters();
});
byId("rail-close").addEventListener("click", () => {
  showRail(false);
  byId("filters-button").focus();
});
byId("help-button").addEventListener("click", () => help.showModal());
byId("help-close").addEventListener("click", () => help.close());
themeButton(byId("theme"));
for (const tab of document.querySelectorAll("#tabs button")) {
  tab.addEventListener("click", () => {
    if (tab.dataset.tab === "events" && body.dataset.tab === "events" && open !== null) back();
    showTab(tab.dataset.tab);
  });
}
document.addEventListener("click", (happened) => {
  if (happened.defaultPrevented || happened.button !== 0 || happened.ctrlKey || happened.metaKey || happened.shiftKey || happened.altKey) return;
  const link = happened.target.closest?.("a[href]");
  if (link) {
    const address = link.getAttribute("href");
    if (!address.startsWith("/events/") && address !== "/") return;
    happened.preventDefault();
    if (eventInAddress() !== null && location.pathname === address) return;
    goTo(address);
    return;
  }
  // The whole row opens its event, unless the reader selects words in it.
  const row = happened.target.closest?.(".row");
  if (row && !String(getSelection())) goTo(openAddress(row.dataset.id));
});
addEventListener("popstate", follow);

const inAlerts = () => byId("alerts-scroll").contains(document.activeElement);
function step(by) {
  if (inAlerts()) ticker.move(by);
  else if (open === null) list.move(by);
  else {
    const ids = list.ids();
    const next = ids[ids.indexOf(open) + by];
    if (next) goTo(openAddress(next), { replace: true });
  }
}
listenToKeys({
  j: () => step(1),
  k: () => step(-1),
  Enter: () => {
    if (document.activeElement !== body || open !== null || !list.selected) return true;
    goTo(openAddress(list.selected));
    return false;
  },
  Escape: () => {
    if (document.activeElement === search) {
      list.focus();
      if (document.activeElement === search) search.blur();
    } else if (body.classList.contains("rail-over")) {
      showRail(false);
      byId("filters-button").focus();
    } else if (open !== null) back();
    else if (document.activeElement !== body) document.activeElement.blur();
  },
  "/": () => {
    showTab("events");
    search.focus();
    search.select();
  },
  f: () => {
    if (open !== null) back();
    const wasIn = byId("rail").contains(document.activeElement);
    showTab("events");
    showRail(!(railShown() && wasIn));
    if (railShown()) focusFilters();
    else list.focus();
  },
  s: () => {
    if (inAlerts() && ticker.markFocused()) return;
    const event = open ?? list.selected;
    if (event !== null) ticker.markEvent(event);
  },
  a: () => {
    showTab("alerts");
    byId("alerts").querySelector("a")?.focus();
  },
  m: () => {
    showTab("map");
    map.focus();
  },
  "?": () => help.showModal(),
});

async function begin() {
  showTab("events");
  tellFiltersButton(railShown());
  matchMedia("(max-width: 1179px)").addEventListener("change", () => tellFiltersButton(railShown()));
  if (!kept("rail", true)) showRail(false, { remember: false });
  tellFilters();
  loadingState();
  const id = eventInAddress();
  if (id !== null) showEvent(id);
  leftOut(notUnderstood(location.search));
  const listed = reload();
  live.start(await loadAlerts());
  await listed;
  rail.learnCountries(await map.load());
  if (nothing) await explainNothing(asking?.signal).catch(() => {});
}

begin();
