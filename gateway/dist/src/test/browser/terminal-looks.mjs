// The terminal's page in each of its states, where the host is played by this script: nothing the page's policy forbids,
// nothing wider than the screen, no rule of WCAG 2.2 AA that axe can check broken; by mouse, keyboard and touch.

import { readFileSync } from "node:fs";
import { expect, flow, given, signIn, until, visitor } from "./browser.mjs";

const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const opened = { type: "open", session: "s1", csrf: "c1", recorded: true, recording: "r1", files: true };
const entries = [
  { name: "projects", type: "directory", size: 4096, modified: "2026-11-02T10:00:00Z", mode: "755" },
  { name: "current", type: "link", size: 8, modified: "2026-11-02T10:00:00Z", mode: "777" },
  { name: "socket", type: "other", size: 0, modified: "2026-11-02T10:00:00Z", mode: "600" },
  { name: "a-name-that-is-much-longer-than-the-panel-is-wide-and-has-no-space-in-it.tar.gz", type: "file", size: 123456789, modified: "2026-11-02T10:00:00Z", mode: "644" },
  { name: "notes.txt", type: "file", size: 12, modified: "2026-11-02T10:00:00Z", mode: "644" },
];

/** What the page does wrong on its own account. */
function watch(page) {
  const wrong = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.stack));
  return wrong;
}

/** Plays the host. */
async function play(page) {
  const host = { heard: [], typed: "" };
  await page.routeWebSocket("**/.culvert/ssh/terminal", (socket) => {
    host.socket = socket;
    socket.onMessage((data) => {
      if (typeof data === "string") {
        const message = JSON.parse(data);
        host.heard.push(message);
        host.columns = message.columns ?? host.columns;
        host.rows = message.rows ?? host.rows;
      } else {
        host.typed += data.toString();
      }
    });
  });
  host.says = (message) => host.socket.send(JSON.stringify(message));
  host.writes = (text) => host.socket.send(Buffer.from(text));
  host.hears = async (type) => {
    await until(`the page sends ${type}`, () => host.heard.some((message) => message.type === type));
    return host.heard.splice(host.heard.findIndex((message) => message.type === type), 1)[0];
  };
  host.wasTyped = async (text) => {
    await until(`${JSON.stringify(text)} is typed, not ${JSON.stringify(host.typed)}`, () => host.typed.includes(text));
    host.typed = "";
  };
  return host;
}

async function arrives(page) {
  await page.goto(given.application);
  await signIn(page, given.person);
  await page.getByRole("button", { name: "Connect", exact: true }).waitFor();
}

/** Every theme, and every layout. */
const looks = [["light", 1280], ["light", 320], ["dark", 1280], ["contrast", 320]];

async function look(page, state) {
  for (const [theme, width] of looks) {
    await page.emulateMedia({
      colorScheme: theme === "dark" ? "dark" : "light", contrast: theme === "contrast" ? "more" : "no-preference", reducedMotion: "reduce",
    });
    await page.setViewportSize({ width, height: 800 });
    await page.waitForFunction((name) => document.documentElement.dataset.theme === name, theme);
    // Sizes follow in the frame after.
    await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(`${state}, ${theme}, ${width}: wider than the screen`, over, 0);
    expect(`${state}, ${theme}, ${width}: cut off`, await cutOff(page), []);
    // Put in by the debugger, which no policy of the page binds.
    const { violations } = await page.evaluate(`${axe}; axe.run({ runOnly: ${JSON.stringify(rules)} })`);
    expect(`${state}, ${theme}, ${width}`, violations.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary]), []);
    await page.screenshot({ path: `terminal-${state}-${theme}-${width}.png` });
  }
  await page.emulateMedia({ colorScheme: "light", contrast: "no-preference" });
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** Sides where the terminal's letters reach over the room they have. */
function cutOff(page) {
  return page.evaluate(() => {
    const [letters, room] = [".xterm-screen", "#screen"].map((name) => document.querySelector(name)?.getBoundingClientRect());
    return letters ? ["bottom", "right"].filter((side) => letters[side] > room[side]) : [];
  });
}

async function signsIn(page, host) {
  await look(page, "sign-in");
  await page.getByLabel("Private key", { exact: false }).first().check();
  await page.getByRole("textbox", { name: "Private key" }).fill("not a key");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  const asked = await host.hears("connect");
  expect("the key", [asked.method, asked.key, asked.columns > 80, asked.rows > 20], ["key", "not a key\n", true, true]);
  expect("the field", await page.getByRole("textbox", { name: "Private key" }).inputValue(), "");
  host.says({ type: "error", code: "bad_key", message: "What was pasted is not a private key.", next: "Paste the whole file.", retry: true });
  await page.getByRole("alert").getByText("What was pasted is not a private key.").waitFor();
  await look(page, "problem");
  await page.getByLabel("Password").check();
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await host.hears("connect");
  host.says({ type: "host-key", algorithm: "ssh-ed25519", fingerprint: "SHA256:uT5ZVkqlbZkvN2Y9v5fBxQ0q4oVfZ9Lr7q1x0m3n4Ps", known: "new" });
  await page.getByRole("dialog", { name: "Is this the host you mean?" }).getByText("SHA256:uT5Z").waitFor();
  await look(page, "host-key");
  await page.getByRole("button", { name: "Trust this key" }).click();
  expect("trusted", (await host.hears("host-key")).accept, true);
  host.says({ type: "state", state: "authenticating" });
  host.says({ type: "prompt", id: 7, name: "Two questions", instruction: "Of build.", prompts: [{ text: "Password: ", echo: false }, { text: "Colour? ", echo: true }] });
  await page.getByRole("dialog", { name: "The host build.it.localhost asks" }).getByRole("blockquote").waitFor();
  expect("its words", await page.getByRole("blockquote").textContent(), "Two questions\nOf build.");
  await page.getByLabel("Password:").fill("secret");
  await page.getByLabel("Colour?").fill("blue");
  await look(page, "prompt");
  await page.keyboard.press("Enter");
  expect("answers", await host.hears("answer"), { type: "answer", id: 7, answers: ["secret", "blue"] });
  host.says(opened);
  await page.locator("#recorded").waitFor();
}

async function seesText(page, host) {
  host.writes("\x1b]2;vim \x07\x1b[38;2;255;120;0mtrue colour\x1b[0m plain \x1b[1;34mbold blue\x1b[0m http://wiki.example.com/page javascript:alert(1)\r\n");
  await page.waitForFunction(() => document.title.startsWith("vim – "));
  const { bytes } = await host.hears("ack");
  expect("acknowledged", bytes > 100, true);
  await look(page, "session");
}

/** Only addresses of the web are opened, and learn nothing of this page. */
async function followsLinks(page, host) {
  await page.context().route("http://wiki.example.com/**", (route) => route.fulfill({ body: "wiki" }));
  host.writes("\x1b[2J\x1b[H http://wiki.example.com/page  \x1b]8;;javascript:alert(1)\x1b\\evil\x1b]8;;\x1b\\  " +
    "\x1b]8;;http://wiki.example.com/named\x1b\\good\x1b]8;;\x1b\\ \r\n");
  await host.hears("ack");
  for (const [column, path] of [[3, "/page"], [37, "/named"]]) {
    await pointsAt(page, host, column, `http://wiki.example.com${path}`);
    const [opened] = await Promise.all([page.context().waitForEvent("page"), clickCell(page, host, column, 0)]);
    await opened.waitForURL(`http://wiki.example.com${path}`);
    expect("knows who opened it", await opened.evaluate(() => [window.opener, document.referrer]), [null, ""]);
    await opened.close();
    // Behind another tab xterm.js finds no link.
    await page.bringToFront();
  }
  await page.mouse.move(...await cell(page, host, 31, 0), { steps: 3 });
  await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
  await clickCell(page, host, 31, 0);
  expect("opened", page.context().pages().length, 1);
}

/** Until the page tells of the link there: xterm.js looks for those of a line when the pointer comes from another one. */
async function pointsAt(page, host, column, address) {
  const shown = page.locator("#address", { hasText: address });
  await until(`${address} is found`, async () => {
    await page.mouse.move(...await cell(page, host, column, 4));
    await page.mouse.move(...await cell(page, host, column, 0), { steps: 3 });
    return shown.waitFor({ timeout: 1_000 }).then(() => true, () => false);
  });
}

async function clickCell(page, host, column, row) {
  await page.mouse.click(...await cell(page, host, column, row));
}

async function cell(page, host, column, row) {
  const { x, y, width, height } = await page.locator(".xterm-screen").boundingBox();
  return [x + (column + 0.5) * (width / host.columns), y + (row + 0.5) * (height / host.rows)];
}

async function swipe(page, from, to) {
  const devtools = await page.context().newCDPSession(page);
  const touch = (type, ...touchPoints) => devtools.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", { x: 150, y: from });
  for (let y = from; y <= to; y += 40) {
    await touch("touchMove", { x: 150, y });
  }
  await touch("touchEnd");
}

/** Drawn by WebGL where that is fast, by elements when its context is taken away. */
async function survivesTheLossOfWebgl() {
  const page = await visitor();
  await page.addInitScript(() => {
    // That of this machine is not fast: it says that it is.
    const getContext = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, options) {
      return getContext.call(this, kind, { ...options, failIfMajorPerformanceCaveat: false });
    };
    const ask = WebGL2RenderingContext.prototype.getParameter;
    WebGL2RenderingContext.prototype.getParameter = function (name) {
      return name === 0x9246 ? "fast" : ask.call(this, name);
    };
  });
  const wrong = watch(page);
  const host = await play(page);
  await arrives(page);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await host.hears("connect");
  host.says(opened);
  host.writes("\x1b[38;2;255;120;0mbefore\r\n");
  await page.locator("#screen[data-drawn=webgl] canvas").first().waitFor();
  await page.screenshot({ path: "terminal-webgl.png" });
  await page.evaluate(() => {
    for (const canvas of document.querySelectorAll("#screen canvas")) {
      canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context").loseContext();
    }
  });
  await page.locator("#screen[data-drawn=elements] .xterm-rows", { hasText: "before" }).waitFor();
  host.writes("after\r\n");
  await page.locator(".xterm-rows", { hasText: "after" }).waitFor();
  expect("problems", wrong.filter((text) => !/GL Driver Message|context not restored/.test(text)), []);
}

async function searches(page, host) {
  host.writes("needle one\r\nneedle two\r\nNEEDLE three\r\n");
  await page.keyboard.press("Control+Shift+F");
  await page.getByRole("searchbox").fill("needle");
  await page.getByText("of 3").waitFor();
  await page.getByRole("button", { name: "Upper and lower case differ" }).click();
  await page.getByText("of 2").waitFor();
  await look(page, "search");
  await page.keyboard.press("Escape");
  await page.getByRole("search").waitFor({ state: "hidden" });
}

async function types(page, host) {
  await page.locator("#screen").click();
  await page.keyboard.type("ls");
  await page.keyboard.press("Control+C");
  await host.wasTyped("ls\x03");
  host.writes("\x1b[?2004h");
  await page.evaluate(() => navigator.clipboard.writeText("two\nlines"));
  await page.keyboard.press("Control+Shift+V");
  await host.wasTyped("\x1b[200~two\rlines\x1b[201~");
  host.writes("\x1b[?2004l");
  await page.keyboard.press("Control+Shift+L");
  expect("left the terminal for", await page.evaluate(() => document.activeElement.id), "show-text");
  await page.keyboard.press("Enter");
  await look(page, "text");
  await page.getByRole("button", { name: "Copy all" }).click();
  await page.getByText("Copied.").waitFor();
  expect("copied", (await page.evaluate(() => navigator.clipboard.readText())).includes("NEEDLE three"), true);
  await page.getByRole("button", { name: "Done" }).click();
}

/** A host may fill the clipboard; it never learns what is in it. */
async function sharesNoClipboard(page, host) {
  await page.evaluate(() => navigator.clipboard.writeText("private"));
  host.typed = "";
  host.writes("\x1b]52;c;?\x07\x1b[6n");
  await until("the terminal answers where its cursor is", () => host.typed.includes("R"));
  expect("told the host", /private|cHJpdmF0ZQ/.test(host.typed) || host.typed.includes("]52"), false);
  host.writes(`\x1b]52;c;${Buffer.from("from the host").toString("base64")}\x07`);
  await page.getByText("The host has copied something to the clipboard.").waitFor();
  expect("copied", await page.evaluate(() => navigator.clipboard.readText()), "from the host");
}

async function browsesFiles(page) {
  const puts = [];
  await page.route("**/.culvert/ssh/sessions/s1/list?*", (route) => {
    const path = new URL(route.request().url()).searchParams.get("path");
    return path.endsWith("locked")
      ? route.fulfill({ status: 403, json: { error: { code: "file_denied", message: "The host does not let you read /locked.", next: "Choose another folder." } } })
      : route.fulfill({ json: { path: path || "/home/ann", entries } });
  });
  await page.route("**/.culvert/ssh/sessions/s1/files?*", async (route) => {
    puts.push([route.request().method(), route.request().headers()["x-culvert-session-csrf"], new URL(route.request().url()).searchParams.get("path"), route.request().postData()]);
    await route.fulfill(puts.length === 1 ? { status: 201 } : { status: 507, json: { error: { code: "file_no_space", message: "The host's disk is full.", next: "Make room there." } } });
  });
  await page.getByRole("button", { name: "Files" }).click();
  await page.getByRole("link", { name: "notes.txt" }).waitFor();
  expect("order", await page.locator(".files-name").allInnerTexts(), ["projects/", "a-name-that-is-much-longer-than-the-panel-is-wide-and-has-no-space-in-it.tar.gz", "current →", "notes.txt", "socket"]);
  await drop(page, "new.txt", "hello");
  await page.getByText("sent, 5 bytes").waitFor();
  await drop(page, "notes.txt", "again");
  await page.getByRole("dialog").getByText("notes.txt exists in /home/ann. Replace it?").waitFor();
  await look(page, "replace");
  await page.getByRole("button", { name: "Replace" }).click();
  await page.getByText("The host's disk is full. Make room there.").waitFor();
  expect("uploads", puts, [["PUT", "c1", "/home/ann/new.txt", "hello"], ["PUT", "c1", "/home/ann/notes.txt", "again"]]);
  await page.getByLabel("Folder", { exact: true }).fill("/locked");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("The host does not let you read /locked.").waitFor();
  await look(page, "files");
  await page.getByRole("button", { name: "Close files" }).click();
}

async function drop(page, name, text) {
  const data = await page.evaluateHandle(([fileName, content]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], fileName));
    return transfer;
  }, [name, text]);
  await page.dispatchEvent("body", "dragenter", { dataTransfer: data });
  await page.locator("#drop").waitFor();
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

async function changesTheView(page) {
  await page.getByRole("button", { name: "View" }).click();
  await look(page, "view");
  await page.getByLabel("Colours").selectOption("dark");
  await page.getByLabel("Size of letters").fill("20");
  await page.getByRole("button", { name: "Done" }).click();
  expect("kept", await page.evaluate(() => JSON.parse(localStorage.getItem("culvert.terminal"))), { theme: "dark", fontSize: 20, screenReader: false });
  await page.getByRole("button", { name: "View" }).click();
  await page.getByLabel("Colours").selectOption("system");
  await page.getByLabel("Size of letters").fill("15");
  await page.getByRole("button", { name: "Done" }).click();
}

async function ends(page, host) {
  await host.socket.close({ code: 1006 }).catch(() => host.socket.close());
  await page.getByRole("alert").getByText("The connection was lost.").waitFor();
  await look(page, "lost");
  await page.getByRole("button", { name: "Connect again" }).click();
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await host.hears("connect");
  host.says(opened);
  await page.locator("#recorded").waitFor();
  await host.socket.close({ code: 1008, reason: "no policy of build lets ann in" });
  await page.getByRole("alert").getByText("Your access has ended: no policy of build lets ann in.").waitFor();
  await look(page, "access-ended");
}

/** On a telephone: keys that its keyboard has not, and a finger that scrolls. */
async function touches() {
  const page = await visitor({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 700 } });
  const wrong = watch(page);
  const host = await play(page);
  await arrives(page);
  await page.getByRole("button", { name: "Connect", exact: true }).tap();
  await host.hears("connect");
  host.says({ ...opened, files: false });
  await page.getByRole("toolbar", { name: "Keys" }).getByRole("button", { name: "Esc" }).tap();
  await host.wasTyped("\x1b");
  await page.getByRole("button", { name: "Ctrl" }).tap();
  await page.keyboard.type("d");
  await host.wasTyped("\x04");
  host.writes("\x1b[?1h");
  await host.hears("ack");
  await page.getByRole("button", { name: "Up", exact: true }).tap();
  await host.wasTyped("\x1bOA");
  host.writes(Array.from({ length: 100 }, (_, number) => `line ${number}.\r\n`).join(""));
  await page.locator(".xterm-rows", { hasText: "line 99." }).waitFor();
  await swipe(page, 150, 550);
  await page.locator(".xterm-rows").filter({ hasNotText: "line 99." }).waitFor();
  await page.screenshot({ path: "terminal-touch.png" });
  host.writes("\x1b[?1l\x1b[?1049h");
  await swipe(page, 150, 550);
  await host.wasTyped("\x1b[A");
  expect("problems", wrong, []);
}

await flow(async () => {
  const page = await visitor();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const wrong = watch(page);
  const host = await play(page);
  await arrives(page);
  await signsIn(page, host);
  await seesText(page, host);
  await followsLinks(page, host);
  await searches(page, host);
  await types(page, host);
  await sharesNoClipboard(page, host);
  await browsesFiles(page);
  await changesTheView(page);
  await ends(page, host);
  expect("problems", wrong.filter((text) => !/status of (403|507)/.test(text)), []);
  await touches();
  await survivesTheLossOfWebgl();
});
