/** Every report of an event: who says it, and its sentence in the text around it. */
import { el } from "./dom.js";
import { mark, steps } from "./marks.js";
import { bounded, counted, outward, safeAddress, short } from "./text.js";
import { dateAndClock, dayAndClock } from "./time.js";
import { KINDS, kindOf, stanceWord, statusWord } from "./words.js";

const FIRST = 20;

/** @param {any[]} reports @param {Map<string, string>} sourceTitles */
export function reportList(reports, sourceTitles) {
  const list = el("ol", { class: "reports" }, reports.slice(0, FIRST).map((report) => reportItem(report, sourceTitles)));
  if (reports.length <= FIRST) return list;
  const more = el("button", { type: "button", class: "wide-button" }, `Show the other ${counted(reports.length - FIRST, "report")}`);
  const showAll = () => {
    list.append(...reports.slice(FIRST).map((report) => reportItem(report, sourceTitles)));
    more.remove();
  };
  more.addEventListener("click", showAll);
  const holder = el("div", {}, list, more);
  holder.addEventListener("show-all", showAll, { once: true });
  return holder;
}

function reportItem(report, sourceTitles) {
  const kind = kindOf(report);
  const claims = !["denial", "doubt", "knows-nothing"].includes(kind);
  const speaker = report.speaker;
  const name = speaker && (report.called || speaker.name || speaker.text || speaker.role);
  const about = speaker && speaker.name ? [speaker.role, speaker.organisation].filter((words) => words && words !== name).join(", ") : "";
  const before = report.before ? [/^[\p{Lu}\p{N}“"'‘(]/u.test(report.before) ? "" : "… ", bounded(report.before, 400), " "] : [];
  const after = report.after ? [" ", bounded(report.after, 400), /[.!?”"'’)]\s*$/.test(report.after) ? "" : " …"] : [];
  return el(
    "li",
    { id: `report-${report.id}`, class: `report kind-${kind}`, tabindex: -1 },
    el(
      "div",
      { class: "report-who" },
      el("p", { class: "report-stance" }, mark(kind), el("span", {}, kind === "claim" ? stanceWord(report.stance) : KINDS[kind].word)),
      el(
        "p",
        { class: "report-speaker" },
        name ? [short(name, 120), about && el("span", { class: "quiet-words" }, ", ", short(about, 120)), speaker.anonymous && el("span", { class: "quiet-words" }, " (not named)")] : el("span", { class: "quiet-words" }, "in the outlet’s own voice"),
      ),
      claims && el("p", { class: "report-status" }, steps(report.status), statusWord(report.status)),
    ),
    el(
      "div",
      { class: "report-words" },
      el(
        "p",
        { class: "report-head" },
        el("span", { class: "outlet-name" }, short(report.outlet_name, 80)),
        el("time", { datetime: report.published }, dateAndClock(report.published)),
        safeAddress(report.url) ? outward(report.url, short(report.title || report.url, 140)) : el("span", {}, short(report.title, 140)),
      ),
      el("blockquote", {}, el("span", { class: "context" }, before), el("mark", {}, bounded(report.evidence, 1200)), el("span", { class: "context" }, after)),
      el("dl", { class: "report-facts" }, facts(report, sourceTitles)),
    ),
  );
}

function facts(report, sourceTitles) {
  const chain = (report.chain ?? []).filter((link) => link.who).map((link) => link.who);
  const rows = [
    ["status spoken of", ["denies", "doubts", "knows-nothing"].includes(report.stance) ? statusWord(report.status) : null],
    ["how many", report.count], ["where", report.place], ["when", report.when?.text],
    ["by", report.agents?.length ? report.agents.join(", ") : null],
    ["chain", chain.length > 1 ? chain.join(" → ") : null],
    ["belongs to", sourceTitles.get(report.source) ?? report.source],
    ["confidence", `${Math.round(report.confidence * 100)}%`],
    ["address", safeAddress(report.url) ? null : report.url],
    ["codes", report.codes ? `${report.codes.plover} · CAMEO ${report.codes.cameo}` : null],
    [report.void, report.void ? (report.void_since ? dayAndClock(report.void_since) : "since") : null],
  ];
  return rows.filter(([, value]) => value).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, short(value, 200))));
}
