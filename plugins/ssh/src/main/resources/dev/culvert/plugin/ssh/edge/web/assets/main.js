// The page: a panel to sign in, then a session with the host, then what is left of it.

import { about, whyLost } from "./about.js";
import { Connection, accessEnded } from "./connection.js";
import { confirmed, copy, part, say } from "./elements.js";
import { Files } from "./files.js";
import { Keys } from "./keys.js";
import { Over } from "./over.js";
import { answers, closeQuestions, trusted } from "./questions.js";
import { Screen } from "./screen.js";
import { Search } from "./search.js";
import { Settings } from "./settings.js";
import { SignIn } from "./sign-in.js";

const progress = { connecting: "Connecting to the host …", authenticating: "Signing in to the host …" };

class Page {
  #settings = new Settings();
  #over = new Over(() => this.#panel());
  #files = new Files(() => this.#screen.terminal.focus());
  #about;
  #signIn;
  #screen = null;
  #search;
  #keys;
  #connection = null;
  #asked = "";

  async start() {
    this.#settings.bind();
    part("host").textContent = location.hostname;
    document.title = location.hostname;
    this.#about = await about().catch(() => null);
    if (this.#about === null) {
      this.#over.showAccessEnded("The edge does not say what is behind this page.");
      return;
    }
    part("host").textContent = this.#about.host;
    this.#signIn = new SignIn(this.#about, (request) => this.#connect(request));
    this.#bind();
    this.#signIn.show();
  }

  #bind() {
    part("disconnect").addEventListener("click", () => this.#disconnect());
    part("show-text").addEventListener("click", () => this.#showText());
    part("text-copy").addEventListener("click", () => copy(part("text-all").value));
    document.addEventListener("keydown", (event) => this.#shortcut(event), { capture: true });
    addEventListener("offline", () => this.#connection?.isSession && say("The network is gone. Should it come back soon, the session goes on."));
    addEventListener("beforeunload", (event) => this.#connection?.isSession && event.preventDefault());
  }

  // A session begins.

  #panel() {
    this.#over.hide();
    this.#signIn.show();
  }

  #connect(request) {
    this.#signIn.busy(progress.connecting);
    this.#asked = "";
    this.#prepareScreen();
    const { cols, rows } = this.#screen.terminal;
    const whole = { ...request, columns: cols, rows, term: "xterm-256color" };
    if (this.#connection?.isOpen) {
      this.#connection.ask(whole);
    } else {
      this.#connection = new Connection(whole, {
        message: (message) => this.#hear(message),
        output: (bytes) => this.#output(bytes),
        closed: (how) => this.#closed(how),
      });
    }
  }

  #prepareScreen() {
    part("session").hidden = false;
    if (this.#screen === null) {
      this.#screen = new Screen(this.#settings, {
        data: (text) => this.#type(text),
        binary: (bytes) => this.#connection.typeBytes(bytes),
        resize: (columns, rows) => this.#connection?.resize(columns, rows),
      });
      this.#search = new Search(this.#screen.terminal, this.#settings);
      this.#keys = new Keys(this.#screen.terminal);
    }
    this.#screen.fit();
  }

  #hear(message) {
    switch (message.type) {
      case "state": return this.#signIn.busy(progress[message.state] ?? message.state);
      case "host-key": return this.#hostKey(message);
      case "prompt": return this.#prompt(message);
      case "open": return this.#opened(message);
      case "error": return this.#failed(message);
      case "exit": return this.#exited(message);
      default: return undefined;
    }
  }

  async #hostKey(message) {
    // A key that has changed is never a question: an error follows.
    if (message.known === "new") {
      const connection = this.#connection;
      connection.trust(await trusted(this.#about.host, message));
    }
  }

  async #prompt(message) {
    const connection = this.#connection;
    const asked = JSON.stringify(message.prompts);
    const isAgain = asked === this.#asked;
    this.#asked = asked;
    const given = await answers(this.#about.host, message, isAgain);
    if (given !== null) {
      connection.answer(message.id, given);
    } else if (connection.isOpen) {
      connection.close();
      this.#signIn.show();
    }
  }

  #opened({ session, csrf, recorded, files }) {
    this.#signIn.hide();
    part("recorded").hidden = !recorded;
    for (const id of ["show-text", "show-search", "disconnect"]) {
      part(id).hidden = false;
    }
    this.#files.use(files ? session : null, csrf);
    this.#screen.isLive = true;
    this.#screen.fit();
    this.#screen.terminal.focus();
  }

  // While it is open.

  #type(text) {
    if (this.#connection.isSession && !this.#connection.type(this.#keys.apply(text))) {
      say("That is too much to paste at once: upload it as a file.");
    }
  }

  #output(bytes) {
    const connection = this.#connection;
    this.#screen.write(bytes, () => connection.rendered(bytes.length));
  }

  #shortcut(event) {
    const shortcuts = {
      f: () => this.#search.open(),
      c: () => copy(this.#screen.terminal.getSelection()),
      l: () => part("show-text").focus(),
    };
    const does = event.ctrlKey && event.shiftKey && !event.altKey && shortcuts[event.key.toLowerCase()];
    if (does && this.#screen !== null && document.querySelector("dialog[open]") === null) {
      event.preventDefault();
      event.stopPropagation();
      does();
    }
  }

  #showText() {
    const all = part("text-all");
    all.value = this.#screen.terminal.getSelection() || this.#screen.text();
    part("text").showModal();
    all.scrollTop = all.scrollHeight;
  }

  async #disconnect() {
    const question = this.#files.isBusy
      ? "A file is still on its way. End the session?" : "End the session? What runs in it may stop.";
    if (await confirmed(question, "Disconnect") && this.#connection.isSession) {
      this.#connection.close();
      this.#ended("You have disconnected.");
    }
  }

  // It is over. What the terminal showed stays to be read.

  #failed({ message, next, retry }) {
    const wasSession = this.#connection.isSession;
    closeQuestions();
    if (!retry) {
      this.#connection.close();
    }
    if (wasSession) {
      this.#ended(`${message} ${next}`);
    } else {
      this.#signIn.problem(message, next);
    }
  }

  #exited({ status, signal, message }) {
    this.#connection.close();
    const how = signal ? ` by signal ${signal}` : status ? ` with status ${status}` : "";
    this.#ended(message || `The session has ended${how}.`);
  }

  async #closed({ code, reason, opened }) {
    closeQuestions();
    const why = code === accessEnded
      ? { isAccess: true, message: `Your access has ended: ${reason || "policies no longer let you in"}.`, next: "" }
      : await whyLost();
    if (why.isAccess) {
      this.#signIn.hide();
      this.#leave();
      this.#over.showAccessEnded(`${why.message} ${why.next}`.trim());
    } else if (opened) {
      this.#ended(`${why.message} ${why.next}`);
    } else {
      this.#signIn.problem(why.message, "Try again.");
    }
  }

  #ended(text) {
    this.#leave();
    this.#over.show(text, () => this.#again());
  }

  /** At once with a certificate; what was typed or pasted for the last session is known no more. */
  #again() {
    this.#panel();
    this.#signIn.repeat();
  }

  #leave() {
    this.#screen.isLive = false;
    this.#screen.leaveModes();
    this.#files.use(null, "");
    part("recorded").hidden = true;
    part("disconnect").hidden = true;
  }
}

await new Page().start();
