// Remembered in this browser: the person, and dark or light once it's been chosen.
import { byId } from "./dom.js";

export const kept = (name, value) => (value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value));

export function startTheme() {
  const root = document.documentElement;
  if (kept("theme")) root.dataset.theme = kept("theme");
  byId("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    kept("theme", root.dataset.theme);
  });
}
