/** What the page keeps on this machine. Storage may be closed or full: then a choice lasts as long as the page. */

const PREFIX = "muster.";
const held = new Map();

/** @param {string} name @param {any} otherwise */
export function kept(name, otherwise) {
  if (held.has(name)) return held.get(name);
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

export function keep(name, value) {
  held.set(name, value);
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // kept in `held`
  }
}
