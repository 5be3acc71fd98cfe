// The parts of the page, and what is said on it.

/** The element with this id, which the page has. */
export function part(id) {
  return document.getElementById(id);
}

/** Says what happened, for some seconds and to screen readers. */
export function say(text) {
  const said = part("said");
  said.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { said.textContent = ""; }, 6000);
}

/** Shows what went wrong and what to do, or nothing of it. */
export function showProblem(element, ...sentences) {
  element.replaceChildren();
  for (const text of sentences.filter((sentence) => sentence)) {
    const line = document.createElement("p");
    line.textContent = text;
    element.append(line);
  }
  element.hidden = element.childElementCount === 0;
}

/** Opens a dialog; gives the value of the button it was closed with, empty when it was left. */
export function ask(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}

/** Asks to go on. */
export async function confirmed(text, verb) {
  part("question-text").textContent = text;
  part("question-yes").textContent = verb;
  return await ask(part("question")) === "yes";
}

export function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
