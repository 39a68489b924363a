/** A sound and a notification of the browser for the watchlists that the reader chose. Off until he switches them on. */
import { byId, el } from "./dom.js";
import { keep, kept } from "./kept.js";
import { plain, short } from "./text.js";
import { alertWord, withoutLabel } from "./words.js";

/** @param {{open: (event: string) => void}} given */
export function createNotifier({ open }) {
  const sound = byId("sound");
  const browser = byId("notifications");
  const lists = byId("watchlists");
  const told = byId("notifications-told");
  let context = null;
  /** Watchlists that are off: a new one is on from the start. */
  let off = new Set(kept("notify.off", []));

  sound.checked = kept("notify.sound", false);
  browser.checked = kept("notify.browser", false) && "Notification" in window && Notification.permission === "granted";

  sound.addEventListener("change", () => {
    keep("notify.sound", sound.checked);
    if (sound.checked) ring();
  });
  browser.addEventListener("change", async () => {
    if (browser.checked && !("Notification" in window)) refuse("This browser has no notifications.");
    else if (browser.checked && (await Notification.requestPermission()) !== "granted") refuse("The browser does not allow notifications for this page.");
    else told.textContent = "";
    keep("notify.browser", browser.checked);
  });
  function refuse(words) {
    browser.checked = false;
    told.textContent = words;
  }

  function ring() {
    context ??= new AudioContext();
    context.resume();
    const start = context.currentTime + 0.02;
    for (const [index, pitch] of [587, 784].entries()) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0, start + index * 0.14);
      volume.gain.linearRampToValueAtTime(0.12, start + index * 0.14 + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, start + index * 0.14 + 0.3);
      tone.connect(volume).connect(context.destination);
      tone.start(start + index * 0.14);
      tone.stop(start + index * 0.14 + 0.32);
    }
  }

  return {
    isOn: () => sound.checked || browser.checked,
    /** @param {string[]} names */
    show(names) {
      lists.replaceChildren(
        ...names.map((name) => {
          const input = el("input", { type: "checkbox", checked: !off.has(name) });
          input.addEventListener("change", () => {
            if (input.checked) off.delete(name);
            else off.add(name);
            keep("notify.off", [...off]);
          });
          return el("li", {}, el("label", {}, input, el("span", {}, name === "all" ? "all alerts" : short(name, 60))));
        }),
      );
    },
    /** @param {any} alert that came just now */
    tell(alert) {
      if (alert.watchlists.every((name) => off.has(name))) return;
      if (sound.checked) ring();
      if (!browser.checked || Notification.permission !== "granted") return;
      try {
        const note = new Notification(`${alertWord(alert.kind)}: ${plain(withoutLabel(alert.kind, alert.headline)).slice(0, 160)}`, { tag: alert.id });
        note.addEventListener("click", () => {
          window.focus();
          open(alert.event);
          note.close();
        });
      } catch {
        // phones want a service worker for it: the list and the sound are left
      }
    },
  };
}
