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
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) {
    problem(mode, name, `is ${over} px wider than the screen`);
  }
  const { violations } = await page.evaluate(`axe.run({ runOnly: ${JSON.stringify(rules)} })`);
  for (const { id, nodes } of violations) {
    problem(mode, name, id, nodes.map((node) => node.target.join(" ")).join(", "), nodes[0].failureSummary);
  }
  if (pictures) {
    await page.screenshot({ path: `${pictures}/${name.replace("/", "-")}-${mode}.png`, fullPage: true });
  }
  looked += 1;
}

async function lookAtEach(left) {
  const page = await open(await browser.newContext({ reducedMotion: "reduce" }));
  for (let name = left.pop(); name; name = left.pop()) {
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${base}${name}`, { waitUntil: "load" });
      await page.waitForFunction(() => document.documentElement.classList.contains("scripts"));
      // Put in by the debugger, which no policy of the page binds.
      await page.evaluate(axe);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await look(page, name, `${colorScheme}-${width}`);
      }
    }
  }
}

const left = names.filter((name) => name !== "continue" && name !== "continue-here");
await Promise.all([lookAtEach(left), lookAtEach(left)]);
await finish(`${looked} looks`);
