// Chromium as people have it, for the flows beside this file. It trusts what its HOME's NSS store trusts, and
// nothing else: no certificate error is ever passed over.
//
// A flow is `node FLOW.mjs JSON`: the argument holds what the test knows. It ends with exit 0, or with what went
// wrong and a picture of the page.

import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { chromium } from "playwright-core";

export const given = JSON.parse(process.argv[2]);

const flags = [
  "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: flags });

const secretFields = new Set(["password", "code", "token", "csrf", "state", "nonce"]);
const secrets = {};

/** What must not be written down anywhere. What is typed into forms, stands in addresses or is a cookie is known. */
export function unwritten(kind, value) {
  secrets[value] = kind;
}

/** A browser that has been nowhere, as far as sites can tell. */
export async function visitor(options = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(60_000);
  context.on("request", (request) => {
    for (const fields of [new URL(request.url()).searchParams, new URLSearchParams(request.postData() ?? "")]) {
      fields.forEach((value, name) => secretFields.has(name) && unwritten(name, value));
    }
  });
  context.on("response", async (response) => {
    const headers = await response.headersArray().catch(() => []);
    headers.filter(({ name }) => name.toLowerCase() === "set-cookie").forEach(({ value }) =>
      value.split("\n").forEach((cookie) => unwritten("cookie", /^[^=]*=([^;]*)/.exec(cookie)[1])));
  });
  return context.newPage();
}

/** Has the test do something outside of the browser, and gives what it says of it. */
export function outside(name, argument = "") {
  const asking = connect(given.outside, "127.0.0.1");
  asking.end(`${JSON.stringify({ name, argument })}\n`);
  return text(asking);
}

/** Signs in on the page with the ways in. */
export async function signIn(page, { email, password }) {
  await heading(page, "Sign in");
  await page.getByLabel("E-mail").first().fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** A picture to look at: the page as it is, dark, and on a telephone. */
export async function pictures(page, name) {
  const picture = (more) =>
    page.screenshot({ path: `${name}${more}.png`, fullPage: true, animations: "disabled" });
  const size = page.viewportSize();
  await picture("");
  await page.emulateMedia({ colorScheme: "dark" });
  await picture("-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 320, height: 640 });
  await picture("-narrow");
  await page.setViewportSize(size);
}

/** Runs the flow and ends the program. */
export async function flow(run) {
  const tooLong = new Promise((_, reject) => {
    setTimeout(() => reject(new Error("the flow takes more than three minutes")), 180_000).unref();
  });
  try {
    await Promise.race([run(), tooLong]);
    await outside("secrets", JSON.stringify(secrets));
    await browser.close();
  } catch (error) {
    console.log(error.stack);
    await whatIsSeen();
    await browser.close();
    process.exitCode = 1;
  }
}

async function whatIsSeen() {
  for (const [number, page] of browser.contexts().flatMap((context) => context.pages()).entries()) {
    console.log(`page ${number}: ${page.url()}\n${await page.locator("body").innerText().catch(() => "")}`);
    await page.screenshot({ path: `failed-${number}.png` }).catch(() => {});
  }
}

export function expect(what, actual, expected) {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${what}: ${JSON.stringify(actual)} (expected: ${JSON.stringify(expected)})`);
  }
}

/** Asks again and again, for half a minute. */
export async function until(what, holds) {
  const deadline = Date.now() + 30_000;
  while (!await holds()) {
    if (Date.now() > deadline) {
      throw new Error(`not within 30 s: ${what}`);
    }
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}

/** Waits for the page with this heading. */
export async function heading(page, text) {
  await page.getByRole("heading", { level: 1, name: text }).waitFor();
}

/** Waits for what the page says of the last thing done. */
export async function says(page, text) {
  await page.locator("p.notice:visible", { hasText: text }).first().waitFor();
}

/** A device's lock in place of a security key: the DevTools' virtual authenticator. */
export async function virtualAuthenticator(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  const set = (command, more) => devtools.send(`WebAuthn.${command}`, { authenticatorId, ...more });
  return {
    /** Whether somebody touches it when asked: also for the offer that the e-mail field makes by itself. */
    present: (enabled) => set("setAutomaticPresenceSimulation", { enabled }),
    verifies: (isUserVerified) => set("setUserVerified", { isUserVerified }),
    credentials: async () => (await set("getCredentials")).credentials,
  };
}

/** The step of RFC 6238 that it is now. */
export function step() {
  return Math.floor(Date.now() / 30_000);
}

/** What an authenticator app shows in a step, from the secret as it is typed in. */
export function code(secret, step) {
  const bits = [...secret.replace(/\s/g, "")].map((letter) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", key).update(counter).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}
