// The first admin's first day: an account by the one-time link, an authenticator, recovery codes, a passkey; an
// application behind sign-in, opened with each of them.

import {
  code, expect, flow, given, heading, pictures, says, signIn, step, unwritten, virtualAuthenticator, visitor,
} from "./browser.mjs";

const email = "ann@example.com";
const password = "seven tame herons";

async function makesTheAccount(page) {
  await page.goto(given.link);
  await heading(page, "Welcome to your edge");
  expect("the token has left the address bar", page.url().includes("token"), false);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Name").fill("Ann");
  await page.getByLabel("Password").fill("password1234");
  await page.getByRole("button", { name: "Make the account" }).click();
  await says(page, "among the first that are guessed");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Make the account" }).click();
  await heading(page, "Password and passkeys");
}

async function addsAnAuthenticator(page) {
  await page.getByRole("button", { name: "Set up an authenticator" }).click();
  const secret = await page.locator(".setup code").innerText();
  const used = step();
  await page.getByLabel("Code it shows now").fill(code(secret, used));
  await page.getByRole("button", { name: "Switch on" }).click();
  await says(page, "The authenticator is on.");
  const codes = await page.locator(".codes code").allInnerTexts();
  expect("recovery codes", codes.length, 10);
  [secret, secret.replace(/\s/g, "")].forEach((text) => unwritten("authenticator", text));
  codes.forEach((text) => unwritten("recovery code", text));
  return { secret, used, codes };
}

async function addsAPasskey(page) {
  const authenticator = await virtualAuthenticator(page);
  await page.getByLabel("Name of the new passkey").fill("This laptop");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByRole("heading", { name: "This laptop" }).waitFor();
  expect("kept by the authenticator", (await authenticator.credentials()).length, 1);
  return authenticator;
}

async function usesItUpInAnotherBrowser() {
  const page = await visitor();
  await page.goto(given.link);
  await heading(page, "This link is not good any more");
  await page.context().close();
}

function typesThePassword(page, typed) {
  return signIn(page, { email, password: typed });
}

async function opensTheApplicationByPasswordAndCode(secret, used) {
  const page = await visitor();
  await page.goto(given.application);
  await typesThePassword(page, "not the password");
  await says(page, "The e-mail address or the password is not right.");
  await typesThePassword(page, password);
  await heading(page, "Enter your code");
  await page.goto(given.application);
  await heading(page, "Sign in");
  await typesThePassword(page, password);
  await heading(page, "Enter your code");
  await page.getByLabel("Code").pressSequentially(code(secret, 1));
  await says(page, "This code is not right");
  // The form sends itself when the code is whole; a code is good once, and the next one a little early.
  await page.getByLabel("Code").pressSequentially(code(secret, Math.max(step(), used + 1)));
  await page.waitForURL(given.application);
  await page.getByText(given.text).first().waitFor();
  const cookies = await page.context().cookies(given.application);
  expect("cookies of the application", cookies.map((cookie) => [cookie.name, cookie.httpOnly, cookie.secure])
    .filter(([name]) => name === "CF_Authorization"), [["CF_Authorization", true, true]]);
  await page.context().close();
}

async function opensTheApplicationByARecoveryCode(codes) {
  const page = await visitor();
  await page.goto(given.application);
  await typesThePassword(page, password);
  await page.getByRole("link", { name: "Use a recovery code" }).click();
  await page.getByLabel("Recovery code").fill(codes[0]);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL(given.application);
  await page.context().close();
}

async function opensTheApplicationByPasskey(page, authenticator) {
  await page.goto(`${given.auth}/cdn-cgi/access/logout`);
  await authenticator.present(false);
  await page.goto(given.application);
  await heading(page, "Sign in");
  await authenticator.verifies(false);
  await authenticator.present(true);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await says(page, "cancelled");
  await authenticator.verifies(true);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.waitForURL(given.application);
  await page.getByText(given.text).first().waitFor();
}

async function isDeniedWhatIsForOthers(page) {
  await page.goto(given.others);
  await page.getByText(email).first().waitFor();
  await page.getByText("ask-carl@example.com").waitFor();
  expect("the page of the others", await page.getByText(given.text).count(), 0);
}

/** Signing out ends the session; the application's cookie, which the browser still has, is worth nothing. */
async function signsOut(page, authenticator) {
  // Or it would answer what the e-mail field offers by itself.
  await authenticator.present(false);
  await page.goto(`${given.auth}/`);
  await page.locator("details.menu summary").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await heading(page, /signed out/i);
  const cookies = await page.context().cookies(given.application);
  expect("cookie is still there", cookies.some(({ name }) => name === "CF_Authorization"), true);
  await page.goto(given.application);
  await heading(page, "Sign in");
}

await flow(async () => {
  const page = await visitor();
  await makesTheAccount(page);
  const authenticator = await addsAPasskey(page);
  const { secret, used, codes } = await addsAnAuthenticator(page);
  await pictures(page, "account");
  await usesItUpInAnotherBrowser();
  await opensTheApplicationByPasswordAndCode(secret, used);
  await opensTheApplicationByARecoveryCode(codes);
  await opensTheApplicationByPasskey(page, authenticator);
  await isDeniedWhatIsForOthers(page);
  await signsOut(page, authenticator);
});
