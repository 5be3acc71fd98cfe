// Files on their way to the host, one after the other.

import { part } from "./elements.js";
import { size } from "./sizes.js";

export class Uploads {
  #waiting = [];
  #current = null;
  #done;

  /** @param done called with the folder of a file that has arrived */
  constructor(done) {
    this.#done = done;
  }

  get isIdle() {
    return this.#current === null;
  }

  /** @param url where it is put; @param folder as people know it */
  add(file, url, csrf, folder) {
    const upload = { file, url, csrf, folder, shown: shown(file.name, () => this.#cancel(upload)) };
    upload.shown.says("waits");
    part("transfers").append(upload.shown.item);
    this.#waiting.push(upload);
    this.#next();
  }

  /** The session is over. */
  cancelAll() {
    this.#waiting.splice(0).forEach((upload) => upload.shown.ended("not sent"));
    this.#current?.request.abort();
  }

  #cancel(upload) {
    if (upload === this.#current) {
      upload.request.abort();
    } else {
      this.#waiting = this.#waiting.filter((other) => other !== upload);
      upload.shown.item.remove();
    }
  }

  #next() {
    if (this.#current !== null || this.#waiting.length === 0) {
      return;
    }
    this.#current = this.#waiting.shift();
    this.#send(this.#current);
  }

  #send(upload) {
    const { file, url, csrf, shown } = upload;
    const request = new XMLHttpRequest();
    upload.request = request;
    request.open("PUT", url);
    request.setRequestHeader("X-Culvert-Session-Csrf", csrf);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded }) => shown.progress(loaded, file.size));
    request.addEventListener("load", () => shown.ended(...outcome(request, file)));
    request.addEventListener("error", () => shown.ended("The connection was lost: try again.", true));
    request.addEventListener("abort", () => shown.ended("cancelled"));
    request.addEventListener("loadend", () => {
      this.#current = null;
      this.#done(upload.folder);
      this.#next();
    });
    shown.progress(0, file.size);
    request.send(file);
  }
}

function outcome(request, file) {
  if (request.status >= 200 && request.status < 300) {
    return [`sent, ${size(file.size)}`, false];
  }
  return [problemOf(request.status, request.responseText), true];
}

/** What the server says of it, in its own words where it has some. */
export function problemOf(status, body) {
  try {
    const { message, next } = JSON.parse(body).error;
    return [message, next].filter((text) => text).join(" ");
  } catch {
    // A redirect, whose status scripts do not learn, leads to signing in.
    return status === 0 ? "The edge wants you to sign in again: reload the page." : `The edge answered ${status}: connect again.`;
  }
}

/** One line of the list of uploads. */
function shown(name, cancel) {
  const item = document.createElement("li");
  const [title, bar, words, button] = ["span", "progress", "span", "button"].map((tag) => document.createElement(tag));
  title.textContent = name;
  title.className = "transfer-name";
  bar.setAttribute("aria-label", `${name}: sent`);
  words.className = "transfer-says";
  button.type = "button";
  button.className = "tool";
  button.textContent = "✕";
  button.setAttribute("aria-label", `Cancel ${name}`);
  button.addEventListener("click", cancel);
  item.append(title, bar, words, button);
  return {
    item,
    says: (text) => { words.textContent = text; },
    progress(sent, all) {
      bar.max = Math.max(all, 1);
      bar.value = sent;
      words.textContent = `${size(sent)} of ${size(all)}`;
    },
    ended(text, isProblem = false) {
      words.textContent = text;
      item.classList.toggle("bad", isProblem);
      bar.remove();
      button.setAttribute("aria-label", `Remove ${name} from the list`);
      button.addEventListener("click", () => item.remove());
    },
  };
}
