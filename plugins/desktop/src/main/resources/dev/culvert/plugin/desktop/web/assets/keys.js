// Keys that touch keyboards have not, and a small keyboard for where there is none. Ctrl, Alt, Shift and the Windows key
// are held for the next key.

import { element, part } from "./elements.js";

const symbols = {
  Backquote: "`~", Minus: "-_", Equal: "=+", BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|", Semicolon: ";:",
  Quote: "'\"", Comma: ",<", Period: ".>", Slash: "/?",
};
const digits = ["0)", "1!", "2@", "3#", "4$", "5%", "6^", "7&", "8*", "9("];

/** What a key says and sends, by the name of its place. */
const named = {
  Escape: ["Esc", 0xff1b], Tab: ["Tab", 0xff09], Backspace: ["⌫", 0xff08, "Backspace"], Enter: ["Enter", 0xff0d],
  Space: ["space", 0x20], Delete: ["Del", 0xffff], Insert: ["Ins", 0xff63],
  ContextMenu: ["Menu", 0xff67], Home: ["Home", 0xff50], End: ["End", 0xff57],
  PageUp: ["PgUp", 0xff55], PageDown: ["PgDn", 0xff56], ArrowLeft: ["←", 0xff51, "Left"],
  ArrowUp: ["↑", 0xff52, "Up"], ArrowRight: ["→", 0xff53, "Right"], ArrowDown: ["↓", 0xff54, "Down"],
};
const holds = {
  ShiftLeft: ["Shift", 0xffe1], ControlLeft: ["Ctrl", 0xffe3], AltLeft: ["Alt", 0xffe9], MetaLeft: ["⊞", 0xffeb, "Windows key"],
};
const f1 = 0xffbe;

const letters = (text) => [...text].map((letter) => `Key${letter}`);
const numbers = [..."1234567890"].map((digit) => `Digit${digit}`);
const functions = Array.from({ length: 12 }, (_, number) => `F${number + 1}`);

/** Rows of places; `.more` shows the rows that are seldom wanted. */
const rows = [
  { more: true, places: [...functions.slice(0, 6), "Insert", "PageUp"] },
  { more: true, places: [...functions.slice(6), "ContextMenu", "PageDown"] },
  { more: true, places: ["Backquote", "Minus", "Equal", "BracketLeft", "BracketRight", "Backslash", "Semicolon", "Quote"] },
  { places: numbers },
  { places: letters("QWERTYUIOP") },
  { places: letters("ASDFGHJKL") },
  { places: ["ShiftLeft", ...letters("ZXCVBNM"), "Backspace"] },
  { places: ["ControlLeft", "AltLeft", "MetaLeft", "Space", "Comma", "Period", "Slash", "Enter"] },
  { places: ["Escape", "Tab", "Delete", "Home", "End", "ArrowLeft", "ArrowUp", "ArrowDown", "ArrowRight", "more", "own"] },
];

export class Keys {
  #element = part("keys");
  #held = new Set();
  #desktop = null;
  #changed;

  /** @param changed called when the keys take or give room */
  constructor(changed) {
    this.#changed = changed;
    this.#element.append(...rows.map((row) => this.#row(row)));
    // A button that took the focus would put the keyboard of the screen away.
    this.#element.addEventListener("mousedown", (event) => event.preventDefault());
    part("show-keys").addEventListener("click", () => this.#show(this.#element.hidden));
  }

  /** The desktop that keys go to; null for none. */
  use(desktop) {
    this.#held.clear();
    this.#desktop = desktop;
    part("show-keys").hidden = desktop === null;
    this.#label();
    if (desktop === null) {
      this.#show(false);
    }
  }

  #show(isShown) {
    this.#element.hidden = !isShown;
    part("show-keys").setAttribute("aria-expanded", String(isShown));
    this.#changed();
  }

  #row({ places, more = false }) {
    const row = element("div", "key-row");
    row.hidden = more;
    row.classList.toggle("more", more);
    row.append(...places.map((place) => this.#button(place)));
    return row;
  }

  #button(place) {
    const button = element("button", "key");
    button.type = "button";
    button.dataset.place = place;
    button.addEventListener("click", () => this.#press(place));
    return button;
  }

  #label() {
    const isShifted = this.#held.has("ShiftLeft");
    for (const button of this.#element.querySelectorAll(".key")) {
      const { place } = button.dataset;
      const [text, , spoken] = holds[place] ?? named[place] ?? special[place] ?? [key(place, isShifted).letter ?? place];
      button.textContent = text;
      if (spoken) {
        button.setAttribute("aria-label", spoken);
      }
      if (place in holds) {
        button.setAttribute("aria-pressed", String(this.#held.has(place)));
      }
    }
  }

  #press(place) {
    if (place === "more") {
      this.#element.querySelectorAll(".more").forEach((row) => { row.hidden = !row.hidden; });
      this.#changed();
    } else if (place === "own") {
      this.#desktop.focus(true);
    } else if (place in holds) {
      this.#hold(place);
    } else {
      const pressed = key(place, this.#held.has("ShiftLeft"));
      this.#desktop.key(pressed, true);
      this.#desktop.key(pressed, false);
      [...this.#held].forEach((held) => this.#hold(held));
    }
  }

  #hold(place) {
    const isHeld = !this.#held.has(place);
    this.#held[isHeld ? "add" : "delete"](place);
    this.#desktop.key({ code: place, keysym: holds[place][1] }, isHeld);
    this.#label();
  }
}

const special = { more: ["Fn", 0, "Fn: more keys"], own: ["⌨", 0, "The device’s own keyboard"] };

/** What a place on a US keyboard sends: where it is, what it means, what it writes. */
function key(place, isShifted) {
  if (named[place]) {
    return { code: place, keysym: named[place][1] };
  }
  if (/^F\d+$/.test(place)) {
    return { code: place, keysym: f1 + Number(place.slice(1)) - 1 };
  }
  const both = symbols[place] ?? (place.startsWith("Digit") ? digits[place.slice(5)] : place.slice(3).toLowerCase() + place.slice(3));
  const letter = both[isShifted ? 1 : 0];
  return { code: place, keysym: letter.charCodeAt(0), letter };
}

/** Presses a combination, such as Ctrl-Alt-Del. */
export function ctrlAltDel(desktop) {
  const combination = [["ControlLeft", 0xffe3], ["AltLeft", 0xffe9], ["Delete", 0xffff]].map(([code, keysym]) => ({ code, keysym }));
  combination.forEach((pressed) => desktop.key(pressed, true));
  combination.reverse().forEach((pressed) => desktop.key(pressed, false));
}
