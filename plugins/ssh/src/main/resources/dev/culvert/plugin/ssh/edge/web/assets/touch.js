// A finger that moves over the terminal scrolls it. Where there is nothing to scroll (a program has the whole screen) it
// turns a wheel, which xterm.js tells the program of.

export class Touch {
  #terminal;
  #last = null;
  #pixels = 0;

  constructor(terminal) {
    this.#terminal = terminal;
    terminal.element.addEventListener("touchstart", ({ touches }) => this.#start(touches));
    terminal.element.addEventListener("touchmove", ({ touches: [touch] }) => this.#last && this.#move(touch));
    terminal.element.addEventListener("touchend", () => { this.#last = null; });
  }

  /** Two fingers zoom the page. */
  #start(touches) {
    this.#last = touches.length === 1 ? touches[0] : null;
    this.#pixels = 0;
  }

  #move(touch) {
    const moved = this.#last.clientY - touch.clientY;
    this.#last = touch;
    if (this.#terminal.buffer.active.type === "alternate" || this.#terminal.modes.mouseTrackingMode !== "none") {
      this.#wheel(moved, touch);
    } else {
      this.#scroll(moved);
    }
  }

  #scroll(moved) {
    const lineHeight = this.#screen.clientHeight / this.#terminal.rows;
    this.#pixels += moved;
    const lines = Math.trunc(this.#pixels / lineHeight);
    this.#pixels -= lines * lineHeight;
    this.#terminal.scrollLines(lines);
  }

  #wheel(deltaY, { clientX, clientY }) {
    this.#screen.dispatchEvent(new WheelEvent("wheel", { deltaY, clientX, clientY, bubbles: true, cancelable: true }));
  }

  get #screen() {
    return this.#terminal.element.querySelector(".xterm-screen");
  }
}
