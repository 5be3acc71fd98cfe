// The panel that asks who somebody is on the host.

import { part, showProblem } from "./elements.js";

export class SignIn {
  #form = part("sign-in-form");
  #about;

  /** @param connect called with a request as the server wants it */
  constructor(about, connect) {
    this.#about = about;
    part("sign-in-host").textContent = about.host;
    this.#offer();
    this.#form.addEventListener("change", () => this.#showMethod());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      connect(this.#request());
    });
  }

  #offer() {
    const { principals, certificate, recording, recordInput } = this.#about;
    part("login").value = principals[0] ?? "";
    part("logins").replaceChildren(...principals.map((name) => new Option(name, name)));
    part("choose-certificate").hidden = !certificate;
    this.#form.method.value = certificate ? "certificate" : "password";
    part("sign-in-recorded").hidden = recording === "off";
    part("sign-in-recorded").textContent =
      `Sessions with this host are recorded: what the terminal shows${recordInput ? ", and what is typed" : ""}.`;
    this.#showMethod();
  }

  #showMethod() {
    const isKey = this.#form.method.value === "key";
    part("key-fields").hidden = !isKey;
    part("key").required = isKey;
  }

  /** A key leaves the page with this, and the form. */
  #request() {
    const request = { login: part("login").value.trim(), method: this.#form.method.value };
    if (request.method === "key") {
      request.key = `${part("key").value.trim()}\n`;
      request.passphrase = part("passphrase").value;
    }
    part("key").value = "";
    part("passphrase").value = "";
    return request;
  }

  show() {
    part("sign-in").hidden = false;
    this.busy("");
    (part("login").value === "" ? part("login") : part("connect")).focus();
  }

  /** Once more, where nothing has to be typed. */
  repeat() {
    if (this.#form.method.value === "certificate") {
      this.#form.requestSubmit();
    }
  }

  hide() {
    part("sign-in").hidden = true;
    showProblem(part("sign-in-problem"));
    this.busy("");
  }

  /** @param text what is going on; empty when nothing is */
  busy(text) {
    part("progress").textContent = text;
    part("connect").setAttribute("aria-busy", String(text !== ""));
    part("connect").disabled = text !== "";
    if (text !== "") {
      showProblem(part("sign-in-problem"));
    }
  }

  problem(message, next) {
    this.show();
    showProblem(part("sign-in-problem"), message, next);
    if (this.#form.method.value === "key") {
      part("key").focus();
    }
  }
}
