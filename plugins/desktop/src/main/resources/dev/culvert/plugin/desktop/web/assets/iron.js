// A session of IronRDP: keys, pointer and clipboard of one canvas. The element that IronRDP offers for this reads and
// writes the whole clipboard by itself and lets go of everything when the pointer leaves it; here the page decides.

import * as ironRdp from "./libraries/npm/@devolutions/iron-remote-desktop-rdp/iron-remote-desktop-rdp.js";
import { scancode } from "./scancodes.js";

const { ClipboardData, DesktopSize, DeviceEvent, InputTransaction, SessionBuilder } = ironRdp.Backend;
const wheelPixels = 120;
const pixelUnit = 0;
const buttons = { left: 0, middle: 1, right: 2 };
const highestUnicode = 0xffff;

/** The token is in the WebSocket's address, and the builder insists on one. */
const noToken = "-";

/** Loads the WebAssembly. */
export function load() {
  return ironRdp.init("ERROR");
}

export class Iron {
  #canvas;
  #on;
  #session = null;
  #held = { left: false, middle: false, right: false };
  #copied = null;
  #hasClipboard = false;

  /** @param on `clipboard`: `{ opened(), received(text) }`, null when it is closed; `cursor(style)` */
  constructor(canvas, on) {
    this.#canvas = canvas;
    this.#on = on;
  }

  /** Resolves when the desktop is there. */
  async connect({ socket, destination, user, password, domain, width, height }) {
    const builder = new SessionBuilder();
    builder.proxyAddress(socket);
    builder.destination(destination);
    builder.authToken(noToken);
    builder.username(user);
    builder.password(password);
    builder.serverDomain(domain);
    builder.desktopSize(new DesktopSize(width, height));
    builder.renderCanvas(this.#canvas);
    builder.setCursorStyleCallbackContext(null);
    builder.setCursorStyleCallback((kind, image, x, y) => this.#on.cursor(cursor(kind, image, x, y)));
    if (this.#on.clipboard) {
      builder.remoteClipboardChangedCallback((data) => this.#clipboard(data));
      builder.forceClipboardUpdateCallback(() => this.#clipboardOpened());
    }
    this.#session = await builder.connect();
    const size = this.#session.desktopSize();
    this.#canvas.width = size.width;
    this.#canvas.height = size.height;
  }

  /** Resolves when the session is over, with what the host said of it. */
  async run() {
    const end = await this.#session.run();
    return end.reason();
  }

  // Clipboard.

  #clipboard(data) {
    const texts = data.items().filter((item) => item.mimeType().startsWith("text/plain"));
    if (texts.length > 0 && typeof texts[0].value() === "string") {
      this.#on.clipboard.received(texts[0].value());
    }
  }

  #clipboardOpened() {
    this.#hasClipboard = true;
    this.#on.clipboard.opened();
    this.#offer();
  }

  /** For the host, once it has opened its clipboard: hosts without one end sessions in which something comes for it. */
  copyIn(text) {
    this.#copied = text;
    if (this.#hasClipboard) {
      this.#offer();
    }
  }

  /**
   * The host is told that there is text, and given it, with the ends of lines that RDP has, when it asks. Before there is any, it
   * is told of none, and keeps its own.
   */
  #offer() {
    const data = new ClipboardData();
    if (this.#copied !== null) {
      data.addText("text/plain", this.#copied.replace(/\r?\n/g, "\r\n"));
    }
    return this.#session.onClipboardPaste(data);
  }

  // Keys and pointer.

  #send(...events) {
    if (this.#session !== null && events.length > 0) {
      const transaction = new InputTransaction();
      events.forEach((event) => transaction.addEvent(event));
      this.#session.applyInputs(transaction);
    }
  }

  /** @return whether it is a key of a PC's keyboard */
  press(code, isDown) {
    const scan = scancode(code);
    if (scan !== undefined) {
      this.#send(isDown ? DeviceEvent.keyPressed(scan) : DeviceEvent.keyReleased(scan));
    }
    return scan !== undefined;
  }

  /** Characters that no key of the host's layout need have. */
  write(text) {
    for (const letter of text) {
      if (letter.codePointAt(0) <= highestUnicode) {
        this.#send(DeviceEvent.unicodePressed(letter), DeviceEvent.unicodeReleased(letter));
      }
    }
  }

  /** State of the locks, as the browser knows it. */
  locks(event) {
    this.#session?.synchronizeLockKeys(
      event.getModifierState("ScrollLock"), event.getModifierState("NumLock"), event.getModifierState("CapsLock"), false);
  }

  letGo() {
    this.#held = { left: false, middle: false, right: false };
    this.#session?.releaseAllInputs();
  }

  /** @param state of Guacamole's mouse, x and y in pixels of the canvas */
  point(state) {
    const x = Math.min(this.#canvas.width - 1, Math.max(0, Math.round(state.x)));
    const y = Math.min(this.#canvas.height - 1, Math.max(0, Math.round(state.y)));
    const events = [DeviceEvent.mouseMove(x, y)];
    for (const [name, number] of Object.entries(buttons)) {
      if (state[name] !== this.#held[name]) {
        this.#held[name] = state[name];
        events.push(state[name] ? DeviceEvent.mouseButtonPressed(number) : DeviceEvent.mouseButtonReleased(number));
      }
    }
    for (const [name, turn] of [["up", wheelPixels], ["down", -wheelPixels]]) {
      if (state[name]) {
        events.push(DeviceEvent.wheelRotations(true, turn, pixelUnit));
      }
    }
    this.#send(...events);
  }
}

function cursor(kind, image, x, y) {
  if (kind === "url" && image !== undefined) {
    return `url(${image}) ${Math.round(x ?? 0)} ${Math.round(y ?? 0)}, default`;
  }
  return kind === "hidden" ? "none" : "default";
}
