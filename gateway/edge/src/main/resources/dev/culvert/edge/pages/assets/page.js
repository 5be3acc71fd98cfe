// What every page does where scripts run. Nothing here is needed to use a page.

const root = document.documentElement;
root.classList.add("scripts");

/** Times in the reader's own zone and writing, phrases in the language of the page; the server wrote UTC. */
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat(root.lang, { numeric: "auto" });
const units = [["day", 86400], ["hour", 3600], ["minute", 60]];

function writeTimes(within) {
  for (const time of within.querySelectorAll("time[data-time]")) {
    const at = new Date(time.dateTime);
    const full = absolute.format(at);
    if (time.dataset.time === "relative") {
      time.textContent = fromNow(at);
      time.title = full;
    } else {
      time.textContent = full;
    }
  }
}

function fromNow(at) {
  const seconds = (at - Date.now()) / 1000;
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) {
      return relative.format(Math.trunc(seconds / length), unit);
    }
  }
  return relative.format(0, "second");
}

/** Copy buttons. */
function offerCopying(within) {
  if (!navigator.clipboard) {
    return;
  }
  for (const button of within.querySelectorAll("button[data-copy][hidden]")) {
    button.hidden = false;
  }
}

async function copy(button) {
  const shown = button.querySelector("span");
  const before = shown.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    shown.textContent = "Copied";
  } catch {
    shown.textContent = "Not copied";
  }
  say(shown.textContent);
  setTimeout(() => { shown.textContent = before; }, 2000);
}

/** Tells screen readers what happened. */
const voice = document.createElement("p");
voice.className = "unseen";
voice.setAttribute("role", "status");
document.body.append(voice);

function say(text) {
  voice.textContent = text;
}

/** Forms that ask first. */
function ask(form, submitter) {
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  text.id = "question";
  text.textContent = form.dataset.confirm;
  dialog.setAttribute("aria-labelledby", text.id);
  const choices = document.createElement("form");
  choices.method = "dialog";
  choices.className = "choices";
  choices.append(choice("Cancel", "", "button"), choice(form.dataset.verb, "yes", `button primary ${submitter?.matches(".danger") ? "final" : ""}`));
  dialog.append(text, choices);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "yes") {
      form.dataset.sure = "";
      form.requestSubmit(submitter);
    }
  });
  dialog.showModal();
}

function choice(label, value, look) {
  const button = document.createElement("button");
  button.value = value;
  button.className = look;
  button.textContent = label;
  return button;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !("sure" in form.dataset)) {
    event.preventDefault();
    ask(form, event.submitter);
  } else if (form.method === "post") {
    busy(event, form);
  }
});

/** One press is one request. */
function busy(event, form) {
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
}

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

/** Codes of a known length go off by themselves, once. */
for (const form of document.querySelectorAll("form[data-submit-when-full]")) {
  const length = Number(form.dataset.submitWhenFull);
  form.addEventListener("input", () => {
    const digits = form.elements.code.value.replace(/\s/g, "");
    if (digits.length === length && form.checkValidity() && !form.dataset.tried) {
      form.dataset.tried = "yes";
      form.requestSubmit();
    }
  });
}

/** Search over what is on the page already. */
for (const field of document.querySelectorAll("input[data-filter]")) {
  field.addEventListener("input", () => filter(field));
  document.addEventListener("culvert:fresh", () => filter(field));
  field.addEventListener("keydown", (event) => {
    const shown = [...document.querySelectorAll(field.dataset.filter)].filter((item) => !item.hidden);
    if (event.key === "Enter" && shown.length === 1) {
      shown[0].querySelector("a")?.click();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, select, textarea")) {
      event.preventDefault();
      field.focus();
    }
  });
}

function filter(field) {
  const words = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const item of document.querySelectorAll(field.dataset.filter)) {
    const text = item.dataset.app.toLocaleLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
    shown += item.hidden ? 0 : 1;
  }
  for (const group of document.querySelectorAll("[data-filter-group]")) {
    group.hidden = !group.querySelector(`${field.dataset.filter}:not([hidden])`);
  }
  const none = document.querySelector("[data-filter-none]");
  none.hidden = shown > 0 || words.length === 0;
}

/** The menu closes when one leaves it. */
for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) {
      menu.open = false;
    }
  });
}

/** Tables stay tables for screen readers where the style sheet shows their rows as cards. */
function nameTables(within) {
  for (const table of within.querySelectorAll("table.table")) {
    table.setAttribute("role", "table");
    set(table, "thead, tbody", "rowgroup");
    set(table, "tr", "row");
    set(table, "td", "cell");
    set(table, "thead th", "columnheader");
    set(table, "tbody th", "rowheader");
  }
}

function set(table, selector, role) {
  for (const element of table.querySelectorAll(selector)) {
    element.setAttribute("role", role);
  }
}

function prepare(within) {
  writeTimes(within);
  offerCopying(within);
  nameTables(within);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (button) {
    copy(button);
  }
});
document.addEventListener("culvert:fresh", (event) => prepare(event.target));
prepare(document);
setInterval(() => writeTimes(document), 30000);

/** What the signatures of a recording say. */
async function check(line) {
  try {
    const answer = await fetch(line.dataset.check, { cache: "no-store" });
    if (!answer.ok) {
      throw new Error(`status ${answer.status}`);
    }
    const checked = await answer.json();
    line.classList.add(checked.look);
    line.textContent = `${checked.sentence} ${checked.key}`;
  } catch {
    line.classList.add("bad");
    line.textContent = "The signatures could not be checked. Reload the page to try again.";
  }
}

document.querySelectorAll("[data-check]").forEach(check);

const here = document.querySelector(".side [aria-current]");
if (here) {
  const side = here.parentElement;
  side.scrollLeft = here.offsetLeft - (side.clientWidth - here.offsetWidth) / 2;
}
