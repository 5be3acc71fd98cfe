// Guacamole's protocol over one WebSocket. Guacamole's own tunnel loses why the WebSocket was closed; this one tells.

const subprotocol = "guacamole";
const pingMillis = 1_000;
const slowMillis = 4_000;
const deadMillis = 15_000;

/** Codes for applications: those for protocol errors and lost connections are not a page's to send. */
const protocolError = 4002;
const lost = 4006;
const mostUnsent = 4 * 1024 * 1024;

/** Opcode of what is between the page and the edge. */
const internal = "";

export class Tunnel extends Guacamole.Tunnel {
  #url;
  #on;
  #socket = null;
  #parser = new Guacamole.Parser();
  #heard = 0;
  #timer = 0;

  /** @param on `closed({ code, reason })` once, also when it was closed from here; `slow(bool)` */
  constructor(url, on) {
    super();
    this.#url = url;
    this.#on = on;
    // The base class has fields of these names, which would hide methods.
    this.connect = () => this.#connect();
    this.disconnect = () => this.#close(1000, "");
    this.sendMessage = (...elements) => this.#send(elements);
    this.#parser.oninstruction = (opcode, elements) => this.#instruction(opcode, elements);
  }

  #connect() {
    this.setState(Guacamole.Tunnel.State.CONNECTING);
    this.#heard = performance.now();
    this.#socket = new WebSocket(this.#url, subprotocol);
    this.#socket.addEventListener("open", () => {
      this.#timer = setInterval(() => this.#tick(), pingMillis);
    });
    this.#socket.addEventListener("message", ({ data }) => this.#receive(data));
    this.#socket.addEventListener("close", ({ code, reason }) => this.#closed(code, reason));
  }

  #receive(data) {
    this.#heard = performance.now();
    this.#on.slow(false);
    if (this.state === Guacamole.Tunnel.State.CLOSED) {
      return;
    }
    try {
      this.#parser.receive(data);
    } catch (error) {
      reportError(error);
      this.#close(protocolError, "");
    }
  }

  #instruction(opcode, elements) {
    if (opcode !== internal) {
      this.#open();
      this.oninstruction?.(opcode, elements);
    } else if (elements.length === 1 && this.uuid === null) {
      this.setUUID(elements[0]);
      this.#open();
    }
  }

  #open() {
    if (this.state === Guacamole.Tunnel.State.CONNECTING) {
      this.setState(Guacamole.Tunnel.State.OPEN);
    }
  }

  /** The edge echoes pings: silence is a lost connection. */
  #tick() {
    const silent = performance.now() - this.#heard;
    if (silent > deadMillis) {
      this.#close(lost, "");
    } else {
      this.#on.slow(silent > slowMillis);
      this.#send([internal, "ping", Date.now()]);
    }
  }

  #send(elements) {
    if (this.#socket?.readyState !== WebSocket.OPEN || elements.length === 0) {
      return;
    }
    if (this.#socket.bufferedAmount > mostUnsent) {
      this.#close(lost, "");
      return;
    }
    this.#socket.send(Guacamole.Parser.toInstruction(elements));
  }

  #close(code, reason) {
    this.#socket?.close(code, reason);
    this.#closed(code, reason);
  }

  #closed(code, reason) {
    if (this.state !== Guacamole.Tunnel.State.CLOSED) {
      clearInterval(this.#timer);
      this.setState(Guacamole.Tunnel.State.CLOSED);
      this.#on.closed({ code, reason });
    }
  }
}
