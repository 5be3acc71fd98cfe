// What the scripts of the pages do, with the keyboard where people would use it.

import { base, browser, expect, finish, open } from "./browser.mjs";

const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(base).origin });

async function visit(name, quiet) {
  const page = await open(context, quiet);
  await page.goto(`${base}${name}`);
  await page.waitForFunction(() => document.documentElement.classList.contains("scripts"));
  return page;
}

const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim() || document.activeElement.id);

async function searchesTheLauncher() {
  const page = await visit("launcher");
  const shown = () => page.$$eval("[data-app]:not([hidden]) h3", (list) => list.map((item) => item.textContent.trim()));
  await page.keyboard.press("/");
  await page.keyboard.type("ssh B");
  expect("found", await shown(), ["Build machine", "Bastion"]);
  expect("groups", await page.locator("section.kind:visible").count(), 1);
  await page.fill("#search", "nothing like it");
  expect("nothing found is said", await page.isVisible("[data-filter-none]"), true);
  await page.fill("#search", "");
  expect("all back", (await shown()).length, 9);
}

async function copiesACommand() {
  const page = await visit("launcher");
  await page.getByRole("button", { name: "Copy: command to open Build machine" }).click();
  await page.getByRole("status").getByText("Copied").waitFor({ state: "attached" });
  expect("copied", await page.evaluate(() => navigator.clipboard.readText()), "access ssh --hostname build.example.com");
}

async function skipsAndOpensTheMenuByKeyboard() {
  const page = await visit("launcher");
  await page.keyboard.press("Tab");
  expect("first stop", await focused(page), "Skip to the content");
  await page.keyboard.press("Enter");
  expect("skipped to", await page.evaluate(() => document.activeElement.id), "main");
  await page.locator("details.menu summary").focus();
  await page.keyboard.press("Enter");
  expect("menu", await page.getByRole("button", { name: "Sign out" }).isVisible(), true);
  await page.keyboard.press("Escape");
  expect("menu closed", await page.locator("details.menu").getAttribute("open"), null);
}

async function asksBeforeItEndsASession() {
  const page = await visit("admin-sessions");
  const posted = [];
  await page.route("**/admin/sessions/end", (route) => {
    posted.push(route.request().postData());
    return route.fulfill({ body: "ended" });
  });
  const end = page.getByRole("button", { name: "End now: carl@example.com, access 0.1.0 on lab-7" });
  await end.click();
  expect("the safe choice has the focus", await focused(page), "Cancel");
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  expect("cancelled", posted, []);
  await end.click();
  await page.getByRole("dialog").getByRole("button", { name: "End now" }).click();
  await page.waitForURL("**/admin/sessions/end");
  expect("sent once", posted, ["csrf=c5rf&id=s2"]);
}

async function renewsItselfUntilTheSessionIsOver() {
  const page = await visit("admin-sessions");
  await page.route("**/admin-sessions", async (route) => {
    const response = await route.fetch();
    return route.fulfill({ response, body: (await response.text()).replaceAll("carl@", "karl@") });
  });
  await page.getByRole("rowheader", { name: "karl@example.com" }).waitFor();
  expect("times are written anew", (await page.locator("#session-list time").first().textContent()).includes("UTC"), false);
  await page.unroute("**/admin-sessions");
  await page.route("**/admin-sessions", (route) => route.fulfill({ status: 302, headers: { location: "/sign-in" } }));
  await page.getByRole("alert").getByText("Your session is over.").waitFor();
}

async function drawsAndReadsCharts() {
  const page = await visit("admin-overview");
  const chart = page.getByRole("img", { name: /^Open streams, chart/ });
  const read = () => page.locator("figure:has-text('Open streams') output").textContent();
  await chart.focus();
  await page.keyboard.press("Home");
  const first = await read();
  await page.keyboard.press("End");
  expect("another place, another value", (await read()) !== first, true);
  expect("a cursor", await chart.locator(".cursor").count(), 1);
  await page.keyboard.press("Escape");
  expect("no cursor", await chart.locator(".cursor").count(), 0);
}

async function sendsACodeWhenItIsWhole() {
  const page = await visit("code-totp");
  const sent = [];
  await page.route("**/local/totp", (route) => {
    sent.push(route.request().postData());
    return route.fulfill({ body: "sent" });
  });
  await page.keyboard.type("123456");
  await page.waitForURL("**/local/totp");
  expect("code", sent, ["csrf=c5rf&code=123456"]);
}

async function leadsOn() {
  const page = await open(context);
  await page.goto(`${base}continue`);
  await page.waitForURL("**/logged-out");
}

/** With a virtual authenticator; once as browsers of today do it, once without their JSON helpers. */
async function addsAndUsesAPasskey(byHand) {
  const page = await visit("security", (text) => text.includes("403"));
  if (byHand) {
    await page.addInitScript(() => {
      delete PublicKeyCredential.parseRequestOptionsFromJSON;
      delete PublicKeyCredential.parseCreationOptionsFromJSON;
      delete PublicKeyCredential.prototype.toJSON;
    });
    await page.reload();
  }
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  const edge = passkeyEdge(page);
  await edge.begin();
  await page.fill("#passkey-name", "Key");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.waitForURL("**/sessions");
  expect("name", edge.added.name, "Key");
  expect("token", edge.csrf, "c5rf");
  expect("is an attestation", typeof edge.added.credential.response.attestationObject, "string");
  const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
  expect("kept by the authenticator", credentials.length, 1);

  // The offer in the e-mail field would be taken at once.
  await devtools.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled: false });
  await page.goto(`${base}sign-in`);
  await devtools.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled: true });
  edge.refuses = true;
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByRole("alert").getByText("This passkey is not known here. Use another way.").waitFor();
  edge.refuses = false;
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.waitForURL("**/logged-out");
  expect("the same credential", edge.used.id, edge.added.credential.id);
  expect("whose", edge.used.response.userHandle, "dXNlcjE");
  await devtools.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
  await page.close();
}

/** The edge's side, as far as the scripts see it. */
function passkeyEdge(page) {
  const challenge = "Y2hhbGxlbmdlMTIzNDU2";
  const edge = { refuses: false };
  edge.begin = async () => {
    const rp = { id: "localhost", name: "Culvert" };
    const user = { id: "dXNlcjE", name: "ann@example.com", displayName: "Ann" };
    const pubKeyCredParams = [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }];
    const authenticatorSelection = { residentKey: "required", userVerification: "required" };
    await page.route("**/passkeys/options", (route) =>
      route.fulfill({ json: { rp, user, challenge, pubKeyCredParams, authenticatorSelection, excludeCredentials: [] } }));
    await page.route("**/passkeys/add", (route) => {
      edge.added = route.request().postDataJSON();
      edge.csrf = route.request().headers()["x-csrf"];
      return route.fulfill({ json: { next: "/sessions" } });
    });
    await page.route("**/passkey/options", (route) =>
      route.fulfill({ json: { challenge, rpId: "localhost", userVerification: "required", allowCredentials: [] } }));
    await page.route("**/passkey/finish", (route) => {
      edge.used = route.request().postDataJSON();
      return edge.refuses
        ? route.fulfill({ status: 403, json: { error: { message: "This passkey is not known here.", next: "Use another way." } } })
        : route.fulfill({ json: { next: "/logged-out" } });
    });
  };
  return edge;
}

/** Jumps count the pauses out that the player shortens. */
async function replaysARecording() {
  const page = await open(await browser.newContext());
  await page.goto(`${base}admin-recording`);
  await page.getByText("Complete: 12 records").waitFor();
  const events = page.locator("#events li");
  expect("what happened", await events.allTextContents(), [
    "00:01command, guessed make test", "01:05sftp get /srv/log/test.log, 1234 bytes",
    "01:06gap 4096 bytes are missing, from 65.1 s to 65.9 s",
  ]);
  const terminal = page.locator(".ap-term");
  await events.nth(1).getByRole("button").click();
  await shows(page, "test failed: wanted 1, was 2");
  expect("what follows is not there", (await terminalText(page)).includes("exit"), false);
  await page.getByLabel("Text").fill("THE WORLD 世界");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByText("1 hit").waitFor();
  expect("the hit", await page.locator("#hits li").allTextContents(), ["01:02compiling the world 世界"]);
  await page.locator("#hits button").click();
  await shows(page, "compiling the world");
  expect("before the failure", (await terminalText(page)).includes("test failed"), false);
  await page.getByLabel("Text").fill("nowhere");
  await page.keyboard.press("Enter");
  await page.getByText("0 hits").waitFor();
  await terminal.waitFor();
  await page.close();
}

async function terminalText(page) {
  return (await page.locator(".ap-term-text").textContent()).replaceAll("\u00a0", " ");
}

async function shows(page, text) {
  await page.waitForFunction((wanted) => document.querySelector(".ap-term-text")?.textContent.replaceAll("\u00a0", " ").includes(wanted), text);
}

async function watchesASession() {
  const page = await open(await browser.newContext());
  await page.goto(`${base}admin-recording-live`);
  await shows(page, "load 0.12");
  await shows(page, "ann@build:~$");
  await page.close();
}

/** The colour in the middle of the desktop. */
async function colour(page) {
  return page.locator("#screen canvas").first().evaluate((canvas) => {
    const drawn = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    drawn.drawImage(canvas, canvas.width / 2, canvas.height / 2, 1, 1, 0, 0, 1, 1);
    return [...drawn.getImageData(0, 0, 1, 1).data].slice(0, 3).join(" ");
  });
}

async function becomes(page, wanted) {
  for (let shown = await colour(page); shown !== wanted; shown = await colour(page)) {
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

async function replaysADesktop() {
  const page = await open(await browser.newContext());
  await page.goto(`${base}admin-desktop-recording`);
  await page.getByText("Complete: 12 records").waitFor();
  expect("what happened", await page.locator("#events li").allTextContents(), [
    "00:01file Übersicht.pdf, 12 bytes, to the host", "00:41gap 4096 bytes are missing",
  ]);
  expect("what was typed", await page.locator("#keys li").allTextContents(), ["00:01ls⟨Return⟩"]);
  expect("how long", await page.locator("#clock").textContent(), "00:00 / 00:43");
  await becomes(page, "200 0 0");

  await page.locator("#events button").nth(1).click();
  await becomes(page, "0 200 0");
  await page.locator("#screen").focus();
  await page.keyboard.press("End");
  await becomes(page, "0 0 200");
  await page.keyboard.press("Home");
  await becomes(page, "200 0 0");
  await page.keyboard.press("ArrowRight");
  await page.getByText("00:05 / 00:43").waitFor();

  // 38 s of nothing are skipped, or else this takes as long.
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  expect("speed", await page.locator("#speed").inputValue(), "4");
  await page.keyboard.press("Space");
  await becomes(page, "0 0 200");
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  expect("at its end", await page.locator("#clock").textContent(), "00:43 / 00:43");
  await page.close();
}

const checks = [
  searchesTheLauncher, copiesACommand, skipsAndOpensTheMenuByKeyboard, asksBeforeItEndsASession,
  renewsItselfUntilTheSessionIsOver, drawsAndReadsCharts, sendsACodeWhenItIsWhole, leadsOn,
  replaysARecording, replaysADesktop, watchesASession, () => addsAndUsesAPasskey(false), () => addsAndUsesAPasskey(true),
];
for (const check of checks) {
  await check();
}
await finish(`${checks.length} checks`);
