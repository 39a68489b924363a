/** The map: where troops are said to go, and whose. The list says the same in words. */
import { byId, el, svg } from "./dom.js";
import { placed } from "./labels.js";
import { project } from "./projection.js";
import { counted, plain, visible } from "./text.js";

const ARCS = 80;
const SQUARES = 120;
const LABELS = 40;
const LISTED = 40;

/** @param {{choose: (key: string, code: string) => void, nameOf: (key: string, code: string) => string}} given */
export function createMap({ choose, nameOf }) {
  const holder = byId("map");
  const caption = byId("map-caption");
  const extent = byId("map-extent");
  const words = byId("map-words");
  /** @type {any} */
  let world = null;
  let pairs = [];
  /** Ways that the answer had no room for. */
  let leftOut = 0;
  let chosen = { mover: [], place: [] };
  let spots = new Map();
  let whole = false;
  let standing = null;
  /** @type {{mover: string, place: string|undefined}|null} */
  let only = null;

  extent.addEventListener("click", () => {
    whole = !whole;
    extent.setAttribute("aria-pressed", String(whole));
    draw();
  });
  new ResizeObserver(() => draw()).observe(holder);
  holder.addEventListener("keydown", walk);

  const name = (key, code) => {
    const known = nameOf(key, code);
    return plain(known !== code ? known : world?.names.get(code) ?? code);
  };
  const at = (code) => spots.get(code) ?? world.centres.get(code) ?? null;

  /** Destinations and movers with all that they share, most events first. */
  function gathered() {
    const places = new Map();
    const movers = new Map();
    for (const pair of pairs) {
      add(places, pair.place, pair, pair.mover);
      add(movers, pair.mover, pair, pair.place);
    }
    const sorted = (all) => [...all.values()].filter((one) => at(one.code)).sort((a, b) => b.events - a.events || a.code.localeCompare(b.code));
    return { places: sorted(places), movers: sorted(movers) };
  }

  function draw() {
    if (!world || !holder.clientWidth) return;
    const { places, movers } = gathered();
    inWords(places);
    const box = frame([...places, ...movers]);
    const scale = holder.clientWidth / box.width;
    const px = (number) => number / scale;
    const inside = (one) => {
      const [x, y] = at(one.code);
      return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
    };
    const largest = Math.max(9, ...places.map((one) => one.events));
    const widest = places.length > 80 ? 7 : places.length > 25 ? 11 : 17;
    const radius = (events) => px(2.5 + (widest - 2.5) * Math.sqrt(events / largest));
    const stands = besides(movers.slice(0, SQUARES), places, (one) => radius(one.events) + px(5));
    const nodes = [svg("path", { class: "land", d: world.land, "stroke-width": px(0.6) })];
    const lit = places.map((one) => world.paths.get(one.code)).filter(Boolean).join("");
    nodes.push(svg("path", { class: "land lit", d: lit, "stroke-width": px(0.6) }));
    for (const pair of [...pairs].sort((a, b) => b.events - a.events).slice(0, places.length > 80 ? ARCS / 2 : ARCS)) {
      const [from, to] = [stands.get(pair.mover) ?? at(pair.mover), at(pair.place)];
      if (!from || !to || pair.mover === pair.place) continue;
      nodes.push(
        svg("path", {
          class: `arc${pair.contested ? " contested" : ""}`, d: arc(from, to), "data-mover": pair.mover, "data-place": pair.place,
          "stroke-width": px(1.1), "stroke-dasharray": pair.contested ? `${px(3)} ${px(2.5)}` : null,
        }),
      );
    }
    for (const one of movers.slice(0, SQUARES)) nodes.push(marker("mover", one, stands.get(one.code), inside, px));
    for (const one of places) nodes.push(marker("place", one, at(one.code), inside, px, radius(one.events)));
    nodes.push(...labels(places, movers, stands, inside, px, radius, box));
    const focused = holder.contains(document.activeElement);
    holder.replaceChildren(
      svg(
        "svg",
        { viewBox: `${box.x} ${box.y} ${box.width} ${box.height}`, role: "group", "aria-label": "Map of destinations and forces; the list says the same in words" },
        nodes,
      ),
    );
    const stops = [...holder.querySelectorAll(".spot")];
    const stop = stops.find((spot) => spot.dataset.key === standing) ?? stops.find((spot) => spot.classList.contains("spot-place")) ?? stops[0];
    if (stop) stop.setAttribute("tabindex", "0");
    if (focused) stop?.focus();
    if (!focused) tell(null);
  }

  /** Dim what does not belong to the event that is open. */
  function single() {
    for (const path of holder.querySelectorAll(".arc")) {
      path.classList.toggle("dim", only !== null && (path.dataset.mover !== only.mover || path.dataset.place !== only.place));
    }
    for (const node of holder.querySelectorAll(".spot, .map-label")) {
      const [key, code] = node.dataset.key.split(" ");
      node.classList.toggle("dim", only !== null && only[key] !== code);
    }
  }

  /** The same as a list, which a narrow screen has below the map. */
  function inWords(places) {
    words.replaceChildren(
      ...places.slice(0, LISTED).map((one) => {
        const button = el(
          "button", { type: "button", "aria-pressed": String(chosen.place.includes(one.code)), on: { click: () => choose("place", one.code) } },
          el("b", {}, name("place", one.code)), el("span", {}, others("place", one)),
          el("span", { class: "map-count" }, counted(one.events, "event"), one.contested > 0 && `, ${one.contested} denied`),
        );
        return el("li", {}, button);
      }),
    );
  }

  /** The part of the world that is drawn: what there is to see with some room, or all of it. */
  function frame(ones) {
    const ratio = holder.clientHeight / holder.clientWidth || world.height / world.width;
    const full = { x: 0, y: 0, width: world.width, height: world.height };
    const points = ones.map((one) => at(one.code));
    let box = full;
    if (!whole && points.length) {
      const [xs, ys] = [points.map((p) => p[0]), points.map((p) => p[1])];
      const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
      const room = Math.max(90, (right - left) * 0.17); // for the names of the outermost
      box = { x: left - room, y: top - room, width: Math.max(right - left + 2 * room, 560), height: bottom - top + 2 * room };
    }
    const [middleX, middleY] = [box.x + box.width / 2, box.y + box.height / 2];
    let width = Math.max(box.width, box.height / ratio);
    if (box !== full) width = Math.min(Math.max(width, (right(box) - box.x) * 1), world.width);
    const height = width * ratio;
    const x = width >= world.width ? (world.width - width) / 2 : clamp(middleX - width / 2, 0, world.width - width);
    const y = height >= world.height ? (world.height - height) / 2 : clamp(middleY - height / 2, -height * 0.16, world.height - height);
    return { x, y, width, height };
  }

  /** Where the squares stand: at their countries, but beside the circles, which would cover them. @returns {Map<string, number[]>} */
  function besides(movers, places, away) {
    const circles = places.map((one) => ({ middle: at(one.code), r: away(one) }));
    return new Map(movers.map((one) => [one.code, pushedOut(at(one.code), circles)]));
  }

  function marker(key, one, [x, y], inside, px, r = 0) {
    const on = chosen[key].includes(one.code);
    const words = describe(key, one);
    const side = px(7);
    const shape = key === "place" ? svg("circle", { cx: x, cy: y, r, class: one.contested ? "contested" : "" }) : svg("rect", { x: x - side / 2, y: y - side / 2, width: side, height: side });
    const reach = Math.max(r, px(11));
    const node = svg(
      "g",
      {
        class: `spot spot-${key}${on ? " on" : ""}`, role: "button", tabindex: "-1", "aria-pressed": String(on), "aria-label": words,
        "data-key": `${key} ${one.code}`, "stroke-width": px(1.4),
        on: {
          click: () => choose(key, one.code), mouseenter: () => tell(key, one), mouseleave: () => tell(null),
          focus: () => {
            standing = `${key} ${one.code}`;
            tell(key, one);
          },
          blur: () => tell(null),
        },
      },
      key === "mover" && svg("circle", { cx: x, cy: y, r: reach * 0.7, class: "hit" }),
      shape,
    );
    if (!inside(one)) node.classList.add("outside");
    return node;
  }

  /** Names at the marks, as many as there is room for, the destinations first; pointing at a mark tells the others. */
  function labels(places, movers, stands, inside, px, radius, box) {
    const size = px(11);
    const marks = [...places.map((one) => around(at(one.code), radius(one.events))), ...[...stands.values()].map((middle) => around(middle, px(3.5)))];
    const candidates = [...places.slice(0, LABELS).map((one) => ["place", one]), ...movers.slice(0, LABELS).map((one) => ["mover", one])];
    const done = new Set();
    const names = [];
    for (const [key, one] of candidates) {
      if (done.has(one.code) || !inside(one)) continue;
      done.add(one.code);
      const words = name(key, one.code);
      const middle = (key === "mover" && stands.get(one.code)) || at(one.code);
      names.push({ key, one, words, spots: placesAround(middle, (key === "place" ? radius(one.events) : px(4)) + px(4), words.length * size * 0.56, size) });
    }
    const frame = /** @type {import("./labels.js").Box} */ ([box.x, box.y, box.x + box.width, box.y + box.height]);
    const chosen = placed(names.map(({ spots }) => spots.map((spot) => spot.box)), marks, frame);
    return names.flatMap(({ key, one, words, spots }, index) => {
      if (chosen[index] < 0) return [];
      const { x, y, anchor } = spots[chosen[index]];
      return [svg("text", { x, y, "text-anchor": anchor, "font-size": size, class: `map-label ${key}`, "data-key": `${key} ${one.code}`, "stroke-width": px(2.6), "aria-hidden": "true" }, words)];
    });
  }

  function describe(key, one) {
    const denied = one.contested ? `, ${one.contested} denied` : "";
    return `${name(key, one.code)}: ${counted(one.events, "event")}${denied}, ${others(key, one)}`;
  }

  function others(key, one) {
    const names = [...one.others.entries()].sort((a, b) => b[1] - a[1]).map(([code]) => name(key === "place" ? "mover" : "place", code));
    return `${key === "place" ? "forces of" : "to"} ${names.slice(0, 4).join(", ")}${names.length > 4 ? ` and ${names.length - 4} more` : ""}`;
  }

  function tell(key, one) {
    if (one) for (const path of holder.querySelectorAll(".arc")) path.classList.toggle("dim", path.dataset[key] !== one.code);
    else single();
    const rest = leftOut ? ` ${counted(leftOut, "way")} with fewer events not drawn.` : "";
    const idle = pairs.length ? `Circles: destinations. Squares: forces. Dashed: denied.${rest}` : "Nothing to show on the map.";
    caption.replaceChildren(...visible(one ? describe(key, one) : idle));
  }

  function walk(happened) {
    const spot = happened.target.closest(".spot");
    if (!spot) return;
    if (happened.key === "Enter" || happened.key === " ") {
      happened.preventDefault();
      happened.stopPropagation();
      const [key, code] = spot.dataset.key.split(" ");
      choose(key, code);
      return;
    }
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[happened.key];
    if (!step) return;
    happened.preventDefault();
    const stops = [...holder.querySelectorAll(".spot:not(.outside)")];
    const next = stops[(stops.indexOf(spot) + step + stops.length) % stops.length];
    for (const other of stops) other.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  }

  return {
    async load() {
      const answer = await fetch("/static/world.json");
      const given = await answer.json();
      world = {
        ...given,
        names: new Map(given.countries.map((country) => [country.code, country.name])),
        centres: new Map(given.countries.map((country) => [country.code, country.centre])),
        paths: new Map(given.countries.map((country) => [country.code, country.path])),
        land: given.countries.map((country) => country.path).join(""),
      };
      draw();
      return world.names;
    },
    /** @param {any[]} rows as in the API @param {any[]} events whose places may be towns @param {any} filters @param {number} [more] ways that are left out */
    show(rows, events, filters, more = 0) {
      pairs = rows;
      leftOut = more;
      chosen = { mover: filters.mover ?? [], place: filters.place ?? [] };
      spots = new Map();
      if (world) {
        for (const { place } of events) {
          if (!place || world.centres.has(place.code) || place.latitude === null) continue;
          spots.set(place.code, project(world, place.longitude, place.latitude));
        }
      }
      draw();
    },
    focus() {
      const stop = holder.querySelector('.spot[tabindex="0"]');
      if (stop) stop.focus();
      else extent.focus();
    },
    redraw: draw,
    /** One event is open: its way is the one that is shown. @param {any} summary or null */
    emphasise(summary) {
      only = summary && { mover: summary.mover.code, place: summary.place?.code };
      single();
    },
  };
}

function add(all, code, pair, other) {
  if (!all.has(code)) all.set(code, { code, events: 0, contested: 0, others: new Map() });
  const one = all.get(code);
  one.events += pair.events;
  one.contested += pair.contested;
  one.others.set(other, (one.others.get(other) ?? 0) + pair.events);
}

const TRIES = 8;
/** The nearest point outside of circles, by a few steps from one to the next; up and to the right of one that it is in the middle of. */
function pushedOut([x, y], circles) {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const over = circles.find(({ middle, r }) => Math.hypot(x - middle[0], y - middle[1]) < r * 0.999);
    if (!over) break;
    const [dx, dy] = [x - over.middle[0], y - over.middle[1]];
    const length = Math.hypot(dx, dy);
    const [ux, uy] = length > over.r * 0.05 ? [dx / length, dy / length] : [Math.SQRT1_2, -Math.SQRT1_2];
    [x, y] = [over.middle[0] + ux * over.r, over.middle[1] + uy * over.r];
  }
  return [x, y];
}

/** Places for a name of some width around a mark: its sides first, then its corners, then above and below to one side. */
function placesAround([x, y], away, wide, size) {
  const spot = (lx, ly, anchor) => {
    const left = anchor === "start" ? lx : anchor === "end" ? lx - wide : lx - wide / 2;
    return { x: lx, y: ly, anchor, box: /** @type {import("./labels.js").Box} */ ([left, ly - size * 0.85, left + wide, ly + size * 0.25]) };
  };
  const level = y + size * 0.35;
  const corners = [-0.7, 0.7].map((down) => level + down * (away + size * 0.5));
  return [
    spot(x + away, level, "start"), spot(x - away, level, "end"), spot(x, y - away, "middle"), spot(x, y + away + size * 0.8, "middle"),
    ...corners.flatMap((ly) => [spot(x + away * 0.8, ly, "start"), spot(x - away * 0.8, ly, "end")]),
    ...[0.25, 0.75].flatMap((share) => [spot(x - wide * share, y - away, "start"), spot(x - wide * share, y + away + size * 0.8, "start")]),
  ];
}

const around = ([x, y], r) => [x - r, y - r, x + r, y + r];
const right = (box) => box.x + box.width;
const clamp = (number, low, high) => Math.max(low, Math.min(high, number));

/** A flat bow from one point to the other, always bent to the same side of the way. */
function arc([x1, y1], [x2, y2]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const side = dx >= 0 ? 1 : -1;
  return `M${x1},${y1}Q${(x1 + x2) / 2 + dy * 0.18 * side},${(y1 + y2) / 2 - dx * 0.18 * side} ${x2},${y2}`;
}
