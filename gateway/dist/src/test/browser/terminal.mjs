// A person's work on a host in the terminal: signing in each way, programs that fill the screen, more output than fits,
// files, a connection that is lost, and access that is taken away.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { expect, flow, given, outside, signIn, unwritten, visitor } from "./browser.mjs";

const rows = (page) => page.locator(".xterm-rows");

async function shows(page, text) {
  await rows(page).filter({ hasText: text }).waitFor();
}

async function types(page, text) {
  await page.locator(".xterm-helper-textarea").focus();
  await page.keyboard.type(text);
}

const picture = (page, name) => page.screenshot({ path: `terminal-${name}.png` });

async function connects(page, method) {
  await page.getByLabel(method, { exact: false }).first().check();
  await page.getByRole("button", { name: "Connect", exact: true }).click();
}

/** Somebody sees the host's key once and trusts it; after that nobody is asked. */
async function signsInByCertificate(page) {
  await page.goto(given.application);
  await signIn(page, given.person);
  await page.getByRole("button", { name: "Connect", exact: true }).waitFor();
  expect("login", await page.getByLabel("Login name on the host").inputValue(), "root");
  await connects(page, "Certificate");
  await page.getByRole("dialog").getByText(given.fingerprint, { exact: true }).waitFor();
  await picture(page, "host-key");
  await page.getByRole("button", { name: "Trust this key" }).click();
  await page.locator("#recorded").waitFor();
  await types(page, "echo $((6*7))-answers\n");
  await shows(page, "42-answers");
  await page.emulateMedia({ colorScheme: "dark" });
}

async function signsInByPassword(page) {
  unwritten("password", given.password);
  await types(page, "exit 3\n");
  await page.getByRole("alert").getByText("with status 3").waitFor();
  await page.getByRole("button", { name: "Sign in differently" }).click();
  await connects(page, "Password");
  const answer = page.getByRole("dialog").getByRole("textbox");
  await answer.fill("wrong");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText("The host did not accept that.").waitFor();
  await picture(page, "wrong-password");
  await answer.fill(given.password);
  await page.keyboard.press("Enter");
  await page.locator("#recorded").waitFor();
  await types(page, `cd ${given.home}\n`);
}

async function seesColours(page) {
  await types(page, "clear; printf '\\033[38;2;255;120;0m%s\\033[0m\\n' orange$((1+1))\n");
  const orange = page.locator(".xterm-rows span", { hasText: "orange2" });
  await orange.waitFor();
  expect("colour", await orange.evaluate((span) => getComputedStyle(span).color), "rgb(255, 120, 0)");
}

async function edits(page) {
  await types(page, "vim -u NONE -N letter.txt\n");
  await shows(page, "~");
  await types(page, "iDear Bob,");
  await shows(page, "Dear Bob,");
  await picture(page, "vim");
  await page.keyboard.press("Escape");
  await types(page, ":wq\n");
  await rows(page).filter({ hasNotText: "Dear Bob," }).waitFor();
  await types(page, "clear; sha256sum letter.txt\n");
  await shows(page, await outside("hash of", "letter.txt"));
}

async function splitsTheScreen(page) {
  await types(page, "tmux -L it -f /dev/null new-session -s work\n");
  await shows(page, "[work]");
  await page.keyboard.press("Control+b");
  await types(page, "%");
  await shows(page, "│");
  await types(page, "echo in the right $((2+3)) pane\n");
  await shows(page, "in the right 5 pane");
  await picture(page, "tmux");
  await types(page, "tmux -L it kill-server\n");
  await shows(page, "[server exited]");
}

async function resizes(page) {
  const size = async (word) => {
    await types(page, `clear; echo ${word}$((1+1)) $(stty size)\n`);
    const line = rows(page).filter({ hasText: new RegExp(`${word}2 \\d+ \\d+`) });
    await line.waitFor();
    return new RegExp(`${word}2 (\\d+) (\\d+)`).exec(await line.innerText()).slice(1).map(Number);
  };
  const [height, width] = await size("before");
  await page.setViewportSize({ width: 700, height: 500 });
  const [lower, narrower] = await size("after");
  expect("smaller", [lower < height, narrower < width], [true, true]);
  expect("rows", await page.locator(".xterm-rows > div").count(), lower);
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** A flood of 100 MB is answered by Ctrl-C long before its end; 20 MB come to theirs. */
async function floods(page) {
  await types(page, "clear; yes 0123456789 | head -c 100000000; echo never $((1+1))\n");
  await page.waitForFunction(() => (document.querySelector(".xterm-rows").innerText.match(/0123456789/g) ?? []).length > 20);
  await page.keyboard.press("Control+c");
  await types(page, "clear; echo stopped $((1+1))\n");
  await shows(page, "stopped 2");
  expect("the flood's end", (await rows(page).innerText()).includes("never 2"), false);
  await types(page, "clear; yes 0123456789 | head -c 20000000; echo done $((1+1))\n");
  await shows(page, "done 2");
}

async function carriesFiles(page) {
  await page.getByRole("button", { name: "Files" }).click();
  await page.getByRole("link", { name: "letter.txt" }).waitFor();
  expect("folder", await page.getByLabel("Folder", { exact: true }).inputValue(), given.home);
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Upload to this folder" }).click(),
  ]);
  await chooser.setFiles(given.upload);
  await page.getByText("sent, ").waitFor({ timeout: 120_000 });
  expect("uploaded", await outside("hash of", "upload.bin"), given.hash);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "upload.bin" }).click(),
  ]);
  const hash = createHash("sha256");
  await pipeline(createReadStream(await download.path()), hash);
  expect("downloaded", hash.digest("hex"), given.hash);
  await picture(page, "files");
  await page.getByRole("button", { name: "Close files" }).click();
}

async function losesTheConnection(page) {
  await outside("restart the edge");
  await page.getByRole("alert").getByText("The connection was lost").waitFor();
  await picture(page, "lost");
  await page.getByRole("button", { name: "Connect again" }).click();
  await page.getByLabel("Certificate").check();
  await connectsAtLast(page);
  await types(page, "echo $((7*7))-again\n");
  await shows(page, "49-again");
}

/** The connector comes back in its own time; until then the page says that the service is not connected. */
async function connectsAtLast(page) {
  const recorded = page.locator("#recorded:visible");
  do {
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await recorded.or(page.locator("#sign-in-problem:visible")).waitFor();
  } while (await recorded.count() === 0);
}

async function losesAccess(page) {
  await outside("keep out");
  await page.getByRole("alert").getByText("Your access has ended:").waitFor();
  await picture(page, "access-ended");
}

await flow(async () => {
  const page = await visitor();
  const wrong = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.stack));
  await signsInByCertificate(page);
  await signsInByPassword(page);
  await seesColours(page);
  await edits(page);
  await splitsTheScreen(page);
  await resizes(page);
  await floods(page);
  await carriesFiles(page);
  expect("problems", wrong, []);
  await losesTheConnection(page);
  await losesAccess(page);
});
