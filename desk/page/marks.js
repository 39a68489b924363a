/** Small marks that tell by their shape what a report does with the claim, and how far a deployment has come. */
import { el, svg } from "./dom.js";
import { levelOf, statusWord, statusWords } from "./words.js";

/** Shapes in a square of 12 around (0, 0). */
function shapes(kind) {
  const ring = (more = {}) => svg("circle", { r: 4.2, class: "ring", ...more });
  const line = (x1, y1, x2, y2) => svg("line", { x1, y1, x2, y2, class: "stroke" });
  switch (kind) {
    case "denial": return [ring(), line(-3, 3, 3, -3)];
    case "doubt": return [svg("rect", { x: -3.4, y: -3.4, width: 6.8, height: 6.8, transform: "rotate(45)", class: "ring" })];
    case "knows-nothing": return [ring()];
    case "refusal": return [line(-3.6, -3.6, 3.6, 3.6), line(-3.6, 3.6, 3.6, -3.6)];
    case "background": return [svg("rect", { x: -2.6, y: -2.6, width: 5.2, height: 5.2, class: "solid" })];
    case "correction":
    case "withdrawal": return [ring({ class: "ring faded" }), line(-6, 0, 6, 0)];
    default: return [svg("circle", { r: 4.4, class: "solid" })];
  }
}

/** The mark as a group for use inside another SVG. */
export const markAt = (kind, x, y) => svg("g", { class: `mark mark-${kind}`, transform: `translate(${x} ${y})` }, shapes(kind));

/** The mark alone, for a line of text; the word stands beside it. */
export function mark(kind) {
  return svg(
    "svg",
    { class: `mark mark-${kind}`, viewBox: "-6.5 -6.5 13 13", width: 13, height: 13, "aria-hidden": "true", focusable: "false" },
    shapes(kind),
  );
}

/** Four steps, filled as far as a deployment of this status has come; a status that is no step on the way crosses them out. */
export function steps(status) {
  const level = levelOf(status);
  return svg(
    "svg",
    { class: `steps${level ? "" : " off"}`, viewBox: "0 0 52 10", width: 52, height: 10, "aria-hidden": "true", focusable: "false" },
    [1, 2, 3, 4].map((step) => svg("rect", { x: (step - 1) * 13.5 + 0.5, y: 0.5, width: 10.5, height: 9, class: step <= level ? "on" : "" })),
    !level && svg("line", { x1: 0, y1: 5, x2: 52, y2: 5 }),
  );
}

/** The steps with the words for them. */
export function statusScale(status, state = "standing") {
  const [name, detail] = state === "retracted" ? ["taken back", `was ${statusWord(status)}`] : statusWords(status);
  return el(
    "span",
    { class: "scale" },
    steps(state === "retracted" ? "" : status),
    el("span", { class: "scale-word" }, name),
    detail && el("span", { class: "scale-detail" }, detail),
  );
}

/** One filled dot for each independent source, at most six; a ring where there is none. */
export function dots(number) {
  const shown = Math.min(number, 6);
  return svg(
    "svg",
    { class: "dots", viewBox: `0 0 ${Math.max(shown, 1) * 9} 8`, width: Math.max(shown, 1) * 9, height: 8, "aria-hidden": "true", focusable: "false" },
    shown === 0
      ? svg("circle", { cx: 4, cy: 4, r: 3, class: "ring" })
      : Array.from({ length: shown }, (_, index) => svg("circle", { cx: index * 9 + 4, cy: 4, r: 3.4 })),
  );
}
