// What somebody does on the page of a remote desktop. That something is typed on a host is seen by the files it leaves
// there.

import { expect, given, outside, unwritten, visitor } from "./browser.mjs";

export const picture = (page, name) => page.screenshot({ path: `desktop-it-${name}.png` });
export const tool = (page, name) => page.getByRole("toolbar", { name: "Session" }).getByRole("button", { name, exact: true });
export const inSession = (page) => page.locator("body.in-session").waitFor();

/** Somebody's browser, and what their page does wrong on its own account. */
export async function visitorOfDesktops() {
  const page = await visitor();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const wrong = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.stack));
  return { page, wrong };
}

export async function connects(page, password, user = given.user) {
  unwritten("password", password);
  await page.getByLabel("User name on the host").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
}

/** Whoever comes first sees the certificate; nobody after that does. */
export async function trusts(page, name) {
  await page.getByRole("dialog", { name: "Is this the host you mean?" }).getByText("SHA256:").waitFor();
  await picture(page, `${name}-certificate`);
  await page.getByRole("button", { name: "Trust this certificate" }).click();
}

/** A shell takes nothing before it is there: what is typed then is typed again. */
export async function leaves(page, host, name, how = (command) => page.keyboard.type(`${command}\n`)) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    await how(`touch ${name}`);
    const again = Date.now() + 3_000;
    while (Date.now() < again) {
      if (await outside("is there", `${host} ${name}`) === "yes") {
        return;
      }
    }
  }
  throw new Error(`${name} is not on ${host} after a minute`);
}

/** By the shortcut, from the desktop to its tools. */
export async function tools(page) {
  for (const key of ["Control", "Alt", "Shift"]) {
    await page.keyboard.down(key);
  }
  for (const key of ["Shift", "Alt", "Control"]) {
    await page.keyboard.up(key);
  }
  await page.waitForFunction(() => document.activeElement.closest("#tools"));
}

/** By the panel of the clipboard, from the desktop and back. @param said of what becomes of it */
export async function sends(page, text, said = "Sent: paste it on the host.") {
  await tools(page);
  await tool(page, "Clipboard").click();
  await page.getByLabel("Text on the host’s clipboard").fill(text);
  await page.getByRole("button", { name: "Send to the host" }).click();
  await page.getByText(said).waitFor();
}

/**
 * Text goes to the host of that name and comes from it. Commands have the ends of their lines in them: a key might come
 * before the text that it is to end.
 */
export async function sharesTheClipboard(page, host, mark) {
  const runs = async (command, name) => {
    await sends(page, `${command}touch ${name}\n`);
    await leaves(page, host, name, () => page.keyboard.press("Shift+Insert"));
  };
  await runs("", `${mark}-grüße-€`);
  const word = `kopiertü${mark.replaceAll("-", "")}`;
  await runs(`yes ${word} | head -60; `, `${mark}-printed`);
  await copies(page, word);
}

/** A word that fills the host's screen is selected there, and so copied. */
async function copies(page, word) {
  // A click soon after the last one is the third, and has the whole line.
  const copied = () => page.evaluate(async () => (await navigator.clipboard.readText()).trim());
  const deadline = Date.now() + 30_000;
  while (await copied() !== word && Date.now() < deadline) {
    await page.mouse.dblclick(60, 400);
    await page.waitForFunction(async (one) => (await navigator.clipboard.readText()).trim() === one, word, { timeout: 2_000 }).catch(() => {});
  }
  expect("copied on the host", await copied(), word);
}

export async function disconnects(page) {
  await tools(page);
  await tool(page, "Disconnect").click();
  await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("heading", { name: "You have disconnected" }).waitFor();
}
