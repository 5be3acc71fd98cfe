// What stands above the terminal when its session is over, and the ways on from there.

import { part } from "./elements.js";

export class Over {
  #again = () => {};

  /** @param differently leads back to the panel */
  constructor(differently) {
    part("again").addEventListener("click", () => this.#again());
    part("elsewise").addEventListener("click", differently);
  }

  /** The host can be reached again without more ado. */
  show(text, again) {
    this.#show(text, "Connect again", again);
    part("elsewise").hidden = false;
  }

  /** The edge has to decide again who this is. */
  showAccessEnded(text) {
    this.#show(text, "Sign in again", () => location.reload());
    part("elsewise").hidden = true;
  }

  #show(text, verb, again) {
    part("over-text").textContent = text;
    part("again").textContent = verb;
    part("over").hidden = false;
    part("again").focus();
    this.#again = again;
  }

  hide() {
    part("over").hidden = true;
  }
}
