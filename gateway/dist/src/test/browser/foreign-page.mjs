// Two applications of one site, and a person who may use both: the browser sends its cookies along whatever page
// opens a WebSocket, so the edge looks at which page it was.

import { expect, flow, given, signIn, visitor } from "./browser.mjs";

/** @returns what became of a WebSocket to the wiki that the page opened */
function opens(page) {
  return page.evaluate((url) => new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onopen = () => resolve("open");
    socket.onerror = () => resolve("refused");
  }), given.socket);
}

await flow(async () => {
  const page = await visitor();
  await page.goto(given.wiki);
  await signIn(page, given.dora);
  await page.waitForURL(given.wiki);
  expect("of its own page", await opens(page), "open");
  await page.goto(given.books);
  await page.waitForURL(given.books);
  expect("of another application's page", await opens(page), "refused");
});
