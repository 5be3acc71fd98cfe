// Chromium for the checks beside this file, and the list of what was found wrong.

import { chromium } from "playwright-core";

const flags = [
  "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export const base = process.argv[2];
export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: flags });
export const names = (await (await fetch(base)).text()).trim().split("\n");

const problems = [];

export function problem(...words) {
  problems.push(words.join(" "));
}

export function expect(what, actual, expected) {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) {
    problem(`${what}: ${is} (expected: ${should})`);
  }
}

/** A page whose console and errors are problems. `quiet` says which messages are expected. */
export async function open(context, quiet = () => false) {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !quiet(message.text())) {
      problem(page.url(), "console:", message.text());
    }
  });
  page.on("pageerror", (error) => problem(page.url(), "script:", error.message));
  return page;
}

/** Ends the run: exit 0 when nothing was wrong. */
export async function finish(done) {
  await browser.close();
  problems.forEach((line) => console.log(line));
  console.log(`${done}; ${problems.length} problems`);
  process.exit(problems.length === 0 ? 0 : 1);
}
