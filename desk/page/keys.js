/** Keys of the desk. None is taken while somebody writes, nor with a modifier. */

const WRITING = 'input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable]';

/** @param {Record<string, (happened: KeyboardEvent) => boolean|void>} actions by key; true leaves the key to the browser */
export function listenToKeys(actions) {
  document.addEventListener("keydown", (happened) => {
    if (happened.ctrlKey || happened.metaKey || happened.altKey || happened.isComposing || happened.defaultPrevented) return;
    const target = /** @type {HTMLElement} */ (happened.target);
    const writing = target.matches?.(WRITING);
    if (writing && happened.key !== "Escape") return;
    if (document.querySelector("dialog[open]")) return;
    const action = actions[happened.key];
    if (!action) return;
    if (action(happened) !== true) happened.preventDefault();
  });
}
