/** Where names stand on the map, so that none covers a mark or another name. Pure. */

/** @typedef {[number, number, number, number]} Box left, top, right, bottom */

const meet = (one, other) => one[0] < other[2] && one[2] > other[0] && one[1] < other[3] && one[3] > other[1];
const within = (one, frame) => one[0] >= frame[0] && one[2] <= frame[2] && one[1] >= frame[1] && one[3] <= frame[3];

/**
 * For each name which of its boxes it gets, -1 for none. The first names choose first; where one finds no room another one is
 * moved aside if it has room elsewhere.
 * @param {Box[][]} wanted boxes of each name, the best first @param {Box[]} marks @param {Box} frame @returns {number[]}
 */
export function placed(wanted, marks, frame) {
  const free = wanted.map((boxes) => boxes.map((box) => within(box, frame) && !marks.some((mark) => meet(box, mark))));
  const chosen = wanted.map(() => -1);
  const inTheWay = (box, without) =>
    chosen.flatMap((choice, name) => (choice >= 0 && !without.includes(name) && meet(box, wanted[name][choice]) ? [name] : []));
  const put = (name) => {
    const open = wanted[name].map((_, index) => index).filter((index) => free[name][index]);
    for (const index of open) {
      if (inTheWay(wanted[name][index], [name]).length) continue;
      chosen[name] = index;
      return;
    }
    for (const index of open) {
      const [other, ...more] = inTheWay(wanted[name][index], [name]);
      if (more.length) continue;
      const elsewhere = wanted[other].findIndex(
        (box, at) => free[other][at] && !meet(box, wanted[name][index]) && !inTheWay(box, [other]).length,
      );
      if (elsewhere < 0) continue;
      chosen[other] = elsewhere;
      chosen[name] = index;
      return;
    }
  };
  wanted.forEach((_, name) => put(name));
  return chosen;
}
