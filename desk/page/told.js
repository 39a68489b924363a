/** Who says so, source by source: "Kalin and Shamanov say; The Meridian Post reports". */
import { counted, listed } from "./text.js";

/** @param {any} summary @param {(name: string) => string} [from] what is written for a speaker @returns {any[]} pieces of text; none where nobody says so */
export function toldBy(summary, from = (name) => name) {
  // Of what was taken back only those are told who have said it: its outlets report it no longer.
  const told = summary.state === "retracted" ? summary.told_by.filter((source) => source.speakers.length) : summary.told_by;
  const pieces = told.map((source) => (source.speakers.length ? quoted(source.speakers.map(from)) : reported(source)));
  const more = summary.independent - told.length;
  if (more > 0) pieces.push([`and ${counted(more, "more source")}`]);
  return pieces.flatMap((piece, index) => (index === 0 ? piece : [index === told.length ? " " : "; ", ...piece]));
}

const quoted = (speakers) => [...listed(speakers, 3), speakers.length === 1 ? " says" : " say"];

function reported({ outlet, more_outlets: more }) {
  return [...listed([outlet]), more ? ` and ${counted(more, "more outlet")} report` : " reports"];
}
