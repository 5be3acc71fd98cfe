// Signing in with npm's certified provider: there by the button, back to the very page that was asked for.

import { flow, given, heading, pictures, visitor } from "./browser.mjs";

async function goesThere() {
  const page = await visitor();
  await page.goto(given.page);
  await heading(page, "Sign in");
  await page.getByRole("link", { name: "Continue with Corp" }).click();
  await page.getByRole("heading", { name: "Sign-in" }).waitFor();
  return page;
}

async function signsInThere() {
  const page = await goesThere();
  await page.getByPlaceholder("Enter any login").fill("ann");
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL(given.page);
  await page.getByText(given.text).first().waitFor();
  await page.goto(`${given.auth}/`);
  await heading(page, "Applications");
  await page.getByText("Ann Example").first().waitFor();
  await pictures(page, "launcher");
  await page.context().close();
}

async function changesTheirMindThere() {
  const page = await goesThere();
  await page.getByRole("link", { name: "Cancel" }).click();
  await heading(page, "Corp did not sign you in");
  await pictures(page, "cancelled");
  await page.getByRole("link", { name: "Choose how to sign in" }).click();
  await heading(page, "Sign in");
  await pictures(page, "sign-in");
  await page.context().close();
}

await flow(async () => {
  await changesTheirMindThere();
  await signsInThere();
});
