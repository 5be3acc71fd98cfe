// Tabs of desktops by the built-in engine, for `bench/run --only desktop-sessions`: opens what the argument lists, has
// something move on each screen, and says "open". Each line of input is answered with FRAMES/BYTES of each tab; its end ends
// this. It stands beside the end-to-end tests' browser.mjs then.

import { createInterface } from "node:readline";
import { given, signIn, visitor } from "./browser.mjs";

const movingSeconds = 4;
const typeAgainSeconds = 10;
const mostCrashes = 5;
const openMillis = 180_000;

/** In each frame of each page: counts the turns of painting in which pixels were put on a canvas. */
function countFrames() {
  globalThis.benchFrames = 0;
  let last = null;
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function counted(...given) {
    const now = document.timeline.currentTime;
    globalThis.benchFrames += now === last ? 0 : 1;
    last = now;
    return put.apply(this, given);
  };
}

class Tab {
  #page;
  #bytes = 0;

  constructor(page) {
    this.#page = page;
    page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => { this.#bytes += payload.length; }));
  }

  async frames() {
    const frame = this.#page.frames().find((one) => one.url().endsWith("/.culvert/desktop/frame"));
    if (!frame) {
      throw new Error(`no desktop in ${this.#page.url()}: ${await this.#page.locator("body").innerText()}`);
    }
    return frame.evaluate(() => globalThis.benchFrames);
  }

  async shown() {
    return `${await this.frames()}/${this.#bytes}`;
  }

  async open({ url, user, password, width, height }) {
    const page = this.#page;
    await page.setViewportSize({ width, height });
    await page.goto(url);
    const connect = page.getByRole("button", { name: "Connect", exact: true });
    const firstTime = page.getByRole("heading", { level: 1, name: "Sign in", exact: true });
    await connect.or(firstTime).first().waitFor();
    if (!await connect.isVisible()) {
      await signIn(page, given);
    }
    await page.getByLabel("User name on the host").fill(user);
    await page.getByLabel("Password").fill(password);
    await connect.click();
    await this.#begin({ width, height });
  }

  /** Answers what the page asks until there is a session. IronRDP may crash as it begins: its user starts it again. */
  async #begin(size) {
    const page = this.#page;
    const trust = page.getByRole("button", { name: "Trust this certificate" });
    const restart = page.getByRole("button", { name: "Restart" });
    const inSession = page.locator("body.in-session");
    for (let crashes = 0; ;) {
      await trust.or(restart).or(inSession).first().waitFor();
      if (await trust.isVisible()) {
        await trust.click();
        await trust.waitFor({ state: "hidden" });
      } else if (await restart.isVisible()) {
        crashes += 1;
        console.error(`the viewer crashed at ${size.width}x${size.height}, ${crashes}`);
        if (crashes === mostCrashes) {
          throw new Error(`the viewer crashed ${crashes} times as one session began`);
        }
        await restart.click();
        await restart.waitFor({ state: "hidden" });
      } else if (await inSession.isVisible()) {
        return;
      }
    }
  }

  /** Whether something new is shown for some seconds in a row: a desktop that comes up moves too, but not for long. */
  async #isMoving() {
    let inARow = 0;
    for (let second = 0; second < typeAgainSeconds && inARow < movingSeconds; second += 1) {
      const before = await this.frames();
      await this.#page.waitForTimeout(1_000);
      inARow = await this.frames() > before ? inARow + 1 : 0;
    }
    return inARow === movingSeconds;
  }

  /**
   * A shell takes nothing before it is there: what is typed then is typed again. Only then is what half of it may have
   * begun interrupted; earlier that would end what starts the shell, and the session with it.
   */
  async move() {
    const deadline = Date.now() + openMillis;
    for (let attempt = 0; Date.now() < deadline; attempt += 1) {
      if (attempt > 1) {
        await this.#page.keyboard.press("Control+c");
      }
      await this.#page.keyboard.type(`${given.moves}\n`);
      if (await this.#isMoving()) {
        return;
      }
    }
    throw new Error(`nothing moves after ${openMillis / 1000} s in ${this.#page.url()}`);
  }
}

let browser = null;
try {
  const first = await visitor();
  const context = first.context();
  browser = context.browser();
  await context.addInitScript(countFrames);
  const tabs = [];
  for (const one of given.tabs) {
    const tab = new Tab(tabs.length === 0 ? first : await context.newPage());
    await tab.open(one);
    tabs.push(tab);
  }
  await Promise.all(tabs.map((tab) => tab.move()));
  console.log("open");
  for await (const _ of createInterface({ input: process.stdin })) {
    console.log((await Promise.all(tabs.map((tab) => tab.shown()))).join(" "));
  }
} catch (error) {
  for (const page of browser?.contexts().flatMap((one) => one.pages()).slice(-1) ?? []) {
    const seen = await page.locator("body").innerText().catch(() => "");
    console.error(`${page.url()}: ${seen.replace(/\s+/g, " ").slice(0, 600)}`);
  }
  console.error(error.stack);
  process.exitCode = 1;
}
await browser?.close();
// Input that is still open would hold it.
process.exit();
