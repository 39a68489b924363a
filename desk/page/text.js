/**
 * Text of others, shown as what it is. Control, zero-width and bidirectional characters would hide or reorder what is
 * read: they become visible marks. Nothing here makes markup.
 */
import { append, el } from "./dom.js";

const UNSEEN = new RegExp(
  "[\\u0000-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u200B-\\u200F" +
    "\\u2028-\\u202E\\u2060-\\u206F\\u3164\\uFEFF\\uFFA0\\uFFF0-\\uFFFC\\u{E0000}-\\u{E007F}]|\\p{Surrogate}",
  "gu",
);

/** @param {string} character */
function named(character) {
  return `⟦U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟧`;
}

/** For attributes and other places that take no elements. @param {unknown} text @returns {string} */
export function plain(text) {
  return String(text ?? "").replace(UNSEEN, named);
}

/** Text in pieces: strings, and a muted mark for each character that cannot be seen. @param {unknown} text @returns {Array<string|HTMLElement>} */
export function visible(text) {
  const whole = String(text ?? "");
  const pieces = [];
  let from = 0;
  for (const found of whole.matchAll(UNSEEN)) {
    if (found.index > from) pieces.push(whole.slice(from, found.index));
    pieces.push(el("span", { class: "unseen" }, named(found[0])));
    from = found.index + found[0].length;
  }
  if (from < whole.length) pieces.push(whole.slice(from));
  return pieces;
}

/** The same for text that may be endless: cut at `most` characters, with the rest behind a button. */
export function bounded(text, most = 1200) {
  const whole = String(text ?? "");
  if (whole.length <= most) return visible(whole);
  const rest = whole.length - most;
  const more = el("button", { type: "button", class: "more-text" }, `… ${rest.toLocaleString("en")} more characters`);
  more.addEventListener("click", () => {
    const holder = document.createDocumentFragment();
    append(holder, visible(whole.slice(most)));
    more.replaceWith(holder);
  });
  return [...visible(whole.slice(0, most)), more];
}

/** The beginning of a text that has one place in a row. */
export function short(text, most = 240) {
  const whole = String(text ?? "");
  return visible(whole.length <= most ? whole : `${whole.slice(0, most - 1)}…`);
}

/** An address as a link where `safeAddress` has one, otherwise only the words. */
export function outward(url, words, className = "outward") {
  const address = safeAddress(url);
  if (!address) return el("span", { class: className }, words);
  return el("a", { class: className, href: address, rel: "noopener noreferrer nofollow", target: "_blank" }, words);
}

/** The address where it is http or https and names no user, which before an @ is taken for the host. @returns {string|null} */
export function safeAddress(url) {
  if (typeof url !== "string") return null;
  try {
    const parsed = new URL(url);
    const named = /^[^/]*[/\\]+[^/\\?#]*@/.test(url.trim()) || parsed.username || parsed.password;
    return !named && ["http:", "https:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** "1 source", "2 sources" */
export function counted(number, one, many = `${one}s`) {
  return `${Number(number).toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** "A, B and C" as pieces of text. @param {unknown[]} names */
export function listed(names, most = 3) {
  const shown = names.slice(0, most).map((name) => short(name, 80));
  const more = names.length - shown.length;
  if (more > 0) shown.push([`${more} more`]);
  return shown.flatMap((pieces, index) => {
    if (index === 0) return pieces;
    return [index === shown.length - 1 ? " and " : ", ", ...pieces];
  });
}
