// What somebody does on the page of a remote desktop. That something is typed on a host is seen by the files it leaves
// there.

import { given, outside, unwritten, visitor } from "./browser.mjs";

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

export async function disconnects(page) {
  await tools(page);
  await tool(page, "Disconnect").click();
  await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("heading", { name: "You have disconnected" }).waitFor();
}
