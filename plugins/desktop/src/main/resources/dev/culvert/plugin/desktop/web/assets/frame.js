// The built-in engine's frame: IronRDP on a canvas, told by the page what to do. See `built-in.js`.

import { Pointer } from "./pointer.js";
import { scale } from "./scale.js";
import { Sink } from "./sink.js";

const stage = document.getElementById("stage");
const canvas = document.getElementById("canvas");

function tell(message) {
  parent.postMessage(message, location.origin);
}

// A panic of the module ends in an error of WebAssembly, wherever it happens; nothing of it can be used after that.
function failed(error) {
  if (error instanceof WebAssembly.RuntimeError) {
    tell({ type: "crashed" });
    return true;
  }
  return false;
}

addEventListener("error", ({ error }) => failed(error));
addEventListener("unhandledrejection", ({ reason }) => failed(reason));

// Why the edge closes the WebSocket stays within IronRDP: it is heard here.
let closing = null;
globalThis.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("close", ({ code, reason }) => { closing = { code, reason }; });
  }
};

/** IronRDP lets go of its WebSocket before the browser knows how it ended. */
async function howClosed() {
  for (let turn = 0; closing === null && turn < 20; turn += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  return closing;
}

class Frame {
  #iron = null;
  #pointer;
  #sink = new Sink(stage);
  #size = "fit";
  #unicode = false;
  #mayType = false;
  #down = new Set();

  constructor() {
    addEventListener("message", ({ origin, source, data }) => origin === location.origin && source === parent && this.#do(data));
    this.#pointer = new Pointer(canvas, (state) => this.#point(state));
    this.#hearKeys();
    addEventListener("focus", () => this.#focused());
    canvas.addEventListener("mousedown", () => this.#touched());
    canvas.addEventListener("touchend", () => this.#touched());
    new ResizeObserver(() => this.#fit()).observe(stage);
  }

  #do(message) {
    switch (message.type) {
      case "connect": return this.#connect(message);
      case "view":
        this.#size = message.size;
        this.#pointer.touch = message.touch;
        return this.#fit();
      case "focus": return this.#sink.focus(message.withKeyboard);
      case "key": return this.#screenKey(message.key, message.isDown);
      case "clipboard": return this.#iron?.copyIn(message.text);
      default: return undefined;
    }
  }

  async #connect(request) {
    const { Iron } = await module;
    this.#unicode = request.unicode;
    this.#mayType = request.mayType;
    this.#iron = new Iron(canvas, {
      clipboard: request.clipboard ? {
        opened: () => tell({ type: "clipboard-opened" }),
        received: (text) => tell({ type: "clipboard", text }),
      } : null,
      cursor: (style) => { canvas.style.cursor = style; },
    });
    try {
      await this.#iron.connect(request);
      canvas.hidden = false;
      this.#fit();
      tell({ type: "connected" });
      const text = await this.#iron.run();
      tell({ type: "ended", text, closing: await howClosed() });
    } catch (error) {
      if (!failed(error)) {
        tell({ type: "ended", ...explained(error), closing: await howClosed() });
      }
    }
  }

  #fit() {
    const drawn = scale(stage, canvas, this.#size);
    canvas.style.width = `${Math.round(canvas.width * drawn)}px`;
    canvas.style.height = `${Math.round(canvas.height * drawn)}px`;
  }

  /** The page does not hear of it when its window comes to the front. */
  #focused() {
    this.#sink.focus();
    tell({ type: "focused" });
  }

  #touched() {
    this.#sink.focus();
    tell({ type: "touched" });
  }

  #point(state) {
    if (this.#mayType && canvas.clientWidth > 0) {
      const drawn = canvas.width / canvas.clientWidth;
      this.#iron?.point({ ...state, x: state.x * drawn, y: state.y * drawn });
    }
  }

  // Keys. A key goes to the host by its place; by what it writes when so chosen, and when the browser composes text.

  #hearKeys() {
    const field = this.#sink.element;
    field.addEventListener("keydown", (event) => this.#key(event, true));
    field.addEventListener("keyup", (event) => this.#key(event, false));
    field.addEventListener("input", ({ data, isComposing }) => !isComposing && data && this.#write(data));
    field.addEventListener("compositionend", ({ data }) => data && this.#write(data));
    field.addEventListener("focus", () => this.#letGo());
    field.addEventListener("blur", () => this.#letGo());
  }

  #key(event, isDown) {
    if (event.isComposing || event.key === "Process" || event.key === "Unidentified") {
      return;
    }
    if (isDown && event.ctrlKey && event.altKey && event.shiftKey) {
      event.preventDefault();
      this.#letGo();
      tell({ type: "left" });
      return;
    }
    if (isDown) {
      tell({ type: "touched" });
    }
    if (!this.#mayType) {
      event.preventDefault();
    } else if (this.#unicode && isDown && isText(event)) {
      if (event.key !== "Dead") {
        event.preventDefault();
        this.#write(event.key);
      }
    } else if (this.#press(event.code, isDown)) {
      event.preventDefault();
    }
  }

  #press(code, isDown) {
    if (!isDown && !this.#down.delete(code)) {
      return false;
    }
    const isKey = this.#iron?.press(code, isDown) ?? false;
    if (isKey && isDown) {
      this.#down.add(code);
    }
    return isKey;
  }

  #write(text) {
    if (this.#mayType) {
      this.#iron?.write(text);
    }
  }

  #screenKey({ code, letter }, isDown) {
    if (!this.#mayType) {
      return;
    }
    if (this.#unicode && letter !== undefined) {
      if (isDown) {
        this.#write(letter);
      }
    } else {
      this.#press(code, isDown);
    }
  }

  #letGo() {
    this.#down.clear();
    this.#iron?.letGo();
  }
}

/** Whether it writes something rather than commanding. */
function isText(event) {
  const commands = event.metaKey || (event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph");
  return !commands && ([...event.key].length === 1 || event.key === "Dead");
}

/** IronRDP's errors are objects of its module. */
function explained(error) {
  if (typeof error?.kind !== "function") {
    return { text: String(error?.message ?? error) };
  }
  const details = error.rdcleanpathDetails();
  return {
    kind: error.kind(),
    details: details && { http: details.httpStatusCode, wsa: details.wsaErrorCode, tls: details.tlsAlertCode },
  };
}

/** Its script, too, may fail to load; the page hears of it. */
const module = import("./iron.js").then(async (iron) => {
  await iron.load();
  return iron;
});

new Frame();
try {
  await module;
  tell({ type: "ready" });
} catch (error) {
  tell({ type: "ended", text: `the viewer could not be loaded (${error?.message ?? error}): reload the page` });
}
