// The page of remote desktops in each of its states, where the edge and guacd are played by this script: nothing the page's
// policy forbids, nothing wider than the screen, no rule of WCAG 2.2 AA that axe can check broken; by mouse, keyboard and
// touch.

import { readFileSync } from "node:fs";
import { expect, flow, given, signIn, until, visitor } from "./browser.mjs";

const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const looks = [["light", 1280], ["light", 320], ["dark", 1280], ["contrast", 320]];
const password = "not to be kept";
const about = {
  host: "office.example.com", application: "office", actor: "ann@example.com", kind: "rdp", engine: "guacd",
  unavailable: null, readOnly: false, clipboard: "both", files: "both", audio: true, recording: "required", recordKeys: false,
  keyboard: "de-de-qwertz", login: { stored: false, user: true, domain: true, password: true },
};
const certificate = {
  fingerprint: `SHA256:${"0123456789abcdef".repeat(4)}`, subject: "CN=office.corp", issuer: "CN=office.corp",
  from: "2026-01-02T10:00:00Z", until: "2036-01-02T10:00:00Z",
};
const refused = { code: "host_refused", message: "office.example.com refuses connections.", next: "Ask its owner.", id: "8f3ac01b" };
const folder = "application/vnd.glyptodon.guacamole.stream-index+json";
const entries = { "/Download": folder, "/b10.txt": "text/plain", "/b9.txt": "text/plain" };

/** What the page does wrong on its own account. */
function watch(page) {
  const wrong = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.stack));
  return wrong;
}

const instruction = (...elements) => `${elements.map((element) => `${[...String(element)].length}.${element}`).join(",")};`;
const base64 = (text) => Buffer.from(text).toString("base64");

/** Elements of the instructions in a message of the page's. */
function parsed(message) {
  const all = [];
  let elements = [];
  for (let at = 0; at < message.length;) {
    const dot = message.indexOf(".", at);
    const element = [...message.slice(dot + 1)].slice(0, Number(message.slice(at, dot))).join("");
    elements.push(element);
    at = dot + 1 + element.length + 1;
    if (message[at - 1] === ";") {
      all.push(elements);
      elements = [];
    }
  }
  return all;
}

/** Plays the edge, and guacd behind it. */
async function play(page, changes = {}) {
  const host = { heard: [], asked: [], about: { ...about, ...changes }, answers: [] };
  await page.route("**/.culvert/desktop/about", (route) => route.fulfill({ json: host.about }));
  await page.route("**/.culvert/desktop/sessions", (route) => {
    host.asked.push(route.request().postDataJSON());
    const answer = host.answers.shift();
    return route.fulfill(answer ?? { json: {
      ticket: "t1", engine: "guacd", socket: "/.culvert/desktop/sessions/t1/guacd", destination: "office.example.com:3389",
      nla: false, stored: false,
    } });
  });
  await page.routeWebSocket("**/.culvert/desktop/sessions/t1/guacd", (socket) => {
    host.socket = socket;
    host.says(["", "5a2c8f0e"]);
    socket.onMessage((message) => parsed(message).forEach((heard) => host.takes(heard, message)));
  });
  host.takes = (heard, message) => {
    const [opcode, , name] = heard;
    if (opcode === "") {
      host.socket.send(message);
    } else if (opcode === "get" && name === "/") {
      host.says(["body", 0, 7, folder, "/"], ["blob", 7, base64(JSON.stringify(entries))], ["end", 7]);
    } else {
      host.heard.push(heard);
    }
  };
  host.says = (...all) => host.socket.send(all.map((elements) => instruction(...elements)).join(""));
  host.shows = () => host.says(["size", 0, 1280, 800], ["rect", 0, 0, 0, 1280, 800], ["cfill", 14, 0, 10, 61, 98, 255], ["sync", 1]);
  host.hears = async (what, matches) => {
    await until(`the page says ${what}, not ${JSON.stringify(host.heard.slice(-12))}`, () => host.heard.some(matches));
    return host.heard.splice(host.heard.findIndex(matches), 1)[0];
  };
  host.says.opcode = (name) => host.hears(name, ([opcode]) => opcode === name);
  host.typed = (keysym) => host.hears(`key ${keysym}`, ([opcode, key, isDown]) => opcode === "key" && Number(key) === keysym && isDown === "1");
  return host;
}

async function look(page, state) {
  for (const [theme, width] of looks) {
    await page.emulateMedia({
      colorScheme: theme === "dark" ? "dark" : "light", contrast: theme === "contrast" ? "more" : "no-preference", reducedMotion: "reduce",
    });
    await page.setViewportSize({ width, height: 800 });
    // Sizes follow in the frame after.
    await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(`${state}, ${theme}, ${width}: wider than the screen`, over, 0);
    // Put in by the debugger, which no policy of the page binds.
    const { violations } = await page.evaluate(`${axe}; axe.run({ runOnly: ${JSON.stringify(rules)} })`);
    expect(`${state}, ${theme}, ${width}`, violations.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary]), []);
    await page.screenshot({ path: `desktop-${state}-${theme}-${width}.png` });
  }
  await page.emulateMedia({ colorScheme: "light", contrast: "no-preference" });
  await page.setViewportSize({ width: 1280, height: 800 });
}

const connect = (page) => page.getByRole("button", { name: "Connect", exact: true }).click();
const tool = (page, name) => page.getByRole("toolbar", { name: "Session" }).getByRole("button", { name, exact: true });

/** By the shortcut that the page tells of: from the desktop to the tools. */
async function leavesForTheTools(page) {
  await page.waitForFunction(() => document.activeElement.matches(".sink"));
  for (const key of ["Control", "Alt", "Shift"]) {
    await page.keyboard.down(key);
  }
  for (const key of ["Shift", "Alt", "Control"]) {
    await page.keyboard.up(key);
  }
  await page.waitForFunction(() => document.activeElement.closest("#tools"));
}

async function saysWhatGuacdIsFor(page, host) {
  host.about.unavailable = { code: "guacd_missing", message: "This needs guacd, and none is configured.", next: "Start one and name it." };
  await page.goto(given.application);
  await signIn(page, given.person);
  await page.getByText("docker run -d").waitFor();
  await look(page, "unavailable");
  host.about.unavailable = null;
  await page.getByRole("button", { name: "Look again" }).click();
}

async function signsIn(page, host) {
  await page.getByLabel("User name on the host").fill("ann");
  await look(page, "sign-in");
  await page.getByLabel("Password").fill(password);
  host.answers.push({ status: 502, json: { error: refused } });
  await connect(page);
  await page.getByRole("alert").getByText("Reference: 8f3ac01b").waitFor();
  await look(page, "refused");
  expect("asked", host.asked.pop(), {
    user: "ann", domain: "", password, width: 1280, height: 800, dpi: 96, certificate: "", keyboard: "de-de-qwertz",
    timezone: await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone),
  });
  expect("the field", await page.getByLabel("Password").inputValue(), "");
  await page.getByLabel("Password").fill(password);
  host.answers.push({ status: 409, json: { error: { ...refused, code: "certificate_unknown" }, certificate } });
  await connect(page);
  await page.getByRole("dialog", { name: "Is this the host you mean?" }).getByText(certificate.fingerprint).waitFor();
  await look(page, "certificate");
  await page.getByRole("button", { name: "Trust this certificate" }).click();
  await until("it is asked again", () => host.asked.length === 2);
  expect("accepted", [host.asked[1].certificate, host.asked[1].password], [certificate.fingerprint, password]);
  await page.getByText("Connecting to the desktop …").waitFor();
  await until("the WebSocket is open", () => host.socket !== undefined);
  host.shows();
  await page.getByText("Recorded").first().waitFor();
  expect("kept", await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])).then((kept) => kept.includes("not to be")), false);
  await host.says.opcode("sync");
}

/** Keys by what they mean, dead keys and input methods by what they write; all of them released when the desktop is left. */
async function types(page, host) {
  await page.keyboard.type("aA");
  await host.typed(0x61);
  await host.typed(0x41);
  await page.keyboard.insertText("é漢");
  await host.typed(0xe9);
  await host.typed(0x1006f22);
  await leavesForTheTools(page);
  await host.hears("control released", ([opcode, key, isDown]) => opcode === "key" && key === "65507" && isDown === "0");
  await look(page, "session");
  host.heard.length = 0;
  await tool(page, "Ctrl-Alt-Del").click();
  await host.typed(0xffff);
  expect("the others before it", host.heard.map(([, key]) => Number(key)).slice(0, 2), [0xffe3, 0xffe9]);
  await page.mouse.click(640, 400);
  const [, x, y, mask] = await host.hears("a click", ([opcode, , , buttons]) => opcode === "mouse" && buttons === "1");
  expect("where", [Number(x), Number(y), mask], [640, 400, "1"]);
}

async function typesOnTheScreen(page, host) {
  await leavesForTheTools(page);
  await tool(page, "Keys").click();
  await page.getByRole("group", { name: "On-screen keyboard" }).getByRole("button", { name: "Fn: more keys" }).click();
  host.heard.length = 0;
  await page.getByRole("button", { name: "Ctrl", exact: true }).click();
  await page.getByRole("button", { name: "c", exact: true }).click();
  await host.typed(0x63);
  await host.hears("Ctrl released", ([opcode, key, isDown]) => opcode === "key" && key === "65507" && isDown === "0");
  await look(page, "keys");
  await tool(page, "Keys").click();
  // Changed at last for what the keys left; not once for each window that it had meanwhile.
  await host.hears("size", ([opcode, width, height]) => opcode === "size" && width === "1280" && height === "800");
}

async function sharesTheClipboard(page, host) {
  await tool(page, "Clipboard").click();
  const text = page.getByLabel("Text on the host’s clipboard");
  host.says(["clipboard", 1, "text/plain"], ["blob", 1, base64("grüße 漢")], ["end", 1]);
  await page.waitForFunction(() => document.getElementById("clipboard-text").value === "grüße 漢");
  await look(page, "clipboard");
  await text.fill("to the host 😀");
  await page.getByRole("button", { name: "Send to the host" }).click();
  await host.says.opcode("clipboard");
  expect("sent", (await host.hears("its text", ([opcode]) => opcode === "blob"))[2], base64("to the host 😀"));
  await page.evaluate(() => navigator.clipboard.writeText("copied elsewhere"));
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  expect("by itself", (await host.hears("it again", ([opcode, , data]) => opcode === "blob" && data === base64("copied elsewhere"))).length, 3);
}

async function browsesTheDrive(page, host) {
  host.says(["filesystem", 0, "Shared Drive"], ["audio", 5, "audio/L16;rate=44100,channels=2"]);
  await leavesForTheTools(page);
  await tool(page, "Sound").waitFor();
  await tool(page, "Files").click();
  await page.getByRole("button", { name: "b10.txt" }).waitFor();
  expect("order", await page.locator(".files-name").allInnerTexts(), ["Download/", "b9.txt", "b10.txt"]);
  await uploads(page, host);
  await downloads(page, host);
  await look(page, "files");
  await page.getByRole("button", { name: "Close files" }).click();
  await isOffered(page, host);
}

const offers = (page) => page.getByRole("region", { name: "Files that the host offers" });

/** What the host begins by itself: nothing is answered before somebody says so, and no more than some wait. */
async function isOffered(page, host) {
  const long = `${"a-long-name-".repeat(20)}end.pdf`;
  const answer = (stream) => host.hears(`an answer to ${stream}`, ([opcode, index]) => opcode === "ack" && index === String(stream)).then(([, , , code]) => Number(code));
  host.heard.length = 0;
  host.says(["file", 11, "text/plain", "report.txt"], ["file", 12, "application/pdf", long]);
  await offers(page).getByText("end.pdf").waitFor();
  expect("said", await page.getByRole("status").filter({ hasText: "end.pdf: save or refuse it." }).count(), 1);
  await look(page, "offers");
  expect("answered", host.heard.filter(([opcode]) => opcode === "ack"), []);
  await leavesForTheTools(page);
  await tool(page, "Disconnect").focus();
  const save = offers(page).getByRole("button", { name: "Save report.txt" });
  for (let stops = 0; stops < 2 && !await save.evaluate((button) => button === document.activeElement); stops += 1) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  expect("taken", await answer(11), 0);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    host.says(["blob", 11, base64("offered")], ["end", 11]),
  ]);
  expect("offered", [download.suggestedFilename(), readFileSync(await download.path(), "utf8")], ["report.txt", "offered"]);
  await page.waitForFunction(() => document.activeElement.textContent === "Save");
  await offers(page).getByRole("button", { name: "Refuse" }).click();
  expect("refused", await answer(12), 0x0303);
  await offers(page).waitFor({ state: "hidden" });
  host.says(...Array.from({ length: 9 }, (_, index) => ["file", 21 + index, "text/plain", `many-${index}`]));
  expect("one too many", await answer(29), 0x031d);
  expect("waiting", await offers(page).getByRole("listitem").count(), 8);
  await offers(page).getByText("others are refused").waitFor();
  await look(page, "many-offers");
  host.says(["blob", 21, base64("unasked")], ["end", 22]);
  expect("not waited for", await answer(21), 0x0303);
  for (let left = 6; left > 0; left -= 1) {
    await offers(page).getByRole("button", { name: "Refuse" }).first().click();
  }
  await offers(page).waitFor({ state: "hidden" });
}

/** Some pieces are under way at a time, no more; what the host refuses is said. */
async function uploads(page, host) {
  await drop(page, "new.bin", 200_000);
  const [, , stream, , path] = await host.says.opcode("put");
  expect("path", path, "/new.bin");
  const pieces = () => host.heard.filter(([opcode, index]) => opcode === "blob" && index === stream).length;
  host.says(["ack", stream, "OK (STREAM BEGIN)", 0]);
  await until("pieces under way", () => pieces() === 16);
  for (let piece = 0; piece < 34; piece += 1) {
    host.says(["ack", stream, "OK", 0]);
  }
  await page.getByText("sent, 200 KB").waitFor();
  expect("bytes", host.heard.filter(([opcode, index]) => opcode === "blob" && index === stream)
    .reduce((sum, [, , data]) => sum + Buffer.from(data, "base64").length, 0), 200_000);
  await drop(page, "full.bin", 10);
  const [, , refusedStream] = await host.says.opcode("put");
  host.says(["ack", refusedStream, "the disk is full", 0x0200]);
  await page.getByText("The host did not take it: the disk is full.").waitFor();
}

async function drop(page, name, length) {
  const data = await page.evaluateHandle(([fileName, bytes]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], fileName));
    return transfer;
  }, [name, length]);
  await page.dispatchEvent("body", "dragenter", { dataTransfer: data });
  await page.locator("#drop").waitFor();
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

async function downloads(page, host) {
  await page.getByRole("button", { name: "b9.txt" }).click();
  await host.hears("get /b9.txt", ([opcode, , name]) => opcode === "get" && name === "/b9.txt");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    host.says(["body", 0, 8, "text/plain", "/b9.txt"], ["blob", 8, base64("from ")], ["blob", 8, base64("the host")], ["end", 8]),
  ]);
  expect("downloaded", [download.suggestedFilename(), readFileSync(await download.path(), "utf8")], ["b9.txt", "from the host"]);
}

async function isWatched(page, host) {
  host.says(["msg", 1, "u7", "root@example.com"]);
  await page.getByText("Watched by root@example.com").waitFor();
  await tool(page, "View").click();
  await look(page, "view");
  await page.getByLabel("As large as it is").check();
  await page.getByRole("button", { name: "Done" }).click();
  host.says(["msg", 2, "u7", "root@example.com"]);
  await page.getByText("root@example.com does not watch any more.").waitFor();
  expect("kept", await page.evaluate(() => JSON.parse(localStorage.getItem("culvert.desktop"))), { size: "real", touch: "direct", keyboard: "de-de-qwertz" });
}

async function ends(page, host) {
  await leavesForTheTools(page);
  await tool(page, "Disconnect").click();
  await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("heading", { name: "You have disconnected" }).waitFor();
  await host.says.opcode("disconnect");
  await look(page, "disconnected");
  await page.getByRole("button", { name: "Connect again" }).click();
  await connectsAgain(page, host);
  await host.socket.close({ code: 1008, reason: "root@example.com has ended it" });
  await page.getByRole("alert").getByText("Root@example.com has ended it.").waitFor();
  await page.getByRole("button", { name: "Sign in differently" }).click();
  await page.getByLabel("Password").fill(password);
  host.socket = undefined;
  await connect(page);
  await until("the WebSocket is open", () => host.socket !== undefined);
  host.says(["error", "the host did not accept this user name and password", 769]);
  await page.getByRole("alert").getByText("The host did not accept this user name and password.").waitFor();
}

async function connectsAgain(page, host) {
  host.socket = undefined;
  await page.getByLabel("Password").fill(password);
  await connect(page);
  await until("the WebSocket is open", () => host.socket !== undefined);
  host.shows();
  await tool(page, "Disconnect").waitFor();
}

/** On a telephone: a tap is a click there, or the finger moves the pointer. Who may only look sends nothing. */
async function touches() {
  const page = await visitor({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 700 } });
  const wrong = watch(page);
  const host = await play(page, { login: { stored: true, user: false, domain: false, password: false }, recording: "off" });
  await page.goto(given.application);
  await signIn(page, given.person);
  await page.getByRole("button", { name: "Connect", exact: true }).tap();
  await until("the WebSocket is open", () => host.socket !== undefined);
  host.shows();
  await page.locator("body.tucked").waitFor();
  await page.touchscreen.tap(195, 350);
  const [, x] = await host.hears("a click", ([opcode, , , buttons]) => opcode === "mouse" && buttons === "1");
  expect("in the middle", Math.abs(Number(x) - 640) < 5, true);
  await page.screenshot({ path: "desktop-touch.png" });
  await page.getByRole("button", { name: "Tools of the session" }).tap();
  await tool(page, "View").tap();
  await page.getByLabel("Like a touchpad").check();
  await page.getByRole("button", { name: "Done" }).tap();
  host.says(["file", 11, "text/plain", "report.txt"]);
  await offers(page).getByRole("button", { name: "Refuse report.txt" }).waitFor();
  await host.socket.close({ code: 1008, reason: "root@example.com has ended it" });
  await page.getByRole("alert").getByText("Root@example.com has ended it.").waitFor();
  expect("still offered", await offers(page).count(), 0);
  expect("problems", wrong, []);
  const looker = await visitor();
  const shown = await play(looker, { readOnly: true, recording: "off", login: { stored: true, user: false, domain: false, password: false } });
  await looker.goto(given.application);
  await signIn(looker, given.person);
  await connect(looker);
  await until("the WebSocket is open", () => shown.socket !== undefined);
  shown.shows();
  await tool(looker, "Clipboard").waitFor();
  await looker.keyboard.type("a");
  await looker.mouse.click(640, 400);
  expect("tools", await tool(looker, "Ctrl-Alt-Del").or(tool(looker, "Keys")).count(), 0);
  expect("sent", shown.heard.filter(([opcode]) => opcode === "key" || opcode === "mouse"), []);
}

await flow(async () => {
  const page = await visitor();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const wrong = watch(page);
  const host = await play(page);
  await saysWhatGuacdIsFor(page, host);
  await signsIn(page, host);
  await types(page, host);
  await typesOnTheScreen(page, host);
  await sharesTheClipboard(page, host);
  await browsesTheDrive(page, host);
  await isWatched(page, host);
  await ends(page, host);
  expect("problems", wrong.filter((text) => !/status of (409|502)/.test(text)), []);
  await touches();
});
