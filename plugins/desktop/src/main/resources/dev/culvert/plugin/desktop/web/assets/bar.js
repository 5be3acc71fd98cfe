// The tools of a session. They get out of the way: a handle at the top, the shortcut, or Tab from the desktop brings them.

import { element, part, say } from "./elements.js";

const firstShownMillis = 4_000;
const leaveMillis = 700;

export class Bar {
  #bar = part("bar");
  #handle = part("handle");
  #timer = 0;
  #back;
  #watchers = new Map();

  /** @param back gives the focus to the desktop */
  constructor(back) {
    this.#back = back;
    this.#handle.addEventListener("click", () => this.open());
    this.#bar.addEventListener("pointerenter", () => clearTimeout(this.#timer));
    this.#bar.addEventListener("pointerleave", () => this.#tuckIn(leaveMillis));
    this.#bar.addEventListener("focusin", () => this.#show());
    this.#bar.addEventListener("focusout", () => this.#tuckIn(leaveMillis));
    this.#bar.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") {
        this.#tuckIn(0);
        this.#back();
      }
    });
    part("full-screen").addEventListener("click", () => this.#fullScreen());
    document.addEventListener("fullscreenchange", () => this.#fullScreenChanged());
    part("full-screen").hidden = !document.fullscreenEnabled;
    // Panels begin below it.
    new ResizeObserver(() => document.body.style.setProperty("--bar-height", `${this.#bar.offsetHeight}px`)).observe(this.#bar);
  }

  /** @param recorded whether the session is recorded */
  begin(recorded) {
    part("tools").hidden = false;
    part("handle-recorded").hidden = !recorded;
    this.#handle.hidden = false;
    document.body.classList.add("in-session");
    this.#watchers.clear();
    this.#mark(recorded);
    this.#tuckIn(firstShownMillis);
  }

  end() {
    clearTimeout(this.#timer);
    this.#handle.hidden = true;
    part("tools").hidden = true;
    part("marks").replaceChildren();
    document.body.classList.remove("in-session", "tucked");
    if (document.fullscreenElement) {
      document.exitFullscreen();
    }
  }

  /** Somebody works on the desktop: they need to see all of it. */
  leave() {
    if (!document.body.classList.contains("tucked")) {
      this.#tuckIn(1);
    }
  }

  /** With the focus on its first tool. */
  open() {
    this.#show();
    part("tools").querySelector("button:not([hidden])").focus();
  }

  #show() {
    clearTimeout(this.#timer);
    document.body.classList.remove("tucked");
    this.#handle.setAttribute("aria-expanded", "true");
  }

  #tuckIn(millis) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const isUsed = millis > 0 && (this.#bar.contains(document.activeElement) || this.#bar.matches(":hover"));
      if (document.body.classList.contains("in-session") && !isUsed) {
        document.body.classList.add("tucked");
        this.#handle.setAttribute("aria-expanded", "false");
      }
    }, millis);
  }

  // Marks: recorded, watched.

  #mark(recorded) {
    const marks = recorded ? [mark("recorded", "Recorded")] : [];
    if (this.#watchers.size > 0) {
      marks.push(mark("watched", `Watched by ${[...this.#watchers.values()].join(", ")}`));
    }
    part("marks").replaceChildren(...marks);
    this.#handle.classList.toggle("watched", this.#watchers.size > 0);
  }

  joined(id, who, recorded) {
    this.#watchers.set(id, who);
    this.#mark(recorded);
    this.#show();
    this.#tuckIn(firstShownMillis);
    say(`${who} watches this session.`);
  }

  parted(id, recorded) {
    const who = this.#watchers.get(id);
    if (this.#watchers.delete(id)) {
      this.#mark(recorded);
      say(`${who} does not watch any more.`);
    }
  }

  /** Of the whole screen; the browser then leaves keys such as Esc and Alt+Tab to the desktop, where it can. */
  async #fullScreen() {
    if (document.fullscreenElement) {
      await document.exitFullscreen();
      return;
    }
    try {
      await document.documentElement.requestFullscreen({ navigationUI: "hide" });
      await navigator.keyboard?.lock?.();
    } catch {
      say("This browser does not let the page have the whole screen.");
    }
    this.#back();
  }

  #fullScreenChanged() {
    const isFull = document.fullscreenElement !== null;
    part("full-screen").setAttribute("aria-pressed", String(isFull));
    if (!isFull) {
      navigator.keyboard?.unlock?.();
    }
  }
}

function mark(kind, text) {
  const made = element("span", `mark-${kind}`);
  made.append(element("span", "dot"), text);
  return made;
}
