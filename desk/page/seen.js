/**
 * Which alerts the reader has seen. All that reached the desk before `before` are seen, and single ones after it by id,
 * so that what is kept stays small. At the first visit nothing is new: what came before it is the past.
 */
import { keep, kept } from "./kept.js";

const MOST = 2000;

export function createSeen() {
  let before = kept("seen.before", null);
  let ids = new Set(kept("seen.ids", []));
  /** Those that came late, with a time before the line. */
  let late = new Set(kept("seen.late", []));

  const save = () => {
    keep("seen.before", before);
    keep("seen.ids", [...ids]);
    keep("seen.late", [...late]);
  };
  return {
    /** Of the alerts that are there at the first visit all are seen. @param {any[]} alerts newest first */
    begin(alerts) {
      if (before !== null) return;
      before = alerts.reduce((latest, alert) => (alert.raised > latest ? alert.raised : latest), "");
      for (const alert of alerts) if (alert.raised === before) ids.add(alert.id);
      save();
    },
    has: (alert) => ids.has(alert.id) || (before !== null && alert.raised < before && !late.has(alert.id)),
    /** An alert has come just now: it is new, whatever its time. */
    came(alert) {
      if (before === null || alert.raised >= before || ids.has(alert.id)) return;
      late = new Set([...late, alert.id].slice(-MOST));
      save();
    },
    /** @param {any[]} alerts */
    add(alerts) {
      for (const alert of alerts) ids.add(alert.id);
      ids = new Set([...ids].slice(-MOST));
      save();
    },
  };
}
