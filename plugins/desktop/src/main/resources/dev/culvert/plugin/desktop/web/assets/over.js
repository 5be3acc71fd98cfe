// What stands where the desktop was, and the ways on from there.

import { part } from "./elements.js";

export class Over {
  #again = () => {};

  /** @param differently leads back to the panel */
  constructor(differently) {
    part("again").addEventListener("click", () => this.#again());
    part("elsewise").addEventListener("click", differently);
  }

  /** @param again what the first button does */
  show({ heading, message, next = "", isAccess = false, verb = "Connect again" }, again) {
    part("over-heading").textContent = heading;
    part("over-message").textContent = message;
    part("over-next").textContent = next;
    part("over-next").hidden = next === "";
    part("elsewise").hidden = isAccess;
    part("again").textContent = isAccess ? "Sign in again" : verb;
    part("over").hidden = false;
    part("again").focus();
    this.#again = isAccess ? () => location.reload() : again;
  }

  hide() {
    part("over").hidden = true;
  }
}
