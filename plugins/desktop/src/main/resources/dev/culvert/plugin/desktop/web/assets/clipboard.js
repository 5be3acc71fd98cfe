// The panel with the text of the host's clipboard, and what keeps it and this computer's the same.

import { part, say } from "./elements.js";

const mostBytes = 256 * 1024;
const most = "256 KB";

export class Clipboard {
  #panel = part("clipboard");
  #text = part("clipboard-text");
  #button = part("show-clipboard");
  #auto = part("clipboard-auto");
  #desktop = null;
  #mayIn = false;
  #mayOut = false;
  /** What both have, as far as is known. */
  #same = "";
  /** What was last seen on this computer's, which need not be what the host copied after that. */
  #here = "";
  #back;

  /** @param back gives the focus to the desktop */
  constructor(back) {
    this.#back = back;
    this.#button.addEventListener("click", () => (this.#panel.hidden ? this.#open() : this.#close()));
    part("clipboard-close").addEventListener("click", () => this.#close());
    this.#panel.addEventListener("keydown", ({ key }) => key === "Escape" && this.#close());
    part("clipboard-send").addEventListener("click", () => this.#sendText());
    part("clipboard-copy").addEventListener("click", () => this.#copyText());
    this.#auto.addEventListener("change", () => this.#auto.checked && this.pull(true));
    addEventListener("focus", () => this.pull());
    document.addEventListener("visibilitychange", () => this.pull());
  }

  /** The desktop whose clipboard it is, and which way it is open: `none`, `in`, `out`, `both`. Null when there is none. */
  async use(desktop, way) {
    this.#desktop = desktop;
    this.#mayIn = way === "in" || way === "both";
    this.#mayOut = way === "out" || way === "both";
    this.#same = "";
    this.#here = "";
    this.#text.value = "";
    this.#text.readOnly = !this.#mayIn;
    const isOpen = desktop !== null && (this.#mayIn || this.#mayOut);
    this.#button.hidden = !isOpen;
    if (!isOpen) {
      this.#show(false);
      return;
    }
    part("clipboard-send").hidden = !this.#mayIn;
    part("clipboard-copy").hidden = !this.#mayOut;
    part("clipboard-way").textContent = wayInWords(this.#mayIn, this.#mayOut);
    part("clipboard-auto-field").hidden = navigator.clipboard === undefined;
    this.#auto.checked = await isGranted();
    await this.pull();
  }

  #show(isShown) {
    this.#panel.hidden = !isShown;
    this.#button.setAttribute("aria-expanded", String(isShown));
  }

  #open() {
    this.#show(true);
    this.#text.focus();
  }

  #close() {
    this.#show(false);
    this.#back();
  }

  /** The host has copied something. */
  received(copied) {
    if (isTooLong(copied)) {
      say(`The host has copied more text than the clipboard takes (${most}).`);
      return;
    }
    const text = withLinesOfTheWeb(copied);
    this.#same = text;
    this.#text.value = text;
    if (this.#auto.checked && document.hasFocus()) {
      this.#put(text);
    }
  }

  async #put(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.#here = text;
    } catch {
      say("The host has copied something: it is in the clipboard’s panel.");
    }
  }

  /** Gives the host what was copied here meanwhile. */
  async pull(isAsked = false) {
    if (!this.#mayIn || this.#desktop === null || !this.#auto.checked || document.hidden || !isAsked && !document.hasFocus()) {
      return;
    }
    try {
      const text = withLinesOfTheWeb(await navigator.clipboard.readText());
      const isNew = text !== "" && text !== this.#here && text !== this.#same;
      this.#here = text;
      if (isNew && this.#desktop !== null) {
        this.#send(text);
      }
    } catch {
      // Reading takes the focus, which may have left meanwhile.
      this.#auto.checked = !isAsked && !document.hasFocus();
      if (isAsked) {
        say("This browser does not let the page read the clipboard: paste into the panel instead.");
      }
    }
  }

  #send(text) {
    if (isTooLong(text)) {
      say(`That is more text than the clipboard takes (${most}): send it as a file.`);
      return false;
    }
    this.#same = text;
    this.#text.value = text;
    this.#desktop.copyIn(text);
    return true;
  }

  #sendText() {
    if (this.#send(this.#text.value)) {
      say(this.#desktop.hasClipboard ? "Sent: paste it on the host." : "The host has not opened its clipboard, and may have none: it is given the text when it does.");
      this.#close();
    }
  }

  async #copyText() {
    try {
      await navigator.clipboard.writeText(this.#text.value);
      say("Copied.");
    } catch {
      this.#text.select();
      say("This browser does not let the page copy: choose Copy in its menu.");
    }
  }
}

function isTooLong(text) {
  return text.length > mostBytes || new TextEncoder().encode(text).length > mostBytes;
}

/** Windows has other ends of lines, and clipboards are the same whichever they have. */
function withLinesOfTheWeb(text) {
  return text.replaceAll("\r\n", "\n");
}

function wayInWords(mayIn, mayOut) {
  const limit = `Text only, at most ${most}.`;
  if (mayIn && mayOut) {
    return `Open both ways. ${limit}`;
  }
  return mayIn ? `Text goes to the host; what is copied there stays there. ${limit}` : `Text comes from the host; nothing goes there. ${limit}`;
}

/** Whether this browser has already been asked. Not each one knows the name. */
async function isGranted() {
  try {
    return (await navigator.permissions.query({ name: "clipboard-read" })).state === "granted";
  } catch {
    return false;
  }
}
