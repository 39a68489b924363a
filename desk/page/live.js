/**
 * The stream of alerts, and whether the desk is there. The browser resumes a stream that breaks by itself; one that is
 * refused, or silent while the desk answers again, is opened anew from the last position.
 */
import { health } from "./api.js";
import { clock } from "./time.js";

const ASK_EVERY = 15000;
const LONGEST_WAIT = 30000;
/**
 * A browser opens six connections to one server, and each stream holds one. So where many pages of the desk are open, those
 * that nobody sees give theirs back until they are seen.
 */
const MOST_PAGES = 4;
const PAGES = "muster-desk-page";
const HIDDEN_PAUSE = 1500;

/**
 * @param {{alert: (alert: any) => void, events: (news: any) => void, state: (state: {kind: string, words: string, more?: string, heard: string|null}) => void,
 *   back: () => void, caughtUp: () => void, wanted: () => boolean}} given `back`: a lost stream is there again; `caughtUp`: the desk itself was behind;
 * `wanted`: alerts are to be told even where nobody looks
 */
export function createLive(given) {
  let stream = null;
  let position = null;
  let heard = null;
  let connected = false;
  let wasLost = false;
  let attempts = 0;
  let timer = null;
  let trouble = null;
  let checked = Date.now();
  let paused = false;

  function hear() {
    heard = new Date().toISOString();
  }

  function tell() {
    const last = heard ? `last heard ${clock(heard)}` : "not heard yet";
    if (!connected) {
      const first = heard === null && attempts < 2;
      given.state(first ? { kind: "starting", words: "Connecting", heard } : { kind: "lost", words: "Disconnected", more: `, ${last} UTC, trying again`, heard });
    } else if (trouble) {
      given.state({ ...trouble, heard });
    } else {
      given.state({ kind: "live", words: "Live", more: `, ${last} UTC`, heard });
    }
  }

  function open() {
    clearTimeout(timer);
    paused = false;
    stream?.close();
    const resume = position === null ? "" : `?last_event_id=${encodeURIComponent(position)}`;
    const source = new EventSource(`/api/alerts/stream${resume}`);
    stream = source;
    source.addEventListener("open", () => {
      hear();
      attempts = 0;
      connected = true;
      tell();
      if (wasLost) given.back();
      wasLost = false;
    });
    source.addEventListener("alert", (message) => {
      hear();
      if (message.lastEventId) position = message.lastEventId;
      const alert = parsed(message.data);
      if (alert) given.alert(alert);
      tell();
    });
    source.addEventListener("events", (message) => {
      hear();
      const news = parsed(message.data);
      if (news) given.events(news);
      tell();
    });
    source.addEventListener("error", () => {
      if (source !== stream) return;
      connected = false;
      wasLost = true;
      attempts += 1;
      tell();
      if (source.readyState === EventSource.CLOSED) again();
    });
  }

  function again() {
    clearTimeout(timer);
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(attempts, 5)) * (0.75 + Math.random() / 2);
    timer = setTimeout(open, wait);
  }

  /** A stream tells nothing of a machine that has gone: so the desk is asked now and then. */
  async function check() {
    if (paused) return;
    const slept = Date.now() - checked > 3 * ASK_EVERY;
    checked = Date.now();
    try {
      const state = await health();
      hear();
      const before = trouble;
      trouble = troubleOf(state);
      // A machine that slept may hold a stream that nobody writes to any more.
      if (slept || (!connected && stream.readyState === EventSource.CLOSED)) open();
      if (before !== null && trouble === null) given.caughtUp();
    } catch {
      connected = false;
      wasLost = true;
      attempts += 1;
      stream.close();
      again();
    }
    tell();
  }

  /** Let go of the stream, if nobody looks and others want a connection. */
  async function rest() {
    if (document.visibilityState === "visible" || given.wanted() || !navigator.locks) return;
    const { held } = await navigator.locks.query();
    if (held.filter((lock) => lock.name === PAGES).length <= MOST_PAGES || document.visibilityState === "visible") return;
    paused = true;
    connected = false;
    wasLost = true;
    clearTimeout(timer);
    stream.close();
  }

  return {
    /** @param {string|null} from position of the newest alert that is known */
    start(from) {
      position = from;
      tell();
      open();
      setInterval(check, ASK_EVERY);
      addEventListener("online", open);
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") {
          if (paused) open();
          check();
        } else setTimeout(rest, HIDDEN_PAUSE);
      });
      navigator.locks?.request(PAGES, { mode: "shared" }, () => new Promise(() => {}));
      check();
    },
  };
}

function troubleOf(state) {
  if (state.status === "catching-up") {
    const share = state.of ? ` (${Math.floor((100 * state.read) / state.of)}%)` : "";
    return { kind: "stale", words: `The desk is still reading what there is${share}` };
  }
  if (state.status === "disconnected") return { kind: "stale", words: "Kafka is away: what is shown may be old" };
  return null;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
