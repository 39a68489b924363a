/** How far the deployment has come, over time: a step line with its reports as points, denials below the axis. */
import { el, svg } from "./dom.js";
import { markAt, mark } from "./marks.js";
import { counted, plain, short } from "./text.js";
import { clock, dayAndClock, isoDay, shortDay } from "./time.js";
import { KINDS, LEVEL_NAMES, levelOf, stanceWord, statusWord } from "./words.js";

const ROW = 34;
const LANE = 26;
const TOP = 30;
const RIGHT = 18;
const HOUR = 3600e3;
const STEPS = [1, 2, 3, 6, 12, 24, 48, 24 * 7, 24 * 14, 24 * 30, 24 * 91, 24 * 365].map((hours) => hours * HOUR);

/** @param {any[]} points as in the API @param {(report: string) => void} go */
export function timeline(points, go) {
  const caption = el("p", { class: "caption" });
  const frame = el("div", { class: "timeline" });
  const holder = el("div", {}, frame, caption, legend(points));
  const tell = (words) => caption.replaceChildren(...(words ?? ["Each mark is a report. Choose one to read it."]));
  tell(null);
  if (!points.length) {
    holder.replaceChildren(el("p", { class: "none" }, "no report of it is kept"));
    return holder;
  }
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.floor(frame.clientWidth);
    if (!width || width === drawn) return;
    drawn = width;
    frame.replaceChildren(draw(points, width, tell, go));
  }).observe(frame);
  return holder;
}

function draw(points, width, tell, go) {
  const left = width < 460 ? 76 : 92;
  const lanes = [...new Set(points.map((point) => KINDS[point.kind]?.lane).filter(Boolean))];
  const axis = TOP + 4 * ROW + 6;
  const height = axis + 26 + lanes.length * LANE + 4;
  const times = points.map((point) => Date.parse(point.at));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const margin = Math.max((last - first) * 0.04, HOUR / 2);
  const [from, to] = [first - margin, last + margin];
  const x = (at) => left + ((at - from) / (to - from)) * (width - left - RIGHT);
  const y = (level) => TOP + (4 - level) * ROW + ROW / 2;
  const lane = (name) => axis + 26 + lanes.indexOf(name) * LANE + LANE / 2;

  const nodes = [];
  for (let level = 1; level <= 4; level += 1) {
    nodes.push(svg("line", { class: "grid", x1: left, x2: width - RIGHT, y1: y(level), y2: y(level) }));
    nodes.push(svg("text", { class: "label", x: left - 12, y: y(level) + 4, "text-anchor": "end" }, LEVEL_NAMES[level]));
  }
  nodes.push(svg("line", { class: "axis", x1: left, x2: width - RIGHT, y1: axis, y2: axis }));
  nodes.push(...ticks(from, to, x, axis, width - left - RIGHT));
  for (const name of lanes) {
    nodes.push(svg("text", { class: "label", x: left - 12, y: lane(name) + 4, "text-anchor": "end" }, name));
    nodes.push(svg("line", { class: "grid", x1: left, x2: width - RIGHT, y1: lane(name), y2: lane(name) }));
  }
  nodes.push(...sourceCounts(points, x, width - RIGHT));
  nodes.push(stepLine(points, x, y, width - RIGHT));

  const clusters = new Map();
  points.forEach((point, index) => {
    const under = KINDS[point.kind]?.lane;
    const level = levelOf(point.status) || point.level;
    const height_ = under ? lane(under) : y(Math.max(level, 1));
    const place = `${height_} ${Math.round(x(times[index]) / 13)}`;
    if (!clusters.has(place)) clusters.set(place, { x: x(times[index]), y: height_, points: [] });
    clusters.get(place).points.push(point);
  });
  for (const cluster of clusters.values()) nodes.push(clusterOf(cluster, tell, go));
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": "Status over time; each mark is a report" },
    nodes,
  );
}

function clusterOf({ x, y, points }, tell, go) {
  const [point] = points;
  const saying = [...new Set(points.map((one) => one.speaker).filter(Boolean))];
  const outlets = [...new Set(points.map((one) => one.outlet))];
  const what = `${KINDS[point.kind]?.word ?? point.kind}, ${statusWord(point.status)}`;
  const words = [
    dayAndClock(point.at), point.kind === "claim" ? `${statusWord(point.status)}: ${stanceWord(point.stance)}` : KINDS[point.kind]?.word ?? point.kind,
    saying.length ? saying.slice(0, 2).join(" and ") + (saying.length > 2 ? ` and ${saying.length - 2} more` : "") : "no speaker", outlets.slice(0, 2).join(", ") + (outlets.length > 2 ? ` and ${outlets.length - 2} more outlets` : ""),
  ];
  const parts = () => words.flatMap((word, index) => [index ? " · " : "", ...short(word, 120)]);
  return svg(
    "a",
    {
      class: "point", href: `#report-${point.report}`, "aria-label": plain(`${what}: ${words.join(", ")}${points.length > 1 ? `, ${points.length} reports` : ""}`),
      on: {
        mouseenter: () => tell(parts()), focus: () => tell(parts()), mouseleave: () => tell(null), blur: () => tell(null),
        click: (happened) => {
          happened.preventDefault();
          go(point.report);
        },
      },
    },
    svg("rect", { x: x - 11, y: y - 11, width: 22, height: 22, class: "hit" }),
    markAt(point.kind, x, y),
    points.length > 1 && svg("text", { x: x + 8, y: y - 6, class: "times" }, points.length),
  );
}

function stepLine(points, x, y, end) {
  let path = "";
  let now = 0;
  for (const point of points) {
    const level = point.independent ? levelOf(point.firmest) : 0; // no claim stands: the line ends
    if (level === now) continue;
    const at = x(Date.parse(point.at));
    if (!now) path += `M${at},${y(level)}`;
    else path += level ? `H${at}V${y(level)}` : `H${at}`;
    now = level;
  }
  return svg("path", { class: "step", d: path && now ? `${path}H${end}` : path });
}

/** "1 source", "2 sources" at the top, where the number changes. */
function sourceCounts(points, x, end) {
  const nodes = [];
  let now = 0;
  let free = Infinity;
  const changes = points.filter((point) => {
    const changed = point.independent !== now;
    now = point.independent;
    return changed;
  });
  for (const point of changes.reverse()) {
    const at = x(Date.parse(point.at));
    const words = counted(point.independent, "source");
    const wide = words.length * 6.2;
    nodes.push(svg("line", { class: "since", x1: at, x2: at, y1: 18, y2: TOP + 4 * ROW + 6 }));
    const turned = at + wide > end;
    if (at + (turned ? 0 : wide) + 8 > free) continue;
    nodes.push(svg("text", { class: "sources-label", x: turned ? at : at - 4, y: 12, "text-anchor": turned ? "end" : "start" }, words));
    free = turned ? at - wide : at;
  }
  return nodes;
}

function ticks(from, to, x, axis, width) {
  const most = Math.max(2, Math.floor(width / 72));
  const step = STEPS.find((one) => (to - from) / one <= most) ?? STEPS.at(-1) * Math.ceil((to - from) / STEPS.at(-1) / most);
  const nodes = [];
  let day = null;
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const date = new Date(at).toISOString();
    const words = step >= 24 * HOUR ? shortDay(date) : isoDay(date) !== day ? `${shortDay(date)} ${clock(date)}` : clock(date);
    day = isoDay(date);
    nodes.push(svg("line", { class: "axis", x1: x(at), x2: x(at), y1: axis, y2: axis + 5 }));
    if (x(at) < x(to) - 14) nodes.push(svg("text", { class: "tick", x: x(at), y: axis + 18, "text-anchor": "middle" }, words));
  }
  return nodes;
}

function legend(points) {
  const kinds = [...new Set(points.map((point) => point.kind))].filter((kind) => KINDS[kind]);
  return el("ul", { class: "legend", "aria-label": "Marks" }, kinds.map((kind) => el("li", {}, mark(kind), KINDS[kind].word)));
}
