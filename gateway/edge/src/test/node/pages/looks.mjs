// Every page in both colour schemes on a wide and a small screen: nothing the policy forbids, nothing wider
// than the screen, no rule of WCAG 2.2 AA that axe can check broken. With a folder as second argument, a
// picture of each is put there.

import { readFileSync } from "node:fs";
import { base, browser, finish, names, open, problem } from "./browser.mjs";

const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const pictures = process.argv[3];
let looked = 0;

async function look(page, name, mode) {
  await page.goto(`${base}${name}`, { waitUntil: "load" });
  await page.waitForFunction(() => document.documentElement.classList.contains("scripts"));
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) {
    problem(mode, name, `is ${over} px wider than the screen`);
  }
  // Put in by the debugger, which no policy of the page binds.
  const { violations } = await page.evaluate(`${axe}; axe.run({ runOnly: ${JSON.stringify(rules)} })`);
  for (const { id, nodes } of violations) {
    problem(mode, name, id, nodes.map((node) => node.target.join(" ")).join(", "), nodes[0].failureSummary);
  }
  if (pictures) {
    await page.screenshot({ path: `${pictures}/${name.replace("/", "-")}-${mode}.png`, fullPage: true });
  }
  looked += 1;
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 320]) {
    const viewport = { width, height: 800 };
    const context = await browser.newContext({ colorScheme, viewport, reducedMotion: "reduce" });
    const page = await open(context);
    for (const name of names) {
      if (name !== "continue" && name !== "continue-here") {
        await look(page, name, `${colorScheme}-${width}`);
      }
    }
    await context.close();
  }
}
await finish(`${looked} looks`);
