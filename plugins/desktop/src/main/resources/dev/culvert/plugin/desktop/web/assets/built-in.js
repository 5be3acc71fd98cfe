// A desktop by the built-in engine, which runs in a frame of its own: should its WebAssembly crash, the frame is made anew
// and this page goes on. The frame's half is `frame.js`.

const readyMillis = 60_000;

export class BuiltIn {
  #stage;
  #on;
  #frame = document.createElement("iframe");
  #timer = 0;
  #isConnected = false;
  #isOver = false;
  /** Whether the host has opened its clipboard: it may have none. */
  hasClipboard = false;
  #hear = (event) => this.#message(event);

  /**
   * @param request what the frame connects with: { socket, destination, user, password, domain, width, height, unicode,
   *     clipboard, mayType }
   * @param on as of the other engine, and `crashed()`, `focused()` when it gets the focus
   */
  constructor(stage, request, on) {
    this.#stage = stage;
    this.#on = on;
    this.#frame.title = "Desktop";
    this.#frame.className = "desktop-frame";
    this.#frame.allow = "clipboard-read; clipboard-write; fullscreen; keyboard-map";
    this.connect = () => {
      addEventListener("message", this.#hear);
      this.#timer = setTimeout(() => this.#end({ text: "the viewer could not be loaded: reload the page" }), readyMillis);
      this.#frame.src = "/.culvert/desktop/frame";
      stage.append(this.#frame);
    };
    this.#start = () => this.#tell({ type: "connect", ...request });
  }

  #start;

  #message({ origin, source, data }) {
    if (origin !== location.origin || source !== this.#frame.contentWindow) {
      return;
    }
    switch (data.type) {
      case "ready":
        clearTimeout(this.#timer);
        return this.#start();
      case "connected":
        this.#isConnected = true;
        return this.#on.connected();
      case "ended": return this.#end(data);
      case "crashed": return this.#crash();
      case "clipboard-opened":
        this.hasClipboard = true;
        return undefined;
      case "focused": return this.#on.focused();
      case "clipboard": return this.#on.clipboard?.(data.text);
      case "left": return this.#on.left();
      case "touched": return this.#on.touched?.();
      default: return undefined;
    }
  }

  #end({ kind = null, details = null, closing = null, text = "" }) {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#on.ended({ isConnected: this.#isConnected, kind, details, closing, text });
    }
  }

  #crash() {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#on.crashed();
    }
  }

  #tell(message) {
    this.#frame.contentWindow?.postMessage(message, location.origin);
  }

  /** Ends it, without a word of that, and takes it off the page: the frame's WebSocket goes with the frame. */
  remove() {
    this.#isOver = true;
    clearTimeout(this.#timer);
    removeEventListener("message", this.#hear);
    this.#stage.replaceChildren();
  }

  focus(withKeyboard = false) {
    this.#frame.contentWindow?.focus();
    this.#tell({ type: "focus", withKeyboard });
  }

  key(key, isDown) {
    this.#tell({ type: "key", key, isDown });
  }

  copyIn(text) {
    this.#tell({ type: "clipboard", text });
  }

  view({ size, touch }) {
    this.#tell({ type: "view", size, touch });
  }

  /** Its size is fixed; the frame fits it by itself. */
  resized() {}

  /**
   * Of an element: one pixel of the desktop is one of CSS, since the host is not told how dense the screen is. Hosts that send
   * classic bitmaps fill the last one of a row up to four pixels, and IronRDP 0.7.0 panics where that is below the screen.
   */
  static pixels({ clientWidth, clientHeight }) {
    const fours = (pixels) => Math.min(8192, Math.max(200, 4 * Math.floor(pixels / 4)));
    return { width: fours(clientWidth), height: fours(clientHeight), dpi: 96 };
  }
}
