// The page: a panel to sign in, then a desktop, then what is left of it.

import { about, accessEnded, whyLost } from "./about.js";
import { Bar } from "./bar.js";
import { BuiltIn } from "./built-in.js";
import { Clipboard } from "./clipboard.js";
import { confirmed, part, say } from "./elements.js";
import { Files } from "./files.js";
import { Guacd } from "./guacd.js";
import { Keys, ctrlAltDel } from "./keys.js";
import { Over } from "./over.js";
import { closeQuestions, trusted } from "./questions.js";
import { crashed, disconnected, why } from "./reasons.js";
import { begin } from "./sessions.js";
import { Settings } from "./settings.js";
import { SignIn } from "./sign-in.js";
import { Sound } from "./sound.js";

class Page {
  #settings = new Settings();
  #bar = new Bar(() => this.#desktop?.focus());
  #over = new Over(() => this.#panel());
  #clipboard = new Clipboard(() => this.#desktop?.focus());
  #files = new Files(() => this.#desktop?.focus());
  #keys = new Keys(() => this.#desktop?.resized());
  #sound = new Sound();
  #about;
  #signIn;
  #desktop = null;
  #attempt = 0;
  /** Who signed in, for as long as the session may have to be connected anew: in this page's memory, nowhere else. */
  #login = null;

  async start() {
    part("host").textContent = location.hostname;
    document.title = location.hostname;
    this.#about = await about().catch(() => null);
    if (this.#about === null) {
      this.#over.show({ ...accessEnded, heading: "Nothing is known of this page", message: "The edge does not say what is behind it." });
      return;
    }
    part("host").textContent = this.#about.application || this.#about.host;
    document.title = part("host").textContent;
    if (this.#showUnavailable()) {
      return;
    }
    this.#settings.bind();
    this.#signIn = new SignIn(this.#about, this.#settings, (request) => this.#connect(request), () => this.#cancel());
    this.#bind();
    this.#signIn.show();
  }

  #showUnavailable() {
    const problem = this.#about.unavailable;
    if (problem !== null) {
      part("unavailable-heading").textContent = `${this.#about.host} cannot be shown here yet`;
      part("unavailable-message").textContent = problem.message;
      // What the help says at length.
      const isHelped = problem.code === "guacd_missing";
      part("unavailable-next").textContent = problem.next;
      part("unavailable-next").hidden = isHelped;
      part("guacd-help").hidden = !isHelped;
      part("look-again").addEventListener("click", () => location.reload());
      part("unavailable").hidden = false;
      part("look-again").focus({ preventScroll: true });
    }
    return problem !== null;
  }

  #bind() {
    part("disconnect").addEventListener("click", () => this.#disconnect());
    part("ctrl-alt-del").addEventListener("click", () => {
      ctrlAltDel(this.#desktop);
      this.#desktop.focus();
    });
    this.#settings.addEventListener("change", () => this.#desktop?.view(this.#settings));
    part("settings").addEventListener("close", () => this.#desktop?.focus());
    new ResizeObserver(() => this.#desktop?.resized()).observe(part("stage"));
    addEventListener("beforeunload", (event) => this.#isOpen && event.preventDefault());
  }

  get #isOpen() {
    return document.body.classList.contains("in-session");
  }

  // A session begins.

  #panel() {
    this.#login = null;
    this.#over.hide();
    this.#signIn.show();
  }

  #cancel() {
    this.#attempt += 1;
    closeQuestions();
    this.#leave();
    this.#signIn.show();
  }

  /** @param certificate that somebody has just accepted */
  async #connect(login, certificate = "") {
    const attempt = this.#attempt += 1;
    this.#login = login;
    this.#signIn.busy("Looking for the host …");
    part("session").hidden = false;
    const answer = await begin(this.#request(login, certificate));
    if (attempt !== this.#attempt) {
      return;
    }
    if (answer.error?.code === "certificate_unknown" && certificate === "") {
      await this.#askForTrust(attempt, login, answer.certificate);
    } else if (answer.error) {
      this.#login = null;
      this.#signIn.problem(answer.error);
    } else {
      this.#open(answer, login);
    }
  }

  async #askForTrust(attempt, login, certificate) {
    const isTrusted = await trusted(this.#about.host, certificate);
    if (attempt === this.#attempt) {
      await (isTrusted ? this.#connect(login, certificate.fingerprint) : this.#cancel());
    }
  }

  #request(login, certificate) {
    const isBuiltIn = this.#about.engine === "built_in";
    const { width, height, dpi } = (isBuiltIn ? BuiltIn : Guacd).pixels(document.documentElement);
    const secrets = isBuiltIn ? { user: "", password: "", domain: "" } : login;
    return {
      user: secrets.user, domain: secrets.domain, password: secrets.password, width, height, dpi, certificate,
      keyboard: login.keyboard, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "",
    };
  }

  #open(session, login) {
    this.#signIn.busy("Connecting to the desktop …");
    const on = {
      connected: () => this.#opened(session),
      ended: (how) => this.#ended(how, session),
      crashed: () => this.#finish(crashed),
      left: () => this.#bar.open(),
      touched: () => this.#bar.leave(),
      slow: (isSlow) => this.#slow(isSlow),
      focused: () => this.#clipboard.pull(),
      clipboard: (text) => this.#clipboard.received(text),
      filesystem: (object) => this.#files.filesystem(object),
      file: (stream, name) => this.#files.file(stream, name),
      audio: () => this.#sound.begin(),
      joined: (id, who) => this.#bar.joined(id, who, this.#isRecorded),
      parted: (id) => this.#bar.parted(id, this.#isRecorded),
    };
    this.#desktop?.remove();
    this.#files.use(this.#waysOf(session.engine).files);
    this.#desktop = session.engine === "built_in" ? this.#builtIn(session, login, on) : this.#guacd(session, on);
    this.#desktop.connect();
  }

  #builtIn({ socket, destination, stored }, login, on) {
    const { width, height } = BuiltIn.pixels(document.documentElement);
    const who = stored ? { user: "user", password: "password", domain: "" } : login;
    return new BuiltIn(part("stage"), {
      socket: webSocket(socket), destination, width, height,
      user: who.user, password: who.password, domain: who.domain, unicode: login.keyboard === "unicode",
      clipboard: this.#waysOf("built_in").clipboard === "both", mayType: !this.#about.readOnly,
    }, on);
  }

  #guacd({ socket }, on) {
    return new Guacd(part("stage"), webSocket(socket), !this.#about.readOnly, on);
  }

  /** Who only looks may copy what they see, and has no files; the built-in engine has a clipboard for both ways or none, and no files. */
  #waysOf(engine) {
    const { readOnly, clipboard, files } = this.#about;
    if (engine === "built_in") {
      return { clipboard: clipboard === "both" && !readOnly ? "both" : "none", files: "none" };
    }
    return readOnly ? { clipboard: clipboard === "both" || clipboard === "out" ? "out" : "none", files: "none" } : { clipboard, files };
  }

  get #isRecorded() {
    return this.#about.recording !== "off";
  }

  #opened({ engine }) {
    const mayType = !this.#about.readOnly;
    this.#signIn.hide();
    part("size-hint").hidden = engine !== "built_in";
    part("ctrl-alt-del").hidden = !mayType || this.#about.kind === "telnet";
    this.#bar.begin(this.#isRecorded);
    this.#clipboard.use(this.#desktop, this.#waysOf(engine).clipboard);
    this.#keys.use(mayType ? this.#desktop : null);
    this.#desktop.view(this.#settings);
    this.#desktop.resized();
    this.#desktop.focus();
  }

  #slow(isSlow) {
    part("trouble").textContent = "The connection is slow.";
    part("trouble").hidden = !isSlow;
  }

  // It is over.

  async #disconnect() {
    const question = this.#files.isBusy ? "A file is still on its way. Disconnect?" : "Disconnect from the desktop?";
    if (await confirmed(question, "Disconnect") && this.#isOpen) {
      this.#finish(disconnected);
    } else {
      this.#desktop?.focus();
    }
  }

  async #ended(how, session) {
    const attempt = this.#attempt;
    const reason = why(how, session) ?? await whyLost();
    if (attempt !== this.#attempt) {
      return;
    }
    if (how.isConnected || reason.isAccess) {
      this.#finish(reason);
    } else {
      this.#attempt += 1;
      this.#login = null;
      closeQuestions();
      this.#leave();
      this.#signIn.problem(reason);
    }
  }

  #finish(reason) {
    this.#attempt += 1;
    const login = reason.canRepeat || this.#signIn.asksNothing ? this.#login : null;
    this.#login = null;
    closeQuestions();
    this.#leave();
    this.#signIn.hide();
    this.#over.show(reason, () => {
      this.#panel();
      if (login !== null) {
        this.#connect(login);
      }
    });
  }

  #leave() {
    this.#desktop?.remove();
    this.#desktop = null;
    this.#keys.use(null);
    this.#clipboard.use(null, "none");
    this.#files.use("none");
    this.#sound.end();
    this.#slow(false);
    this.#bar.end();
    say("");
  }
}

function webSocket(path) {
  return `wss://${location.host}${path}`;
}

await new Page().start();
