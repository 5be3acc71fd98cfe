// What the host, or the edge about it, asks before a session is open.

import { ask, part } from "./elements.js";

/** Whether somebody trusts a key the host shows for the first time. */
export async function trusted(host, { algorithm, fingerprint }) {
  part("host-key-host").textContent = host;
  part("host-key-algorithm").textContent = algorithm;
  part("host-key-fingerprint").textContent = fingerprint;
  return await ask(part("host-key")) === "trust";
}

/**
 * What the host wants to know; null when somebody will not say it. Its words stand below a heading of ours: it
 * cannot pose as somebody else.
 *
 * @param isAgain whether it has just asked the same
 */
export async function answers(host, { name, instruction, prompts }, isAgain) {
  if (prompts.length === 0) {
    return [];
  }
  part("prompt-host").textContent = host;
  part("prompt-again").hidden = !isAgain;
  part("prompt-words").textContent = [name, instruction].map((said) => said.trim()).filter(Boolean).join("\n");
  part("prompt-words").hidden = !part("prompt-words").textContent;
  part("prompt-fields").replaceChildren(...prompts.map(promptField));
  part("prompt-cancel").onclick = () => part("prompt").close("");
  const inputs = [...part("prompt-fields").querySelectorAll("input")];
  const answer = await ask(part("prompt"));
  const given = inputs.map((input) => input.value);
  part("prompt-fields").replaceChildren();
  return answer === "answer" ? given : null;
}

function promptField({ text, echo }, number) {
  const field = document.createElement("div");
  const label = document.createElement("label");
  const input = document.createElement("input");
  field.className = "field";
  input.id = `prompt-${number}`;
  input.type = echo ? "text" : "password";
  input.autocomplete = "off";
  input.autocapitalize = "none";
  input.spellcheck = false;
  label.htmlFor = input.id;
  label.textContent = text.trim() || "Answer";
  field.append(label, input);
  return field;
}

/** Those of a connection that is no more. */
export function closeQuestions() {
  for (const id of ["host-key", "prompt"]) {
    part(id).close("");
  }
}
