// Signing in with a code by mail: the right one, wrong ones, and somebody with a right one whom no policy lets in.

import { expect, flow, given, heading, outside, pictures, says, visitor } from "./browser.mjs";

async function asksForACode(page, email) {
  await page.goto(given.application);
  await heading(page, "Sign in");
  await page.getByText("Get a code by mail").click();
  await page.locator("#email-pin").fill(email);
  await page.getByRole("button", { name: "Send the code" }).click();
  await heading(page, "Check your mail");
  await page.getByText(email).waitFor();
}

/** The form sends itself when the code is whole. */
function types(page, code) {
  return page.getByLabel("Code").pressSequentially(code);
}

function another(code) {
  return String((Number(code) + 1) % 1_000_000).padStart(6, "0");
}

async function mistypesACodeAndThenReadsItAgain() {
  const page = await visitor();
  await asksForACode(page, "ann@example.com");
  const code = await outside("mail", "ann@example.com");
  await types(page, another(code));
  await says(page, "That is not the code. 4 more tries are left.");
  await pictures(page, "wrong-code");
  await types(page, code);
  await page.waitForURL(given.application);
  await page.getByText(given.text).first().waitFor();
  await page.context().close();
}

async function isNotLetInBecauseOfAnAddress() {
  const page = await visitor();
  await asksForACode(page, "eve@example.com");
  await types(page, await outside("mail", "eve@example.com"));
  await heading(page, "No access to wiki");
  await page.getByText("The access rules of this application do not let you in.").waitFor();
  await page.getByText("eve@example.com").waitFor();
  await page.getByText("ask-carl@example.com").waitFor();
  const request = await page.locator("dd code").innerText();
  expect("what the audit log has under the request's id", await outside("denied", request), "eve@example.com");
  await page.goto(given.application);
  await heading(page, "No access to wiki");
  await page.context().close();
}

async function guessesForSomebodyElse() {
  const page = await visitor();
  await asksForACode(page, "ann@example.com");
  const code = await outside("mail", "ann@example.com");
  for (let left = 4; left > 1; left--) {
    await types(page, another(code));
    await says(page, `That is not the code. ${left} more tries are left.`);
  }
  await types(page, another(code));
  await says(page, "One more try is left.");
  await types(page, another(code));
  await says(page, "for the fifth time");
  await heading(page, "Sign in");
  await page.context().close();
}

async function getsNoCodeAndIsNotToldSo() {
  const page = await visitor();
  await asksForACode(page, "mallory@elsewhere.example");
  expect("mails", await outside("no mail", "mallory@elsewhere.example"), "none");
  await types(page, "123456");
  await says(page, "That is not the code. 4 more tries are left.");
  await page.context().close();
}

await flow(async () => {
  await mistypesACodeAndThenReadsItAgain();
  await isNotLetInBecauseOfAnAddress();
  await guessesForSomebodyElse();
  await getsNoCodeAndIsNotToldSo();
});
