// What is asked before a desktop is there.

import { ask, element, part } from "./elements.js";

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** Whether somebody trusts a certificate that the host shows for the first time. */
export async function trusted(host, { fingerprint, subject, issuer, from, until }) {
  part("certificate-host").textContent = host;
  part("certificate-fingerprint").textContent = fingerprint;
  part("certificate-subject").textContent = subject;
  part("certificate-issuer").textContent = issuer === subject ? "itself" : issuer;
  part("certificate-dates").textContent = `${date(from)} to ${date(until)}`;
  return await ask(part("certificate")) === "trust";
}

function date(text) {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : day.format(at);
}

const words = { username: "User name", password: "Password", domain: "Domain" };

/** What the host still wants to know, a value for each name; null when somebody will not say it. */
export async function answers(host, names) {
  part("prompt-host").textContent = host;
  part("prompt-fields").replaceChildren(...names.map(field));
  part("prompt-cancel").onclick = () => part("prompt").close("");
  const inputs = [...part("prompt-fields").querySelectorAll("input")];
  const answer = await ask(part("prompt"));
  const given = inputs.map((input) => input.value);
  part("prompt-fields").replaceChildren();
  return answer === "answer" ? given : null;
}

function field(name, number) {
  const made = element("div", "field");
  const label = element("label", "", words[name] ?? name);
  const input = document.createElement("input");
  input.id = label.htmlFor = `prompt-${number}`;
  input.type = name === "password" ? "password" : "text";
  input.autocomplete = "off";
  input.autocapitalize = "none";
  input.spellcheck = false;
  made.append(label, input);
  return made;
}

/** Those of a session that is no more. */
export function closeQuestions() {
  for (const id of ["certificate", "prompt"]) {
    part(id).close("");
  }
}
