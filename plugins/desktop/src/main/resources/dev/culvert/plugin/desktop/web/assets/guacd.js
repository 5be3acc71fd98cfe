// A desktop by guacd: Guacamole's client in this page.

import { Pointer } from "./pointer.js";
import { scale } from "./scale.js";
import { Sink } from "./sink.js";
import { Tunnel } from "./tunnel.js";

/** Bytes of text that are taken from the host's clipboard, as many as the panel sends there. */
const mostCopied = 256 * 1024;

const resizeMillis = 300;
const blobBytes = 6048;
const left = { control: [0xffe3, 0xffe4], alt: [0xffe9, 0xffea, 0xffe7, 0xffe8], shift: [0xffe1, 0xffe2] };
const messages = { joined: 1, left: 2 };

export class Guacd {
  hasClipboard = true;
  #stage;
  #on;
  #mayType;
  #client;
  #tunnel;
  #display;
  #pointer = null;
  #sink;
  #keyboard = null;
  #size = "fit";
  #sizeTimer = 0;
  #asked = "";
  #isConnected = false;
  #text = "";

  /**
   * @param mayType whether keys and pointer are sent
   * @param on `connected()`, `ended({ isConnected, closing, text })` once, `left()` for the shortcut, `touched()`
   *     when somebody works on it, `slow(bool)`,
   *     `clipboard(text)`, `filesystem(object)`, `file(stream, name)`, `audio()`, `joined(id, who)`, `parted(id)`; all but
   *     the first three may be missing
   */
  constructor(stage, url, mayType, on) {
    this.#stage = stage;
    this.#on = on;
    this.#mayType = mayType;
    this.#tunnel = new Tunnel(url, {
      closed: (closing) => this.#ended(closing),
      slow: (isSlow) => on.slow?.(isSlow),
    });
    this.#client = new Guacamole.Client(this.#tunnel);
    this.#display = this.#client.getDisplay();
    this.#sink = new Sink(stage);
    this.#hear();
    stage.append(this.#display.getElement());
    this.#display.onresize = () => this.fit();
    this.#type();
  }

  #hear() {
    const client = this.#client;
    client.onstatechange = (state) => state === Guacamole.Client.State.CONNECTED && this.#connected();
    client.onerror = ({ message }) => { this.#text = message ?? ""; };
    client.onclipboard = (stream, type) => this.#clipboard(stream, type);
    client.onmsg = (id, [user, who]) => this.#message(id, user, who);
    client.onaudio = () => this.#on.audio?.() ?? null;
    if (this.#on.filesystem) {
      client.onfilesystem = (object) => this.#on.filesystem(object);
      client.onfile = (stream, type, name) => this.#on.file(stream, name);
    }
  }

  connect() {
    this.#client.connect();
  }

  #connected() {
    this.#isConnected = true;
    this.fit();
    this.#on.connected();
  }

  #ended(closing) {
    clearTimeout(this.#sizeTimer);
    this.#client.disconnect();
    this.#keyboard?.reset();
    this.#on.ended({ isConnected: this.#isConnected, closing, text: this.#text });
  }

  disconnect() {
    this.#client.disconnect();
  }

  /** Ends it, without a word of that, and takes it off the page. */
  remove() {
    this.#on = { ended() {}, left() {}, connected() {} };
    this.disconnect();
    this.#stage.replaceChildren();
  }

  // Keyboard and pointer.

  #type() {
    const surface = this.#display.getElement();
    this.#pointer = new Pointer(surface, (state) => this.#mayType && this.#client.sendMouseState(state, true));
    this.#display.oncursor = (canvas, x, y) => {
      this.#display.showCursor(!this.#pointer.showCursor(canvas, x, y));
    };
    for (const event of ["mousedown", "touchend"]) {
      surface.addEventListener(event, () => {
        this.focus();
        this.#on.touched?.();
      });
    }
    const keyboard = this.#keyboard = new Guacamole.Keyboard(this.#sink.element);
    keyboard.onkeydown = (keysym) => {
      this.#send(1, keysym);
      if (this.#isLeaving()) {
        keyboard.reset();
        this.#on.left();
      } else {
        this.#on.touched?.();
      }
      return false;
    };
    keyboard.onkeyup = (keysym) => this.#send(0, keysym);
    this.#sink.element.addEventListener("blur", () => keyboard.reset());
  }

  #send(isDown, keysym) {
    if (this.#mayType) {
      this.#client.sendKeyEvent(isDown, keysym);
    }
  }

  #isLeaving() {
    return Object.values(left).every((keysyms) => keysyms.some((keysym) => this.#keyboard.pressed[keysym]));
  }

  focus(withKeyboard = false) {
    this.#sink.focus(withKeyboard);
  }

  /** A key of the on-screen keyboard. */
  key({ keysym }, isDown) {
    this.#send(isDown ? 1 : 0, keysym);
  }

  set mayType(mayType) {
    this.#mayType = mayType;
  }

  // Size.

  view({ size, touch }) {
    this.#size = size;
    this.#pointer.touch = touch;
    this.fit();
  }

  /** Of an element in pixels of the screen, as the host is asked for. In a session the desktop has the whole window. */
  static pixels({ clientWidth, clientHeight }) {
    const density = window.devicePixelRatio || 1;
    const even = (pixels) => Math.min(8192, Math.max(200, 2 * Math.floor(pixels * density / 2)));
    return { width: even(clientWidth), height: even(clientHeight), dpi: Math.min(480, Math.max(48, Math.round(96 * density))) };
  }

  fit() {
    const size = { width: this.#display.getWidth(), height: this.#display.getHeight() };
    this.#display.scale(scale(this.#stage, size, this.#size, window.devicePixelRatio || 1));
  }

  /** The stage has another size: the host is asked to follow when it stays so. */
  resized() {
    this.fit();
    clearTimeout(this.#sizeTimer);
    this.#sizeTimer = setTimeout(() => this.#resize(), resizeMillis);
  }

  #resize() {
    const { width, height } = Guacd.pixels(this.#stage);
    const asked = `${width}x${height}`;
    if (this.#isConnected && this.#mayType && this.#size === "fit" && asked !== this.#asked) {
      this.#asked = asked;
      this.#client.sendSize(width, height);
    }
  }

  // Clipboard.

  #clipboard(stream, type) {
    if (!type.startsWith("text/plain") || !this.#on.clipboard) {
      stream.sendAck("only text is taken", Guacamole.Status.Code.CLIENT_BAD_TYPE);
      return;
    }
    const decoder = new TextDecoder();
    const reader = new Guacamole.ArrayBufferReader(stream);
    let text = "";
    let size = 0;
    reader.ondata = (bytes) => {
      size += bytes.byteLength;
      // A host may send without end: what is too much is not kept.
      text = size <= mostCopied ? text + decoder.decode(bytes, { stream: true }) : "";
    };
    reader.onend = () => {
      if (size <= mostCopied) {
        this.#on.clipboard?.(text + decoder.decode());
      }
    };
  }

  copyIn(text) {
    const writer = new Guacamole.ArrayBufferWriter(this.#client.createClipboardStream("text/plain"));
    writer.blobLength = blobBytes;
    writer.sendData(new TextEncoder().encode(text));
    writer.sendEnd();
  }

  #message(id, user, who) {
    if (id === messages.joined) {
      this.#on.joined?.(user, who);
    } else if (id === messages.left) {
      this.#on.parted?.(user);
    }
    return false;
  }
}
