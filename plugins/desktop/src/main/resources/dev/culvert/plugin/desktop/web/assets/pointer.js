// Mouse and fingers over a desktop.

const events = ["mousedown", "mousemove", "mouseup"];

export class Pointer {
  #mouse;
  /** What a finger does: `pad` or `direct`. */
  touch = "direct";

  /** @param on called with { x, y, left, middle, right, up, down }; x and y in CSS pixels of the element */
  constructor(element, on) {
    this.#mouse = new Guacamole.Mouse(element);
    this.#hear(this.#mouse, on, () => true);
    this.#hear(new Guacamole.Mouse.Touchpad(element), on, () => this.touch === "pad");
    this.#hear(new Guacamole.Mouse.Touchscreen(element), on, () => this.touch === "direct");
  }

  #hear(source, on, isHeard) {
    source.onEach(events, (event) => {
      event.preventDefault();
      if (isHeard()) {
        on(event.state);
      }
    });
  }

  /** @return whether the browser shows it */
  showCursor(canvas, x, y) {
    return this.#mouse.setCursor(canvas, x, y);
  }
}
