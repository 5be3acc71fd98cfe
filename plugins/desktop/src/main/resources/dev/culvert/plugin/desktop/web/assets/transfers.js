// Files on their way to and from the host, through guacd. Both ways in pieces that are answered one by one; some are under
// way at a time, so that a long way does not make them slow.

import { element, part } from "./elements.js";
import { size } from "./sizes.js";

const pieceBytes = 6048;
const piecesUnderWay = 16;
const silenceMillis = 30_000;

/** One line of the list of transfers. */
class Line {
  #item = element("li", "");
  #bar = document.createElement("progress");
  #words = element("span", "transfer-says", "waits");
  #button = element("button", "tool", "✕");

  constructor(name, verb, cancel) {
    this.#button.type = "button";
    this.#button.setAttribute("aria-label", `Cancel ${name}`);
    this.#button.addEventListener("click", cancel);
    this.#bar.setAttribute("aria-label", `${name}: ${verb}`);
    this.#item.append(element("span", "transfer-name", name), this.#bar, this.#words, this.#button);
    this.name = name;
    part("transfers").append(this.#item);
  }

  /** @param all bytes, unknown when undefined */
  progress(done, all) {
    if (all !== undefined) {
      this.#bar.max = Math.max(all, 1);
      this.#bar.value = done;
    }
    this.#words.textContent = all === undefined ? size(done) : `${size(done)} of ${size(all)}`;
  }

  ended(text, isProblem = false) {
    this.#words.textContent = text;
    this.#item.classList.toggle("bad", isProblem);
    this.#bar.remove();
    this.#button.setAttribute("aria-label", `Remove ${this.name} from the list`);
    this.#button.addEventListener("click", () => this.#item.remove());
  }
}

/** A file that goes to the host. */
class Upload {
  #stream;
  #line;
  #done;
  #file;
  #read = 0;
  #acknowledged = -1;
  #isReading = false;
  #isOver = false;
  #timer = 0;

  constructor(file, open, done) {
    this.#file = file;
    this.#done = done;
    this.#line = new Line(file.name, "sent", () => this.#cancel());
    this.start = () => {
      if (!this.#isOver) {
        this.#stream = open();
        this.#stream.onack = (status) => this.#answered(status);
        this.#wait();
      }
    };
  }

  get isOver() {
    return this.#isOver;
  }

  /** The first answer says that the file is open. */
  #answered(status) {
    if (status.isError()) {
      this.end(`The host did not take it: ${status.message || `code ${status.code}`}.`, true);
      return;
    }
    this.#acknowledged += 1;
    this.#line.progress(Math.min(this.#file.size, this.#acknowledged * pieceBytes), this.#file.size);
    this.#wait();
    this.#send();
  }

  async #send() {
    if (this.#isReading) {
      return;
    }
    this.#isReading = true;
    while (!this.#isOver && this.#read < this.#pieces && this.#read - this.#acknowledged < piecesUnderWay) {
      const from = this.#read * pieceBytes;
      try {
        const piece = await this.#file.slice(from, from + pieceBytes).arrayBuffer();
        if (!this.#isOver) {
          this.#read += 1;
          this.#stream.sendBlob(base64(new Uint8Array(piece)));
        }
      } catch {
        this.#stream.sendEnd();
        this.end("The file cannot be read any more.", true);
      }
    }
    this.#isReading = false;
    if (!this.#isOver && this.#acknowledged >= this.#pieces) {
      this.#stream.sendEnd();
      this.end(`sent, ${size(this.#file.size)}`);
    }
  }

  get #pieces() {
    return Math.ceil(this.#file.size / pieceBytes);
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end("The host does not answer: try again.", true), silenceMillis);
  }

  #cancel() {
    if (!this.#isOver) {
      const hasBegun = this.#stream !== undefined;
      if (hasBegun) {
        this.#stream.sendEnd();
      }
      this.end(hasBegun ? "cancelled; a part of it may be on the host" : "cancelled");
    }
  }

  end(text, isProblem) {
    if (!this.#isOver) {
      this.#isOver = true;
      clearTimeout(this.#timer);
      this.#line.ended(text, isProblem);
      this.#done();
    }
  }
}

/** A file that comes from the host. How long it is nobody says. */
class Download {
  #line;
  #stream = null;
  #pieces = [];
  #bytes = 0;
  #isOver = false;
  #timer = 0;

  constructor(name) {
    this.#line = new Line(name, "received", () => this.#cancel());
    this.#wait();
  }

  get isOver() {
    return this.#isOver;
  }

  receive(stream) {
    if (this.#isOver) {
      stream.sendAck("not wanted any more", Guacamole.Status.Code.RESOURCE_CLOSED);
      return;
    }
    this.#stream = stream;
    stream.onblob = (data) => this.#piece(data);
    stream.onend = () => this.#whole();
    for (let piece = 0; piece < piecesUnderWay; piece += 1) {
      this.#acknowledge();
    }
  }

  #acknowledge() {
    this.#stream.sendAck("OK", Guacamole.Status.Code.SUCCESS);
  }

  #piece(data) {
    const bytes = unbase64(data);
    this.#pieces.push(bytes);
    this.#bytes += bytes.length;
    this.#line.progress(this.#bytes);
    this.#wait();
    this.#acknowledge();
  }

  #whole() {
    if (!this.#isOver) {
      save(new Blob(this.#pieces), this.#line.name);
      this.end(`received, ${size(this.#bytes)}`);
    }
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end("The host does not answer: try again.", true), silenceMillis);
  }

  #cancel() {
    if (!this.#isOver) {
      this.#stream?.sendAck("not wanted any more", Guacamole.Status.Code.RESOURCE_CLOSED);
      this.end("cancelled");
    }
  }

  end(text, isProblem) {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#pieces = [];
      clearTimeout(this.#timer);
      this.#line.ended(text, isProblem);
    }
  }
}

/** The browser keeps it where it keeps downloads. */
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function base64(bytes) {
  return bytes.toBase64?.() ?? btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

export function unbase64(text) {
  return Uint8Array.fromBase64?.(text) ?? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** All of a session. Uploads go one after the other. */
export class Transfers {
  #all = [];
  #waiting = [];
  #current = null;

  get isBusy() {
    return this.#all.some((transfer) => !transfer.isOver);
  }

  /** @param open gives the stream to write to; @param done called when it has ended, however it did */
  upload(file, open, done) {
    const upload = new Upload(file, open, () => {
      done();
      if (this.#current === upload) {
        this.#next();
      }
    });
    this.#all.push(upload);
    this.#waiting.push(upload);
    if (this.#current === null) {
      this.#next();
    }
  }

  #next() {
    this.#current = this.#waiting.shift() ?? null;
    if (this.#current?.isOver) {
      this.#next();
    } else {
      this.#current?.start();
    }
  }

  /** @return what takes the stream */
  download(name) {
    const download = new Download(name);
    this.#all.push(download);
    return download;
  }

  /** The session is over. */
  endAll() {
    this.#waiting = [];
    this.#all.splice(0).forEach((transfer) => transfer.end("not finished: the session is over", true));
    this.#current = null;
  }
}
