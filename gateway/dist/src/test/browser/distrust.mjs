// The certificate is looked at: without the edge's authority nothing opens.

import { expect, flow, given, visitor } from "./browser.mjs";

await flow(async () => {
  const page = await visitor();
  const refusal = await page.goto(given.url).catch((error) => error.message);
  expect("refused", String(refusal).includes("ERR_CERT_AUTHORITY_INVALID"), true);
});
