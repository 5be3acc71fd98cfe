// Remote desktops of other hosts, through the shipped programs: RDP by the built-in engine, with NLA and without, VNC and
// telnet; and what goes wrong, in words.

import { expect, flow, given, outside, signIn, until, unwritten } from "./browser.mjs";
import { connects, disconnects, inSession, leaves, picture, sends, sharesTheClipboard, trusts, visitorOfDesktops } from "./desktop-steps.mjs";

async function signsIn(page) {
  await page.goto(given.applications.nla);
  await signIn(page, given.ann);
}

async function opens(page, application) {
  await page.goto(given.applications[application]);
  await page.getByRole("button", { name: "Connect", exact: true }).waitFor();
}

async function worksBuiltIn(page) {
  await signsIn(page);
  await connects(page, "wrong");
  await trusts(page, "built-in");
  await page.getByRole("alert").getByText("Sign-in failed").waitFor();
  await picture(page, "wrong-password");
  await connects(page, given.password);
  await inSession(page);
  await leaves(page, "nla", `${given.prefix}-built-in`);
  await picture(page, "built-in-nla");
  await livesWithoutClipboard(page);
  await crashes(page);
  await disconnects(page);
  await opens(page, "tls");
  await connects(page, given.password);
  await trusts(page, "tls");
  await inSession(page);
  await leaves(page, "xorg", `${given.prefix}-built-in`);
  await picture(page, "built-in-tls");
  await sharesTheClipboard(page, "xorg", `${given.prefix}-built-in`);
  await noticesWhatIsCopiedElsewhere(page);
  await disconnects(page);
}

/** FreeRDP's server has no clipboard, and ends sessions in which something comes for one. */
async function livesWithoutClipboard(page) {
  await sends(page, "for nobody", "The host has not opened its clipboard");
  await leaves(page, "nla", `${given.prefix}-without-clipboard`);
}

/** Chromium tells the frame that has the focus when its window comes to the front, and nobody else. */
async function noticesWhatIsCopiedElsewhere(page) {
  await leaves(page, "xorg", `${given.prefix}-elsewhere`, async (command) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), `${command}\n`);
    await frame(page).evaluate(() => dispatchEvent(new Event("focus")));
    await page.keyboard.press("Shift+Insert");
  });
}

const frame = (page) => page.frames().find((one) => one.url().endsWith("/.culvert/desktop/frame"));

/** What a panic of IronRDP ends in, made by four instructions: the frame is made anew, and the host signed in to. */
async function crashes(page) {
  await frame(page).evaluate(() => setTimeout(() => new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(
    0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11))).exports.f()));
  await page.getByRole("heading", { name: "The viewer crashed" }).waitFor();
  await page.getByRole("button", { name: "Restart" }).click();
  await inSession(page);
  await leaves(page, "nla", `${given.prefix}-restarted`);
}

async function worksByVnc(page) {
  await opens(page, "vnc");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("alert").waitFor();
  await picture(page, "vnc-wrong-password");
  unwritten("password", given.vncPassword);
  await page.getByLabel("Password").fill(given.vncPassword);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await inSession(page);
  await leaves(page, "vnc", `${given.prefix}-vnc`);
  await picture(page, "vnc");
  await disconnects(page);
}

async function worksByTelnet(page) {
  await opens(page, "telnet");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await inSession(page);
  unwritten("password", given.telnetPassword);
  await page.keyboard.type(`${given.telnetUser}\n`);
  await page.keyboard.type(`${given.telnetPassword}\n`);
  await leaves(page, "telnet", `${given.prefix}-telnet`);
  await picture(page, "telnet");
  await disconnects(page);
}

async function isToldWhatIsWrong(page) {
  await opens(page, "dead");
  await connects(page, given.password);
  await page.getByRole("alert").getByText("Nothing listens on the port of").waitFor();
  await picture(page, "dead-host");
  await outside("another host");
  await opens(page, "tls");
  await connects(page, given.password);
  await page.getByRole("alert").getByText("shows another certificate than before").waitFor();
  await picture(page, "another-certificate");
  await outside("stop guacd");
  await isUnavailable(page, given.applications.vnc);
  await page.getByText("docker run -d").waitFor();
  await picture(page, "without-guacd");
}

/** What guacd said is believed for some seconds: until then it is asked to sign in. */
async function isUnavailable(page, application) {
  const unavailable = page.getByRole("button", { name: "Look again" });
  const shown = unavailable.or(page.getByRole("button", { name: "Connect", exact: true }));
  await until("the page says that guacd is not there", async () => {
    await page.goto(application);
    await shown.waitFor();
    return unavailable.isVisible();
  });
}

await flow(async () => {
  const { page, wrong } = await visitorOfDesktops();
  await worksBuiltIn(page);
  await worksByVnc(page);
  await worksByTelnet(page);
  expect("problems", wrong.filter((text) => !/status of 409|RuntimeError: unreachable/.test(text)), []);
  await isToldWhatIsWrong(page);
});
