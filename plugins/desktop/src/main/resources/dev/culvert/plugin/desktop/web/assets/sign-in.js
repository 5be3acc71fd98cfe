// The panel that asks who somebody is on the host.

import { part, showProblem } from "./elements.js";

const layouts = {
  "en-us-qwerty": "English (US)", "en-gb-qwerty": "English (UK)", "de-de-qwertz": "German", "de-ch-qwertz": "German (Switzerland)",
  "fr-fr-azerty": "French", "fr-be-azerty": "French (Belgium)", "fr-ch-qwertz": "French (Switzerland)", "es-es-qwerty": "Spanish",
  "es-latam-qwerty": "Spanish (Latin America)", "it-it-qwerty": "Italian", "pt-br-qwerty": "Portuguese (Brazil)",
  "da-dk-qwerty": "Danish", "sv-se-qwerty": "Swedish", "no-no-qwerty": "Norwegian", "hu-hu-qwertz": "Hungarian",
  "ja-jp-qwerty": "Japanese", "tr-tr-qwerty": "Turkish",
};

export class SignIn {
  #about;
  #settings;

  /**
   * @param connect called with { user, domain, password, keyboard }
   * @param cancel called when somebody does not want to wait
   */
  constructor(about, settings, connect, cancel) {
    this.#about = about;
    this.#settings = settings;
    part("sign-in-host").textContent = about.host;
    this.#offer();
    part("cancel").addEventListener("click", cancel);
    part("sign-in-form").addEventListener("submit", (event) => {
      event.preventDefault();
      connect(this.#request());
    });
  }

  #offer() {
    const { login, kind, engine, readOnly } = this.#about;
    for (const name of ["user", "password", "domain"]) {
      part(`field-${name}`).hidden = !login[name];
    }
    part("field-keyboard").hidden = kind !== "rdp" || readOnly;
    part("keyboard").replaceChildren(...(engine === "guacd" ? this.#layouts() : this.#ways()));
    const terms = this.#terms();
    part("sign-in-terms").textContent = terms.join(" ");
    part("sign-in-terms").hidden = terms.length === 0;
  }

  #layouts() {
    const own = this.#about.keyboard || "en-us-qwerty";
    const kept = this.#settings.keyboard || own;
    const names = new Map(Object.entries(layouts));
    for (const name of [own, kept]) {
      names.set(name, names.get(name) ?? name);
    }
    names.set("unicode", "Any other: send characters, not keys");
    return [...names].map(([name, words]) => new Option(words, name, false, name === kept));
  }

  /** The built-in engine sends where a key is, or what it writes. */
  #ways() {
    const kept = this.#settings.keyboard || this.#about.keyboard;
    return [
      new Option("As set up on the host", "", false, kept !== "unicode"),
      new Option("As on this computer: send characters, not keys", "unicode", false, kept === "unicode"),
    ];
  }

  #terms() {
    const { login, readOnly, recording, recordKeys } = this.#about;
    const terms = [];
    if (login.stored) {
      terms.push("You are signed in on the host with an account of this application.");
    }
    if (readOnly) {
      terms.push("You can look, and do nothing else.");
    }
    if (recording !== "off") {
      terms.push(`Sessions are recorded: the screen${recordKeys ? ", and every key that is pressed" : ""}.`);
    }
    return terms;
  }

  /** A password leaves the page with this, and the form. */
  #request() {
    const [user, password] = [part("user"), part("password")];
    const request = {
      user: user.value.trim(), domain: part("domain").value.trim(), password: password.value,
      keyboard: part("field-keyboard").hidden ? "" : part("keyboard").value,
    };
    password.value = "";
    if (request.keyboard !== "") {
      this.#settings.change({ keyboard: request.keyboard });
    }
    return request;
  }

  /** Whether nothing has to be typed. */
  get asksNothing() {
    const { user, password } = this.#about.login;
    return !user && !password;
  }

  show() {
    part("sign-in").hidden = false;
    this.busy("");
    const empty = ["user", "password"].map(part).find((field) => field.value === "" && !field.closest(".field").hidden);
    (empty ?? part("connect")).focus();
  }

  hide() {
    part("sign-in").hidden = true;
    showProblem(part("sign-in-problem"));
    this.busy("");
  }

  /** @param text what is going on; empty when nothing is */
  busy(text) {
    const isBusy = text !== "";
    part("progress").textContent = text;
    part("connect").hidden = isBusy;
    part("cancel").hidden = !isBusy;
    for (const field of part("sign-in-form").querySelectorAll("input, select")) {
      field.disabled = isBusy;
    }
    if (isBusy) {
      showProblem(part("sign-in-problem"));
      part("cancel").focus();
    }
  }

  problem({ heading = "", message, next, id }) {
    this.show();
    showProblem(part("sign-in-problem"), heading, message, next, id && `Reference: ${id}`);
  }
}
