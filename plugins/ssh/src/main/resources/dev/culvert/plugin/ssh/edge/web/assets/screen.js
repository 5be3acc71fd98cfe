// xterm.js with what this page adds to it.

import "./styles.js";
import { FitAddon } from "./libraries/@xterm/addon-fit/lib/addon-fit.mjs";
import { UnicodeGraphemesAddon } from "./libraries/@xterm/addon-unicode-graphemes/lib/addon-unicode-graphemes.mjs";
import { WebLinksAddon } from "./libraries/@xterm/addon-web-links/lib/addon-web-links.mjs";
import { WebglAddon } from "./libraries/@xterm/addon-webgl/lib/addon-webgl.mjs";
import { Terminal } from "./libraries/@xterm/xterm/lib/xterm.mjs";
import { part, say } from "./elements.js";
import { look } from "./themes.js";
import { Touch } from "./touch.js";

const fontFamily =
  'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace';
const scrollbackLines = 10_000;
const longestTitle = 120;
const mostCopied = 1024 * 1024;
const shownAsText = 2_000;

/** Leaves what a program was in when the connection went: mouse reports, bracketed paste, colours; the other buffer. */
const plainAgain = "\x1b[!p\x1b[?9;1000;1002;1003;1004;1006;2004;2026l\x1b[0m\r\n";
const leaveAlternate = "\x1b[?1049l";

/** Calls `on` with `data(text)`, `binary(bytes)`, `resize(columns, rows)`. */
export class Screen {
  #element = part("screen");
  #fit = new FitAddon();
  #webgl = null;
  #title = "";
  terminal;

  constructor(settings, on) {
    this.terminal = new Terminal({
      ...look(settings), fontFamily, scrollback: scrollbackLines, allowProposedApi: true, disableStdin: true,
      macOptionIsMeta: true, overviewRuler: { width: 10 },
      linkHandler: this.#links(),
    });
    this.#extend();
    this.terminal.open(this.#element);
    this.terminal.textarea.setAttribute("aria-label", "Terminal. Ctrl+Shift+L leaves it for the buttons of the page.");
    this.#draw();
    this.terminal.onData(on.data);
    this.terminal.onBinary((data) => on.binary(Uint8Array.from(data, (letter) => letter.charCodeAt(0))));
    this.terminal.onResize(({ cols, rows }) => on.resize(cols, rows));
    this.terminal.onTitleChange((title) => this.#showTitle(title));
    this.terminal.onBell(() => this.#ring());
    settings.addEventListener("change", () => this.#adapt(settings));
    new ResizeObserver(() => this.fit()).observe(this.#element);
    new Touch(this.terminal);
  }

  #extend() {
    const { activate, hover, leave } = this.#links();
    this.terminal.loadAddon(this.#fit);
    this.terminal.loadAddon(new UnicodeGraphemesAddon());
    this.terminal.loadAddon(new WebLinksAddon(activate, { hover, leave }));
    this.terminal.parser.registerOscHandler(52, (data) => this.#copyForHost(data));
  }

  /** By WebGL; xterm.js goes on with elements of the page where there is none that is fast, or it is taken away. */
  #draw() {
    if (!hasFastWebgl()) {
      this.#drawPlainly();
      return;
    }
    try {
      this.#webgl = new WebglAddon();
      this.#webgl.onContextLoss(() => this.#drawPlainly());
      this.terminal.loadAddon(this.#webgl);
      this.#element.dataset.drawn = "webgl";
    } catch {
      this.#drawPlainly();
    }
  }

  #drawPlainly() {
    this.#webgl?.dispose();
    this.#webgl = null;
    this.#element.dataset.drawn = "elements";
  }

  /** Addresses of the web only; a page that is opened learns nothing of this one. */
  #links() {
    const address = part("address");
    return {
      activate: (_, uri) => /^https?:\/\//i.test(uri) && window.open(uri, "_blank", "noopener,noreferrer"),
      hover: (_, uri) => {
        address.textContent = uri;
        address.hidden = false;
      },
      leave: () => { address.hidden = true; },
      allowNonHttpProtocols: false,
    };
  }

  /** OSC 52: a program of the host copies. What is in the clipboard it never learns. */
  #copyForHost(data) {
    const text = decoded(data.slice(data.indexOf(";") + 1));
    if (text !== "" && text.length <= mostCopied) {
      navigator.clipboard?.writeText(text).then(
        () => say("The host has copied something to the clipboard."),
        () => say("The host wants to copy something, which this browser does not allow."));
    }
    return true;
  }

  #showTitle(title) {
    this.#title = title.replace(/[\p{C}\s]+/gu, " ").trim().slice(0, longestTitle);
    part("title").textContent = this.#title;
    document.title = [this.#title, part("host").textContent].filter((text) => text !== "").join(" – ");
  }

  #ring() {
    this.#element.classList.remove("rung");
    requestAnimationFrame(() => this.#element.classList.add("rung"));
    if (document.hidden && !document.title.startsWith("● ")) {
      document.title = `● ${document.title}`;
      document.addEventListener("visibilitychange", () => this.#showTitle(this.#title), { once: true });
    }
  }

  #adapt(settings) {
    Object.assign(this.terminal.options, look(settings));
    this.fit();
  }

  fit() {
    if (this.#element.clientWidth > 0) {
      this.#fit.fit();
    }
  }

  /** @param drawn called when it is on the screen, or soon will be */
  write(bytes, drawn) {
    this.terminal.write(bytes, drawn);
  }

  /** Whether keys go anywhere. */
  set isLive(live) {
    this.terminal.options.disableStdin = !live;
    this.terminal.options.cursorBlink = live;
  }

  /** After a session: what it wrote stays, what it switched on does not. */
  leaveModes() {
    this.terminal.write("", () => {
      const isAlternate = this.terminal.buffer.active.type === "alternate";
      this.terminal.write((isAlternate ? leaveAlternate : "") + plainAgain);
    });
    this.#showTitle("");
  }

  /** The last lines as text. */
  text() {
    const buffer = this.terminal.buffer.active;
    let text = "";
    for (let number = Math.max(0, buffer.length - shownAsText); number < buffer.length; number += 1) {
      const line = buffer.getLine(number);
      text += (line.isWrapped || text === "" ? "" : "\n") + line.translateToString(true);
    }
    return text.trimEnd();
  }
}

function decoded(base64) {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  } catch {
    return "";
  }
}

/** Drawn by the processor, WebGL is several times slower than elements. */
function hasFastWebgl() {
  const context = document.createElement("canvas").getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  const about = context?.getExtension("WEBGL_debug_renderer_info");
  const renderer = about ? context.getParameter(about.UNMASKED_RENDERER_WEBGL) : "";
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null && !/swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer);
}
