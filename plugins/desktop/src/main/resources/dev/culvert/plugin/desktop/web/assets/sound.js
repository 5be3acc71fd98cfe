// What the host plays. Browsers let a page be heard after somebody has touched it.

import { part } from "./elements.js";

export class Sound {
  #button = part("sound");
  #isOn = true;

  constructor() {
    this.#button.addEventListener("click", () => {
      this.#isOn = !this.#isOn;
      this.#apply();
    });
    for (const touch of ["pointerdown", "keydown"]) {
      document.addEventListener(touch, () => this.#isOn && !this.#button.hidden && this.#apply(), { capture: true });
    }
  }

  /** The host opens its sound. */
  begin() {
    this.#button.hidden = false;
    this.#apply();
  }

  end() {
    this.#button.hidden = true;
  }

  #apply() {
    const context = Guacamole.AudioContextFactory.getAudioContext();
    this.#button.setAttribute("aria-pressed", String(this.#isOn));
    // Neither comes to an end where the browser does not allow it yet.
    const _ = this.#isOn ? context?.resume() : context?.suspend();
  }
}
