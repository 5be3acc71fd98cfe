// A remote desktop by guacd, through the shipped programs: typing, the clipboard, sizes, files; an administrator who watches,
// takes part and ends it.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { expect, flow, given, heading, outside, signIn, visitor } from "./browser.mjs";
import { connects, inSession, leaves, picture, sharesTheClipboard, tool, tools, trusts, visitorOfDesktops } from "./desktop-steps.mjs";

async function worksThroughGuacd(page) {
  await page.goto(given.applications.files);
  await signIn(page, given.ann);
  await page.getByRole("button", { name: "Connect", exact: true }).waitFor();
  await connects(page, given.password);
  await trusts(page, "guacd");
  await inSession(page);
  await leaves(page, "xorg", `${given.prefix}-guacd`);
  await picture(page, "guacd");
  await sharesTheClipboard(page, "xorg", `${given.prefix}-guacd`);
  await resizes(page);
  await carriesFiles(page);
}

async function resizes(page) {
  await page.setViewportSize({ width: 1000, height: 700 });
  await page.waitForFunction(() => {
    const { clientWidth, clientHeight } = document.querySelector("#stage > div");
    return clientWidth === 1000 && clientHeight === 700;
  });
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function carriesFiles(page) {
  await tools(page);
  await tool(page, "Files").click();
  await page.getByText("This is a drive that the host has").waitFor();
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Upload to this folder" }).click(),
  ]);
  await chooser.setFiles(given.upload);
  await page.getByText("sent, ").waitFor({ timeout: 120_000 });
  expect("uploaded", await outside("hash of", given.file), given.hash);
  const [download] = await Promise.all([
    page.waitForEvent("download", { timeout: 120_000 }),
    page.getByRole("button", { name: given.file, exact: true }).click(),
  ]);
  const hash = createHash("sha256");
  await pipeline(createReadStream(await download.path()), hash);
  expect("downloaded", hash.digest("hex"), given.hash);
  await picture(page, "files");
  await page.getByRole("button", { name: "Close files" }).click();
}

/** An administrator sees it in a tab of theirs, its user is told; they take part, and end it. */
async function isWatched(page) {
  const admin = await visitor();
  await admin.goto(given.link);
  await admin.getByLabel("E-mail").fill(given.root.email);
  await admin.getByLabel("Name").fill("Root");
  await admin.getByLabel("Password").fill(given.root.password);
  await admin.locator("main form button[type=submit]").first().click();
  await heading(admin, "Password and passkeys");
  await admin.goto(`${given.auth}/cdn-cgi/access/admin/desktops`);
  await admin.getByRole("link", { name: "Take part" }).click();
  await admin.getByText("You only see it.").waitFor();
  await page.getByText(`Watched by ${given.root.email}`).waitFor();
  await admin.getByRole("button", { name: "Keyboard and mouse" }).click();
  await leaves(page, "xorg", `${given.prefix}-together`, (command) => admin.keyboard.type(`${command}\n`));
  await picture(admin, "watching");
  await picture(page, "watched");
  await outside("end the desktop");
  await page.getByRole("alert").getByText("An administrator ended this session.").waitFor();
  await picture(page, "ended");
  await admin.getByRole("heading", { name: "You do not watch any more" }).waitFor();
  await admin.context().close();
}

await flow(async () => {
  const { page, wrong } = await visitorOfDesktops();
  await worksThroughGuacd(page);
  await isWatched(page);
  expect("problems", wrong.filter((text) => !/status of 409/.test(text)), []);
});
