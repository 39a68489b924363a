/** The filters of the list: from the address and back, as chips, and one by one taken off. Pure. */
import { FAMILY_WORDS, statusWords } from "./words.js";

const MANY = ["mover", "place", "family", "act", "status", "state", "contested"];
const ONE = ["minimum_independent", "q", "since", "until", "order"];

/** @typedef {Record<string, string[]>} Filters keys as in the API, values in the order in which they were chosen */

/** @param {string} search @returns {Filters} */
export function fromAddress(search) {
  const given = new URLSearchParams(search);
  const filters = {};
  for (const key of MANY) {
    const values = [...new Set(given.getAll(key).filter(Boolean))];
    if (values.length) filters[key] = values;
  }
  for (const key of ONE) {
    const value = given.get(key);
    if (value) filters[key] = [value];
  }
  return filters;
}

/** What an address asks for that is no filter: "sources=abc". @param {string} search @returns {string[]} */
export const notUnderstood = (search) =>
  [...new URLSearchParams(search)].filter(([key]) => !MANY.includes(key) && !ONE.includes(key)).map(([key, value]) => `${key}=${value}`);

/** "?mover=RUS&q=mali", or "" without filters. @param {Filters} filters */
export function toAddress(filters) {
  const query = toQuery(filters).toString();
  return query ? `?${query}` : "";
}

/** @param {Filters} filters @param {Record<string, string|number>} [extra] */
export function toQuery(filters, extra = {}) {
  const query = new URLSearchParams();
  for (const key of [...MANY, ...ONE]) for (const value of filters[key] ?? []) query.append(key, value);
  for (const [key, value] of Object.entries(extra)) query.set(key, String(value));
  return query;
}

/** @param {Filters} filters @param {string} key @param {string[]} values */
export function withValues(filters, key, values) {
  const changed = { ...filters };
  const kept = values.filter((value) => value !== "");
  if (kept.length) changed[key] = kept;
  else delete changed[key];
  return changed;
}

export function toggled(filters, key, value) {
  const now = filters[key] ?? [];
  return withValues(filters, key, now.includes(value) ? now.filter((one) => one !== value) : [...now, value]);
}

export const without = (filters, key, value) =>
  withValues(filters, key, (filters[key] ?? []).filter((one) => one !== value));

/** Only the order of the list is left. @param {Filters} filters @returns {Filters} */
export const cleared = (filters) => (filters.order ? { order: filters.order } : {});

/** What is on, in plain words. @param {Filters} filters @param {(key: string, value: string) => string} label */
export function chips(filters, label) {
  const words = {
    mover: (v) => ["Force", label("mover", v)],
    place: (v) => ["Destination", v === "unknown" ? "unknown" : label("place", v)],
    family: (v) => ["Act", FAMILY_WORDS[v] ?? v],
    act: (v) => ["Act", v],
    status: (v) => ["Status", statusWords(v).filter(Boolean).join(", ")],
    state: (v) => ["State", v],
    contested: (v) => ["Denied", v === "true" ? "yes" : v === "false" ? "no" : v],
    minimum_independent: (v) => ["Sources", `at least ${v}`],
    q: (v) => ["Text", v],
    since: (v) => ["Since", v],
    until: (v) => ["Until", v],
  };
  const found = [];
  for (const [key, words_of] of Object.entries(words)) {
    for (const value of filters[key] ?? []) {
      const [name, text] = words_of(value);
      found.push({ key, value, name, text });
    }
  }
  return found;
}
