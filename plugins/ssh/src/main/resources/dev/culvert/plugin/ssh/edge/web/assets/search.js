// The bar that searches the terminal.

import { SearchAddon } from "./libraries/@xterm/addon-search/lib/addon-search.mjs";
import { part } from "./elements.js";
import { matchColours } from "./themes.js";

export class Search {
  #addon = new SearchAddon({ highlightLimit: 1000 });
  #bar = part("search");
  #text = part("search-text");
  #case = part("search-case");
  #terminal;
  #settings;

  constructor(terminal, settings) {
    this.#terminal = terminal;
    this.#settings = settings;
    terminal.loadAddon(this.#addon);
    this.#addon.onDidChangeResults(({ resultIndex, resultCount }) => this.#showFound(resultIndex, resultCount));
    this.#text.addEventListener("input", () => this.#find("findNext", true));
    this.#bar.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#find("findNext");
    });
    this.#bar.addEventListener("keydown", (event) => this.#key(event));
    this.#case.addEventListener("click", () => this.#turnCase());
    part("search-back").addEventListener("click", () => this.#find("findPrevious"));
    part("search-close").addEventListener("click", () => this.close());
    part("show-search").addEventListener("click", () => this.open());
    settings.addEventListener("change", () => this.#bar.hidden || this.#findAnew());
  }

  open() {
    this.#bar.hidden = false;
    const selected = this.#terminal.getSelection();
    if (selected !== "" && !selected.includes("\n")) {
      this.#text.value = selected;
    }
    this.#text.select();
    this.#text.focus();
    this.#find("findNext", true);
  }

  close() {
    this.#bar.hidden = true;
    this.#addon.clearDecorations();
    this.#terminal.focus();
  }

  #key(event) {
    if (event.key === "Escape") {
      this.close();
    } else if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      this.#find("findPrevious");
    }
  }

  #turnCase() {
    this.#case.setAttribute("aria-pressed", String(!this.#isCaseSensitive));
    this.#findAnew();
  }

  /** With other options: the add-on would keep the matches of those before. */
  #findAnew() {
    this.#addon.clearDecorations();
    this.#find("findNext", true);
  }

  get #isCaseSensitive() {
    return this.#case.getAttribute("aria-pressed") === "true";
  }

  #find(direction, incremental = false) {
    if (this.#text.value === "") {
      this.#addon.clearDecorations();
      part("search-found").value = "";
      return;
    }
    this.#addon[direction](this.#text.value, {
      incremental, caseSensitive: this.#isCaseSensitive, decorations: matchColours(this.#settings),
    });
  }

  #showFound(index, count) {
    part("search-found").value = this.#text.value === "" ? ""
      : count === 0 ? "nothing" : index < 0 ? `${count} found` : `${index + 1} of ${count}`;
  }
}
