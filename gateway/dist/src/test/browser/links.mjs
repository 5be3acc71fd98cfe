// An invited person's first page, and one who has lost the password.

import { expect, flow, given, heading, outside, pictures, says, signIn, visitor } from "./browser.mjs";

const email = "bert@example.com";
const first = "eleven quiet ferries";
const second = "ninety brass kettles";

async function acceptsTheInvitation(link) {
  const page = await visitor();
  await page.goto(link);
  await heading(page, "Welcome");
  expect("the token has left the address bar", page.url().includes("token"), false);
  expect("whose invitation it is", await page.getByLabel("E-mail").inputValue(), email);
  expect("may be changed", await page.getByLabel("E-mail").isEditable(), false);
  await pictures(page, "invited");
  await page.getByLabel("Name").fill("Bert");
  await page.getByLabel("Password").fill(first);
  await page.getByRole("button", { name: "Make the account" }).click();
  await heading(page, "Password and passkeys");
  await page.goto(given.application);
  await page.waitForURL(given.application);
  await page.getByText(given.text).first().waitFor();
  return page;
}

async function isNoLongerGood(link) {
  const page = await visitor();
  await page.goto(link);
  await heading(page, "This link is not good any more");
  await pictures(page, "used-link");
  await page.context().close();
}

async function choosesAnotherPassword(link) {
  const page = await visitor();
  await page.goto(link);
  await heading(page, "Choose a new password");
  expect("whose it is", await page.getByLabel("E-mail").inputValue(), email);
  await pictures(page, "reset");
  await page.getByLabel("Password").fill(second);
  await page.getByRole("button", { name: "Set the password" }).click();
  await heading(page, "Applications");
  await page.context().close();
}

async function opensTheApplicationWithTheNewOneOnly(page) {
  // The reset has ended the session that this browser had.
  await page.goto(given.application);
  await signIn(page, { email, password: first });
  await says(page, "The e-mail address or the password is not right.");
  await signIn(page, { email, password: second });
  await page.waitForURL(given.application);
}

await flow(async () => {
  const invitation = await outside("invite", email);
  const page = await acceptsTheInvitation(invitation);
  await isNoLongerGood(invitation);
  const reset = await outside("reset", email);
  await choosesAnotherPassword(reset);
  await isNoLongerGood(reset);
  await opensTheApplicationWithTheNewOneOnly(page);
});
