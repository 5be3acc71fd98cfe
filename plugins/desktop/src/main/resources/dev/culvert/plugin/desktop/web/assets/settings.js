// How desktops are shown: kept in this browser. Nothing about who somebody is.

import { part } from "./elements.js";

const place = "culvert.desktop";
const sizes = ["fit", "real"];
const touches = ["pad", "direct"];

/** What is kept may be of another version or of somebody's hand: whatever does not fit is left out. */
function kept() {
  let found = {};
  try {
    found = JSON.parse(localStorage.getItem(place)) ?? {};
  } catch {
    // No storage here, or not ours.
  }
  return {
    size: sizes.includes(found.size) ? found.size : "fit",
    touch: touches.includes(found.touch) ? found.touch : "direct",
    keyboard: /^[a-z-]{1,32}$/.test(found.keyboard) ? found.keyboard : "",
  };
}

export class Settings extends EventTarget {
  #values = kept();

  get size() {
    return this.#values.size;
  }

  get touch() {
    return this.#values.touch;
  }

  /** Empty when nobody has chosen one. */
  get keyboard() {
    return this.#values.keyboard;
  }

  /** The dialog that changes them, at once. */
  bind() {
    const form = part("settings").querySelector("form");
    form.size.value = this.size;
    form.touch.value = this.touch;
    form.addEventListener("change", () => this.change({ size: form.size.value, touch: form.touch.value }));
    part("show-settings").addEventListener("click", () => part("settings").showModal());
  }

  change(values) {
    Object.assign(this.#values, values);
    try {
      localStorage.setItem(place, JSON.stringify(this.#values));
    } catch {
      // Without storage it holds until the page is left.
    }
    this.dispatchEvent(new Event("change"));
  }
}
