// Keys that touch keyboards have not. Ctrl and Alt are held for the next key.

import { part, say } from "./elements.js";

const arrows = { up: "A", down: "B", right: "C", left: "D" };

export class Keys {
  #held = new Set();
  #terminal;

  constructor(terminal) {
    this.#terminal = terminal;
    const keys = part("keys");
    // A button that took the focus would put the keyboard of the screen away.
    keys.addEventListener("mousedown", (event) => event.preventDefault());
    keys.addEventListener("click", ({ target }) => this.#press(target.closest("button")));
    part("paste").addEventListener("click", () => this.#paste());
  }

  #press(button) {
    if (button?.dataset.hold) {
      this.#hold(button.dataset.hold, !this.#held.has(button.dataset.hold));
    } else if (button?.dataset.key) {
      this.#terminal.input(this.#sequence(button.dataset.key));
    } else if (button?.dataset.type) {
      this.#terminal.input(button.dataset.type);
    }
  }

  #hold(name, isHeld) {
    this.#held[isHeld ? "add" : "delete"](name);
    part("keys").querySelector(`[data-hold=${name}]`).setAttribute("aria-pressed", String(isHeld));
  }

  #sequence(key) {
    if (key === "escape") {
      return "\x1b";
    }
    if (key === "tab") {
      return "\t";
    }
    const letter = arrows[key];
    if (this.#held.size > 0) {
      const modifier = 1 + (this.#held.has("alt") ? 2 : 0) + (this.#held.has("control") ? 4 : 0);
      this.#letGo();
      return `\x1b[1;${modifier}${letter}`;
    }
    return (this.#terminal.modes.applicationCursorKeysMode ? "\x1bO" : "\x1b[") + letter;
  }

  /** What a typed text means with the keys that are held. */
  apply(text) {
    if (this.#held.size === 0 || text.length !== 1) {
      return text;
    }
    const control = this.#held.has("control") ? controlled(text) : text;
    const typed = this.#held.has("alt") ? `\x1b${control}` : control;
    this.#letGo();
    return typed;
  }

  #letGo() {
    [...this.#held].forEach((name) => this.#hold(name, false));
  }

  async #paste() {
    try {
      this.#terminal.paste(await navigator.clipboard.readText());
    } catch {
      say("This browser does not let the page read the clipboard: hold the terminal and choose Paste.");
    }
    this.#terminal.focus();
  }
}

function controlled(letter) {
  const code = letter.toUpperCase().charCodeAt(0);
  return letter === " " ? "\0" : code >= 64 && code < 96 ? String.fromCharCode(code - 64) : letter;
}
