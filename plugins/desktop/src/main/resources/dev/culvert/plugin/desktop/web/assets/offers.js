// Files that the host offers by itself, out of its folder for downloads: nothing of one comes before somebody takes it.

import { element, part } from "./elements.js";

const mostWaiting = 8;
/** A host may know where somebody is about to click. */
const unseenMillis = 500;

const longestName = 80;
const endOfName = 30;

export class Offers {
  #panel = part("offers");
  #list = part("offers-list");
  #waiting = new Set();
  #refused = part("offers-refused");
  #said = part("offers-said");
  #back;

  /** @param back gives the focus to the desktop */
  constructor(back) {
    this.#back = back;
    this.#panel.addEventListener("keydown", ({ key }) => key === "Escape" && back());
  }

  /** guacd sends no byte of a stream that was not answered. @param take what becomes of it when it is wanted */
  add(stream, name, take) {
    if (this.#waiting.size >= mostWaiting) {
      stream.sendAck("too many files wait", Guacamole.Status.Code.CLIENT_TOO_MANY);
      this.#refuses(true);
      return;
    }
    const refuse = () => this.#drop(offer, Guacamole.Status.Code.CLIENT_FORBIDDEN);
    const shown = performance.now();
    const save = () => {
      if (performance.now() - shown >= unseenMillis) {
        this.#remove(offer);
        take();
      }
    };
    const offer = { stream, item: item(name, save, refuse) };
    stream.onblob = refuse;
    stream.onend = () => this.#remove(offer);
    this.#waiting.add(offer);
    this.#list.append(offer.item);
    this.#panel.hidden = false;
    // Whoever sees the page sees the offer.
    this.#said.textContent = `The host offers ${shortened(name)}: save or refuse it.`;
  }

  #refuses(isShown) {
    if (this.#refused.hidden === isShown) {
      this.#refused.hidden = !isShown;
      this.#said.textContent = isShown ? this.#refused.textContent : "";
    }
  }

  #drop(offer, code) {
    this.#remove(offer);
    offer.stream.sendAck("not taken", code);
  }

  /** The focus goes to the next one, or back to the desktop, unless it is elsewhere. */
  #remove(offer) {
    const next = offer.item.nextElementSibling ?? offer.item.previousElementSibling;
    const hadFocus = offer.item.contains(document.activeElement);
    offer.stream.onblob = offer.stream.onend = null;
    this.#waiting.delete(offer);
    this.#refuses(false);
    offer.item.remove();
    if (this.#waiting.size === 0) {
      this.#panel.hidden = true;
      this.#said.textContent = "";
    }
    if (hadFocus) {
      (next === null ? this.#back : () => next.querySelector("button").focus())();
    }
  }

  /** The session is over. */
  dropAll() {
    for (const offer of [...this.#waiting]) {
      this.#drop(offer, Guacamole.Status.Code.RESOURCE_CLOSED);
    }
  }
}

function item(name, save, refuse) {
  const made = element("li", "");
  const text = element("p", "offer-name", "The host offers ");
  // Letters that are written from right to left do not put the rest of the line elsewhere.
  text.append(element("bdi", "", shortened(name)));
  made.append(text, button("Save", name, "button primary", save), button("Refuse", name, "button", refuse));
  return made;
}

function button(verb, name, className, act) {
  const made = element("button", className, verb);
  made.type = "button";
  made.setAttribute("aria-label", `${verb} ${shortened(name)}`);
  made.addEventListener("click", act);
  return made;
}

/** With its end, which says what kind of file it is. */
function shortened(name) {
  const letters = [...name];
  return letters.length <= longestName ? name
    : `${letters.slice(0, longestName - endOfName).join("")}…${letters.slice(-endOfName).join("")}`;
}
