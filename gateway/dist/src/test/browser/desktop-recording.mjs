// A recorded desktop: somebody works on it; an administrator replays what was recorded; and the edge is killed in the middle
// of another session.

import { flow, given, heading, outside, signIn, unwritten, visitor } from "./browser.mjs";

async function connects(page) {
  unwritten("password", given.password);
  await page.getByLabel("User name on the host").fill(given.user);
  await page.getByLabel("Password").fill(given.password);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
}

/** A shell takes nothing before it is there: what is typed then is typed again. */
async function leaves(page, name) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    await page.keyboard.type(`touch ${name}\n`);
    const again = Date.now() + 3_000;
    while (Date.now() < again) {
      if (await outside("is there", name) === "yes") {
        return;
      }
    }
  }
  throw new Error(`${name} is not on the host after a minute`);
}

async function works(page) {
  await page.goto(given.application);
  await signIn(page, given.ann);
  await page.getByRole("button", { name: "Connect", exact: true }).waitFor();
  await connects(page);
  await page.getByRole("button", { name: "Trust this certificate" }).click();
  await page.locator("body.in-session").waitFor();
  await leaves(page, given.file);
}

async function becomesAdministrator(page) {
  await page.goto(given.link);
  await page.getByLabel("E-mail").fill(given.root.email);
  await page.getByLabel("Name").fill("Root");
  await page.getByLabel("Password").fill(given.root.password);
  await page.locator("main form button[type=submit]").first().click();
  await heading(page, "Password and passkeys");
}

/** Watched, and ended from the list. */
async function isEnded(admin, page) {
  await admin.goto(`${given.auth}/cdn-cgi/access/admin/desktops`);
  await admin.getByRole("link", { name: "Watch: " }).click();
  await admin.getByText("You only see it.").waitFor();
  await page.getByText(`Watched by ${given.root.email}`).waitFor();
  const list = await admin.context().newPage();
  await list.goto(`${given.auth}/cdn-cgi/access/admin/desktops`);
  await list.getByRole("button", { name: "End now: " }).click();
  await list.getByRole("dialog").getByRole("button", { name: "End now" }).click();
  await list.getByText("The session ends.").waitFor();
  await page.getByText("An administrator ended this session.").waitFor();
  await admin.getByRole("heading", { name: "You do not watch any more" }).waitFor();
  await list.close();
}

async function isReplayed(admin) {
  await admin.goto(`${given.auth}/cdn-cgi/access/admin/recordings`);
  await admin.locator("tr", { hasText: "complete" }).getByRole("link", { name: "Replay" }).click();
  await admin.getByText(/^Complete: \d+ records, .*this edge's key\.$/).waitFor();
  await admin.locator("#keys li", { hasText: `touch ${given.file}⟨Return⟩` }).first().waitFor();
  await admin.locator("#events li", { hasText: `${given.root.email} watches` }).first().waitFor();
  await admin.locator("#speed").selectOption("8");
  await admin.locator("#screen").focus();
  await admin.keyboard.press("Space");
  await admin.waitForFunction(() => {
    const [at, end] = document.querySelector("#clock").textContent.split(" / ");
    return at === end && end !== "00:00";
  });
  // The test host's blue, and what is written on it.
  await admin.waitForFunction(() => {
    const canvas = document.querySelector("#screen canvas");
    const drawn = new OffscreenCanvas(400, 100).getContext("2d", { willReadFrequently: true });
    drawn.drawImage(canvas, 0, 0);
    const colours = new Set(new Uint32Array(drawn.getImageData(0, 0, 400, 100).data.buffer));
    return canvas.width * canvas.height > 100_000 && colours.size > 1;
  });
  await admin.screenshot({ path: "desktop-recording-replayed.png" });
}

/** While it draws all the time, what is drawn last is not signed yet. */
async function isKilled(page) {
  await page.goto(given.application);
  await connects(page);
  await page.locator("body.in-session").waitFor();
  await leaves(page, `${given.file}-again`);
  await page.keyboard.type("yes | cat -n\n");
  await outside("kill the edge once that is recorded");
}

await flow(async () => {
  const page = await visitor();
  const admin = await visitor();
  await works(page);
  await becomesAdministrator(admin);
  await isEnded(admin, page);
  await isReplayed(admin);
  await isKilled(page);
});
