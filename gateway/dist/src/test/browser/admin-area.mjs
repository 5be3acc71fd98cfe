// An administrator's day: charts that move, an invitation that is used, a token, why somebody may not come in, a
// session that is ended under somebody's hands, and the audit log of all that.

import { expect, flow, given, heading, pictures, says, visitor } from "./browser.mjs";

const root = { name: "Root", email: "root@example.com", password: "seven tame herons" };
const carl = { name: "Carl", email: "carl@example.com", password: "nine quiet badgers" };
const places = ["Overview", "Tunnels", "Routes", "Applications", "Users", "Tokens", "Sessions", "Audit log"];

async function makesTheAccount(page, link, person) {
  await page.goto(link);
  const email = page.getByLabel("E-mail");
  if (await email.isEditable()) {
    await email.fill(person.email);
    await page.getByLabel("Name").fill(person.name);
  }
  await page.getByLabel("Password").fill(person.password);
  await page.locator("main form button[type=submit]").first().click();
  await heading(page, "Password and passkeys");
}

async function goes(page, place) {
  await page.getByRole("navigation", { name: "Admin area" }).getByRole("link", { name: place, exact: true }).click();
}

/** Whoever is not an administrator sees no way in, and finds none. */
async function isKeptOut(page) {
  await page.goto(given.auth);
  expect("link to the admin area", await page.getByRole("link", { name: "Admin" }).count(), 0);
  await page.goto(`${given.auth}/cdn-cgi/access/admin/users`);
  await heading(page, "This part is for administrators");
}

async function watchesTheCharts(page) {
  await page.goto(given.auth);
  await page.getByRole("link", { name: "Admin", exact: true }).click();
  await heading(page, "Overview");
  const chart = page.locator("figure", { hasText: "Requests" });
  await chart.locator("path.line").first().waitFor();
  await page.waitForFunction(() => {
    const figure = [...document.querySelectorAll("figure")].find((one) => one.querySelector("h2").textContent === "Requests");
    const heights = [...figure.querySelector("path.line").getAttribute("d").matchAll(/ ([\d.]+)/g)].map((match) => match[1]);
    return new Set(heights).size > 1;
  });
  await page.locator("#tiles", { hasText: "1 of 1" }).waitFor();
}

async function looksAround(page) {
  const wrong = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  for (const place of places) {
    await goes(page, place);
    await page.locator("nav [aria-current=page]", { hasText: place }).waitFor();
    await pictures(page, `admin-${place.toLowerCase().replace(" ", "-")}`);
  }
  expect("problems in the console", wrong, []);
}

async function asksWhy(page) {
  await goes(page, "Applications");
  await page.getByLabel("E-mail or service token").fill(carl.email);
  await page.getByLabel("Host").fill(new URL(given.application).hostname);
  await page.getByRole("button", { name: "Explain" }).click();
  await page.locator(".answer", { hasText: given.denied }).waitFor();
  await pictures(page, "admin-explain");
}

async function invites(page) {
  await goes(page, "Users");
  await page.getByLabel("E-mail").fill(carl.email);
  await page.getByLabel("Name").fill("Carl");
  await page.getByRole("button", { name: "Make an invitation" }).click();
  const link = await page.locator(".secret code").innerText();
  await pictures(page, "admin-invitation");
  return link;
}

async function makesAToken(page) {
  await goes(page, "Tokens");
  await page.getByLabel("Name").fill("ci");
  await page.getByRole("button", { name: "Make a token" }).click();
  const [id, secret] = await page.locator(".secret code").allInnerTexts();
  await pictures(page, "admin-token");
  await goes(page, "Tokens");
  expect("the secret, once more", (await page.content()).includes(secret), false);
  expect("the id", (await page.content()).includes(id), true);
}

async function endsTheSessionOf(person, page, theirs) {
  await theirs.goto(given.auth);
  await heading(theirs, "Applications");
  await goes(page, "Sessions");
  const row = page.getByRole("row", { name: person.email });
  await row.getByRole("button", { name: "End now" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End now" }).click();
  await says(page, `The session of ${person.email} has ended.`);
  await theirs.getByRole("alert").getByText("Your session is over.").waitFor();
  await pictures(theirs, "session-over");
  await theirs.getByRole("link", { name: "Sign in again" }).click();
  await heading(theirs, "Sign in");
}

async function readsTheLog(page) {
  await goes(page, "Audit log");
  await page.getByLabel("Kind").selectOption("admin");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByRole("cell", { name: "session_end" }).waitFor();
  expect("only that kind", new Set(await page.locator("td[data-label=What]").allInnerTexts()).size, 1);
  await pictures(page, "admin-audit-filtered");
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export as JSON lines" }).click(),
  ]);
  const chunks = [];
  for await (const chunk of await file.createReadStream()) {
    chunks.push(chunk);
  }
  const outcomes = Buffer.concat(chunks).toString().trim().split("\n").map((line) => JSON.parse(line).outcome);
  expect("exported", outcomes.filter((outcome) => ["user_invite", "service_token_create", "session_end"].includes(outcome)),
    ["user_invite", "service_token_create", "session_end"]);
}

await flow(async () => {
  const page = await visitor();
  await makesTheAccount(page, given.link, root);
  await watchesTheCharts(page);
  const theirs = await visitor();
  await makesTheAccount(theirs, await invites(page), carl);
  await isKeptOut(theirs);
  await makesAToken(page);
  await asksWhy(page);
  await endsTheSessionOf(carl, page, theirs);
  await readsTheLog(page);
  await looksAround(page);
});
