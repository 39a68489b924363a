/** Dark, light, or as the system has it. */

const NEXT = { system: "light", light: "dark", dark: "system" };
const WORDS = { system: "Theme: system", light: "Theme: light", dark: "Theme: dark" };

const chosen = () => document.documentElement.dataset.theme ?? "system";

/** @param {HTMLElement} button */
export function themeButton(button) {
  const tell = () => {
    button.textContent = WORDS[chosen()];
  };
  button.addEventListener("click", () => {
    const next = NEXT[chosen()];
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      if (next === "system") localStorage.removeItem("muster.theme");
      else localStorage.setItem("muster.theme", next);
    } catch {
      // the choice lasts as long as the page
    }
    tell();
  });
  tell();
}
