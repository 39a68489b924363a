/** The sources of an event as a tree: where a story comes from, who carries it, and why that is one source. */
import { append, el } from "./dom.js";
import { dots, mark } from "./marks.js";
import { counted, short } from "./text.js";
import { dayAndClock } from "./time.js";
import { kindOf, reasonWord } from "./words.js";

const ORIGINS = { agency: "from the agency", speaker: "all quote", outlet: "first published by" };
const MANY = 12;
const ALIKE = 2;

/** @param {any[]} sources @param {string} label @param {(report: string) => void} go */
export function sourceTree(sources, label, go) {
  const tree = el("ul", { class: "tree", role: "tree", "aria-label": label }, sources.map((source) => sourceItem(source, go)));
  const first = tree.querySelector('[role="treeitem"]');
  if (first) first.tabIndex = 0;
  tree.addEventListener("keydown", walk);
  tree.addEventListener("focusin", (happened) => {
    const item = happened.target.closest('[role="treeitem"]');
    for (const other of tree.querySelectorAll('[role="treeitem"][tabindex="0"]')) other.tabIndex = -1;
    if (item) item.tabIndex = 0;
  });
  tree.addEventListener("click", (happened) => {
    const twist = happened.target.closest(".twist");
    if (twist) turn(twist.closest('[role="treeitem"]'));
  });
  return tree;
}

function item(level, line, children = [], className = "") {
  return el(
    "li",
    { role: "treeitem", class: className, "aria-level": level, tabindex: -1, "aria-expanded": children.length ? "true" : null },
    el("div", { class: "tree-line" }, children.length > 0 && el("span", { class: "twist", "aria-hidden": "true" }), line),
    children.length > 0 && el("ul", { role: "group" }, children),
  );
}

/** From the top to the bottom: what is told by whom, where it comes from, who carries it, whom that leans on, why it is one. */
function sourceItem(source, go) {
  const first = source.origin.kind === "outlet" ? source.outlets.find((outlet) => outlet.name === source.origin.name) : null;
  const others = source.outlets.filter((outlet) => outlet !== first);
  const carried = others.map((outlet) => outletItem(outlet, source.origin.kind === "outlet" ? "then by" : "in", go));
  const hidden = source.outlet_count - source.outlets.length;
  if (hidden > 0) carried.push(item(3, el("span", { class: "quiet-words" }, `and ${counted(hidden, "outlet")} more`), [], "leaf"));
  const name = first ? outletLine(first, go) : el("b", {}, short(source.origin.name, 100));
  const way = source.origin.kind === "outlet" && source.article_count === 1 ? "published by" : ORIGINS[source.origin.kind] ?? source.origin.kind;
  const origin = item(2, [el("span", { class: "node-kind" }, way), " ", name], carried.length > MANY + 2 ? folded(carried) : carried);
  const said = source.origin.kind === "agency" && source.agencies.length === 1;
  // Of several outlets it is not known here which of them credits whom; the reasons below say it where it joins them.
  const crediting = source.outlet_count > 1 ? "some of them credit" : "credits";
  const credits = source.agencies.length > 0 && !said
    ? item(2, [el("span", { class: "node-kind" }, crediting), " ", source.agencies.map((agency, index) => [index ? ", " : "", short(agency.name, 60)])], [], "leaf")
    : null;
  const whole = item(
    1,
    [
      el("span", { class: "source-title" }, source.counts && dots(1), short(source.title.charAt(0).toUpperCase() + source.title.slice(1), 80)),
      el("span", { class: "quiet-words" }, ` ${counted(source.article_count, "article")} in ${counted(source.outlet_count, "outlet")}, first ${dayAndClock(source.first_seen)}`),
      speakers(source),
    ],
    [origin, credits].filter(Boolean),
    source.counts ? "source" : "source aside",
  );
  append(whole, [why(source.reasons, "One source, because", "reasons"), why(source.doubts, "Perhaps not a source of its own", "doubts")]);
  return whole;
}

const outletItem = (outlet, way, go) => item(3, [el("span", { class: "node-kind" }, way), " ", outletLine(outlet, go)], [], "leaf");

/** An outlet, which leads to the first of its reports where one is listed. */
function outletLine(outlet, go) {
  const [report] = outlet.reports;
  const name = report
    ? el(
        "a",
        {
          class: "outlet", href: `#report-${report}`, tabindex: -1,
          on: {
            click: (happened) => {
              happened.preventDefault();
              go(report);
            },
          },
        },
        short(outlet.name, 80),
      )
    : el("span", { class: "outlet" }, short(outlet.name, 80));
  return [name, outlet.reports.length > 1 && el("span", { class: "quiet-words" }, ` ${counted(outlet.reports.length, "report")}`)];
}

function folded(items) {
  const rest = items.slice(MANY);
  const button = el("button", { type: "button", class: "quiet", tabindex: -1 }, `${rest.length} more`);
  const holder = el("li", { role: "treeitem", "aria-level": 3, tabindex: -1, class: "leaf" }, button);
  button.addEventListener("click", () => holder.replaceWith(...rest));
  return [...items.slice(0, MANY), holder];
}

function speakers(source) {
  if (!source.speakers.length) return null;
  return el(
    "ul",
    { class: "speakers", role: "presentation" },
    source.speakers.slice(0, 8).map((speaker) =>
      el(
        "li",
        { role: "presentation" },
        mark(speaker.against && speaker.stance !== "denies" ? "refusal" : kindOf({ stance: speaker.stance, status: "", void: null })),
        el("span", {}, el("span", { class: "speaker" }, short(speaker.name, 120)), speaker.role && !speaker.name.toLowerCase().includes(speaker.role.toLowerCase()) && [", ", short(speaker.role, 100)]),
        el("span", { class: speaker.against ? "stance against" : "stance" }, short(speaker.word, 60)),
      ),
    ),
    source.speakers.length > 8 && el("li", { role: "presentation", class: "quiet-words" }, `and ${source.speakers.length - 8} more speakers`),
  );
}

function why(reasons, title, className) {
  if (!reasons.length) return null;
  return el(
    "div",
    { class: `why ${className}` },
    el("p", {}, title),
    el(
      "dl",
      {},
      [...byKind(reasons)].map(([kind, alike]) =>
        el("div", {}, el("dt", {}, reasonWord(kind)), alike.slice(0, ALIKE).map(detail), alike.length > ALIKE && rest(alike.slice(ALIKE))),
      ),
    ),
  );
}

const detail = (reason) =>
  el("dd", {}, short(reason.detail, 400), reason.sureness < 1 && el("span", { class: "quiet-words" }, ` ${Math.round(reason.sureness * 100)}% sure`));

function rest(reasons) {
  const button = el("button", { type: "button", class: "quiet", tabindex: -1 }, `${reasons.length} more`);
  const holder = el("dd", {}, button);
  button.addEventListener("click", () => holder.replaceWith(...reasons.map(detail)));
  return holder;
}

function byKind(reasons) {
  const kinds = new Map();
  for (const reason of reasons) kinds.set(reason.kind, [...(kinds.get(reason.kind) ?? []), reason]);
  return kinds;
}

function turn(item, open) {
  const now = item.getAttribute("aria-expanded");
  if (now === null) return;
  item.setAttribute("aria-expanded", String(open ?? now !== "true"));
}

/** Arrows, Home and End, as a tree has them. */
function walk(happened) {
  const item = happened.target.closest('[role="treeitem"]');
  if (!item || happened.altKey || happened.ctrlKey || happened.metaKey) return;
  const shown = [...happened.currentTarget.querySelectorAll('[role="treeitem"]')].filter((one) => one.offsetParent !== null);
  const at = shown.indexOf(item);
  const open = item.getAttribute("aria-expanded");
  const parent = item.parentElement.closest('[role="treeitem"]');
  const moves = {
    ArrowDown: () => shown[at + 1],
    ArrowUp: () => shown[at - 1],
    Home: () => shown[0],
    End: () => shown.at(-1),
    ArrowRight: () => (open === "false" ? turn(item, true) : open === "true" ? shown[at + 1] : null),
    ArrowLeft: () => (open === "true" ? turn(item, false) : parent),
    Enter: () => (happened.target === item ? item.querySelector("a, button")?.click() : undefined),
  };
  if (!(happened.key in moves) || (happened.key === "Enter" && happened.target !== item)) return;
  happened.preventDefault();
  happened.stopPropagation();
  moves[happened.key]()?.focus();
}
