// How the page looks: kept in this browser.

import { part } from "./elements.js";

const place = "culvert.terminal";
const themes = ["system", "dark", "light", "contrast"];
const smallest = 8;
const largest = 32;

/** What is kept may be of another version or of somebody's hand: whatever does not fit is left out. */
function kept() {
  let found = {};
  try {
    found = JSON.parse(localStorage.getItem(place)) ?? {};
  } catch {
    // No storage here, or not ours.
  }
  return {
    theme: themes.includes(found.theme) ? found.theme : "system",
    fontSize: found.fontSize >= smallest && found.fontSize <= largest ? Math.round(found.fontSize) : 15,
    screenReader: found.screenReader === true,
  };
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const contrast = matchMedia("(prefers-contrast: more)");

export class Settings extends EventTarget {
  #values = kept();

  constructor() {
    super();
    for (const query of [dark, contrast]) {
      query.addEventListener("change", () => this.#changed());
    }
    this.#showTheme();
  }

  get fontSize() {
    return this.#values.fontSize;
  }

  get screenReader() {
    return this.#values.screenReader;
  }

  /** `dark`, `light` or `contrast`. */
  get theme() {
    if (this.#values.theme !== "system") {
      return this.#values.theme;
    }
    return contrast.matches ? "contrast" : dark.matches ? "dark" : "light";
  }

  /** The dialog that changes them, at once. */
  bind() {
    const [theme, size, reader] = [part("theme"), part("font-size"), part("screen-reader")];
    theme.value = this.#values.theme;
    size.value = this.fontSize;
    reader.checked = this.screenReader;
    part("font-size-now").value = this.fontSize;
    theme.addEventListener("change", () => this.#change({ theme: theme.value }));
    size.addEventListener("input", () => this.#change({ fontSize: Number(size.value) }));
    reader.addEventListener("change", () => this.#change({ screenReader: reader.checked }));
    part("show-settings").addEventListener("click", () => part("settings").showModal());
  }

  #change(values) {
    Object.assign(this.#values, values);
    part("font-size-now").value = this.fontSize;
    try {
      localStorage.setItem(place, JSON.stringify(this.#values));
    } catch {
      // Without storage it holds until the page is left.
    }
    this.#changed();
  }

  #changed() {
    this.#showTheme();
    this.dispatchEvent(new Event("change"));
  }

  #showTheme() {
    document.documentElement.dataset.theme = this.theme;
  }
}
