// One session with a host, over one WebSocket: JSON in text messages, the terminal's bytes in binary ones.

const frameBytes = 16 * 1024;
const mostUnsent = 1024 * 1024;
const ackBytes = 64 * 1024;

export const accessEnded = 1008;

/**
 * Calls `on` with what comes: `message(object)`, `output(bytes)`, `closed({ code, reason, opened })`; nothing more
 * after close().
 */
export class Connection {
  #socket = new WebSocket("/.culvert/ssh/terminal");
  #on;
  #opened = false;
  #over = false;
  #unrendered = 0;
  #unacknowledged = 0;
  #encoder = new TextEncoder();

  /** Asks for a session when the socket is open. */
  constructor(request, on) {
    this.#on = on;
    this.#socket.binaryType = "arraybuffer";
    this.#socket.addEventListener("open", () => this.ask(request), { once: true });
    this.#socket.addEventListener("message", ({ data }) => this.#over || this.#receive(data));
    this.#socket.addEventListener("close", (event) => this.#over || this.#closed(event));
  }

  /** Whether it takes another request: after an error that may be retried. */
  get isOpen() {
    return !this.#over && this.#socket.readyState === WebSocket.OPEN;
  }

  get isSession() {
    return this.#opened && this.isOpen;
  }

  ask(request) {
    this.#tell({ type: "connect", ...request });
  }

  #receive(data) {
    if (typeof data !== "string") {
      this.#unrendered += data.byteLength;
      this.#on.output(new Uint8Array(data));
      return;
    }
    const message = JSON.parse(data);
    this.#opened ||= message.type === "open";
    this.#on.message(message);
  }

  #closed({ code, reason }) {
    this.#over = true;
    this.#on.closed({ code, reason, opened: this.#opened });
  }

  /** What the terminal has drawn of the output: the host is read half a mebibyte ahead of it, no further. */
  rendered(bytes) {
    this.#unrendered -= bytes;
    this.#unacknowledged += bytes;
    if (this.#unacknowledged >= ackBytes || this.#unrendered === 0) {
      this.#tell({ type: "ack", bytes: this.#unacknowledged });
      this.#unacknowledged = 0;
    }
  }

  /** Sends what was typed or pasted; false when so much waits already that it was not taken. */
  type(text) {
    return this.typeBytes(this.#encoder.encode(text));
  }

  typeBytes(bytes) {
    if (!this.isSession || this.#socket.bufferedAmount + bytes.length > mostUnsent) {
      return false;
    }
    for (let from = 0; from < bytes.length; from += frameBytes) {
      this.#socket.send(bytes.subarray(from, from + frameBytes));
    }
    return true;
  }

  resize(columns, rows) {
    this.#tell({ type: "resize", columns, rows });
  }

  answer(id, answers) {
    this.#tell({ type: "answer", id, answers });
  }

  trust(accept) {
    this.#tell({ type: "host-key", accept });
  }

  /** Ends the session. */
  close() {
    this.#tell({ type: "disconnect" });
    this.#over = true;
    this.#socket.close(1000);
  }

  #tell(message) {
    if (this.isOpen) {
      this.#socket.send(JSON.stringify(message));
    }
  }
}
