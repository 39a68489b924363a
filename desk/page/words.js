/** The field's terms as the page has them: one place for every label. */

/** Levels that a deployment reaches, from talk to movement. */
export const LEVEL_NAMES = ["", "talked of", "planned", "decided", "under way"];

const LEVELS = {
  considered: 1, conditional: 1, threatened: 1, proposed: 1, offered: 1, requested: 1, demanded: 1,
  planned: 2, decided: 3, ongoing: 4, occurred: 4,
};

/** 0 for a status that is no step on the way: refused, opposed, suspended, background. */
export const levelOf = (status) => LEVELS[status] ?? 0;

export const STATUS_WORDS = {
  requested: "requested", demanded: "demanded", offered: "offered", proposed: "proposed", considered: "considered",
  planned: "planned", decided: "decided", threatened: "threatened", conditional: "on a condition", ongoing: "going on",
  occurred: "has happened", refused: "refused", opposed: "opposed", suspended: "suspended", background: "background",
};
export const statusWord = (status) => STATUS_WORDS[status] ?? status;

/** The step that a deployment of this status has reached, and the status itself where the step does not say it. @returns {[string, string]} */
export function statusWords(status) {
  const level = levelOf(status);
  const word = statusWord(status);
  const step = level ? LEVEL_NAMES[level] : word;
  return [step, step === word ? "" : word];
}

export const FAMILY_WORDS = { deploy: "Send", withdraw: "Withdraw", mobilise: "Mobilise", remain: "Stay" };
export const ACTS_OF = {
  deploy: ["send", "reinforce", "redeploy", "move"],
  withdraw: ["withdraw"],
  mobilise: ["mobilise"],
  remain: ["remain"],
};

const STANCE_WORDS = {
  affirms: "affirms", reports: "reports", alleges: "alleges", denies: "denies", "knows-nothing": "knows nothing of it",
  doubts: "doubts",
};
export const stanceWord = (stance) => STANCE_WORDS[stance] ?? stance;

/** What a point of the timeline is, and the lane below the axis that it has, if any. */
export const KINDS = {
  claim: { word: "claim", lane: "" },
  denial: { word: "denial", lane: "denied" },
  doubt: { word: "doubt", lane: "doubted" },
  "knows-nothing": { word: "knows nothing of it", lane: "not known" },
  refusal: { word: "refusal", lane: "refused" },
  background: { word: "background", lane: "background" },
  correction: { word: "corrected since", lane: "corrected" },
  withdrawal: { word: "withdrawn since", lane: "withdrawn" },
};

/** The kind of a report, by which it gets its mark. */
export function kindOf(report) {
  if (report.void === "withdrawn") return "withdrawal";
  if (report.void === "corrected") return "correction";
  if (report.stance === "denies") return "denial";
  if (report.stance === "doubts") return "doubt";
  if (report.stance === "knows-nothing") return "knows-nothing";
  if (["refused", "opposed", "suspended"].includes(report.status)) return "refusal";
  return report.status === "background" ? "background" : "claim";
}

export const ALERT_WORDS = {
  new: "New", corroborated: "Second source", contested: "Denied", firmer: "Firmer", changed: "Changed",
  "called-off": "Called off", retracted: "Taken back",
};
export const alertWord = (kind) => ALERT_WORDS[kind] ?? kind;

/** The headline of an alert without the word that its label says already. */
export function withoutLabel(kind, headline) {
  const label = ALERT_WORDS[kind];
  if (!label || kind === "new" || !headline.toLowerCase().startsWith(label.toLowerCase())) return headline;
  const rest = headline.slice(label.length).replace(/^[:\s]+/, "");
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

const REASONS = {
  "same-article": "same article", "origin-text": "same text", agency: "same agency", cited: "cites", family: "same house",
  statement: "same statement", rewrite: "retold",
};
export const reasonWord = (kind) => REASONS[kind] ?? kind;
