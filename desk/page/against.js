/** Who stands against a deployment: one line for those who deny it, one for those who refuse, oppose or suspend it. */
import { el } from "./dom.js";
import { mark } from "./marks.js";
import { listed } from "./text.js";

/** @param {any} summary @param {number} most names in a line @param {{words?: boolean, from?: (name: string) => string}} [how] without the word "denied by" where a label says it; what is written for a name */
export function against(summary, most, { words = true, from = (name) => name } = {}) {
  const lines = [];
  if (summary.denied_by.length || summary.contested) {
    lines.push(line("denial", [words && "denied by ", summary.denied_by.length ? listed(summary.denied_by.map(from), most) : "a party to it"]));
  }
  for (const how of new Set(summary.against.map((one) => one.how))) {
    const names = summary.against.filter((one) => one.how === how).map((one) => one.name);
    lines.push(line("refusal", [`${how} by `, listed(names.map(from), most)]));
  }
  return lines;
}

const line = (kind, words) => el("p", { class: kind === "denial" ? "denied" : "denied refused" }, mark(kind), el("span", {}, words));
