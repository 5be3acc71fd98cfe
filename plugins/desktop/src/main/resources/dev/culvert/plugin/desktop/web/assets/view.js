// The page of an administrator who watches a session. All of its addresses are relative.

import { part, say } from "./elements.js";
import { Guacd } from "./guacd.js";

const mayControl = document.documentElement.dataset.control === "yes";
const endings = {
  1008: "The session was ended, or you may not watch it any more.",
  1011: "The session cannot be watched.",
};

class Page {
  #desktop = null;

  start() {
    part("control").hidden = !mayControl;
    part("control").addEventListener("click", () => this.#control(part("control").getAttribute("aria-pressed") !== "true"));
    part("leave").addEventListener("click", () => this.#desktop?.disconnect());
    part("again").addEventListener("click", () => this.#watch());
    new ResizeObserver(() => this.#desktop?.fit()).observe(part("stage"));
    this.#watch();
  }

  #watch() {
    part("over").hidden = true;
    part("mode").textContent = "connecting …";
    const socket = new URL(`socket${location.search}`, location.href);
    socket.protocol = socket.protocol.replace("http", "ws");
    this.#desktop?.remove();
    this.#desktop = new Guacd(part("stage"), socket.href, false, {
      connected: () => this.#control(false),
      ended: (how) => this.#ended(how),
      left: () => part("leave").focus(),
      slow: (isSlow) => { part("trouble").textContent = "The connection is slow."; part("trouble").hidden = !isSlow; },
    });
    this.#desktop.connect();
  }

  /** Somebody who may also works only when they say so: watching must not disturb. */
  #control(isOn) {
    this.#desktop.mayType = isOn;
    part("control").setAttribute("aria-pressed", String(isOn));
    part("mode").textContent = isOn ? "Your keyboard and mouse are on it, too." : "You only see it. Its user is told that you do.";
    if (isOn) {
      this.#desktop.focus();
      say("Ctrl+Alt+Shift leaves the desktop for the tools of the page.");
    }
  }

  #ended({ closing, text }) {
    part("over-heading").textContent = "You do not watch any more";
    part("over-message").textContent = closing?.reason || text || endings[closing?.code] || "";
    part("mode").textContent = "";
    part("over").hidden = false;
    part("again").focus();
  }
}

new Page().start();
