// A page that holds streams, and somebody who takes the access away: its WebSocket is told why, the other streams
// break off, and what is opened next says how things are.

import { expect, flow, given, heading, outside, pictures, says, signIn, visitor } from "./browser.mjs";

// The edge has a second, which the test looks at. A browser on a machine that has much to do may take its time.
const within = 15_000;

/** Opens the application and holds a WebSocket, a fetch and an event source, each of which has carried something. */
async function holdsStreams(person) {
  const page = await visitor();
  await page.goto(given.application);
  await signIn(page, person);
  await page.waitForURL(given.application);
  await page.evaluate(async () => {
    const ended = (how) => ({ ...how, at: Date.now() });
    const socket = new WebSocket(`wss://${location.host}/ws`);
    const socketEnd = new Promise((resolve) => {
      socket.onclose = ({ code, reason, wasClean }) => resolve(ended({ code, reason, wasClean }));
    });
    await new Promise((resolve, reject) => {
      socket.onopen = () => socket.send("hold on");
      socket.onmessage = ({ data }) => data === "hold on" && resolve();
      socket.onerror = () => reject(new Error("no WebSocket"));
    });

    const reader = (await fetch("/sse?freq=100ms")).body.getReader();
    await reader.read();
    const drain = async () => {
      while (!(await reader.read()).done);
      return ended({ whole: true });
    };
    const fetchEnd = drain().catch(() => ended({ whole: false }));

    const events = new EventSource("/sse?freq=100ms");
    await new Promise((resolve) => (events.onmessage = resolve));
    const eventsEnd = new Promise((resolve) => (events.onerror = () => resolve(ended({}))));
    globalThis.ends = Promise.all([socketEnd, fetchEnd, eventsEnd]);
    globalThis.events = events;
  });
  return page;
}

/** @param taken the moment from which on there is no access, as the test found it in the audit log */
async function losesThem(page, taken, reason) {
  const [socket, fetched, events] = await page.evaluate(() => globalThis.ends);
  expect("close", [socket.code, socket.reason, socket.wasClean], [1008, reason, true]);
  expect("the fetch", fetched.whole, false);
  for (const [what, { at }] of Object.entries({ socket, fetched, events })) {
    expect(`${what} ends after it, ${at - taken} ms`, at - taken >= 0 && at - taken <= within, true);
  }
  // An event source asks again by itself, for as long as it is not told that there is no use.
  await page.waitForFunction(() => globalThis.events.readyState === EventSource.CLOSED);
}

async function opensAgain(page) {
  await page.goto(given.application);
  expect("the application", await page.getByText(given.text).count(), 0);
}

async function whoseSessionIsEnded() {
  const page = await holdsStreams(given.ann);
  await losesThem(page, Number(await outside("end the session", given.ann.email)), "your session was ended");
  await opensAgain(page);
  await heading(page, "Sign in");
  await signIn(page, given.ann);
  await page.waitForURL(given.application);
  await page.getByText(given.text).first().waitFor();
  await page.context().close();
}

/** Somebody has left a browser signed in somewhere, and ends that from the one at hand. */
async function whoSignsOutElsewhere() {
  const page = await holdsStreams(given.dora);
  const atHand = await visitor();
  await atHand.goto(`${given.auth}/cdn-cgi/access/account/sessions`);
  await signIn(atHand, given.dora);
  await heading(atHand, "My sessions");
  await pictures(atHand, "my-sessions");
  await atHand.getByRole("button", { name: "End all others" }).click();
  const question = atHand.getByRole("dialog", { name: "End every session but this one?" });
  const asked = Date.now();
  await question.getByRole("button", { name: "End all others" }).click();
  await losesThem(page, asked, "your session was ended");
  await atHand.getByText("This one").waitFor();
  await atHand.getByRole("button", { name: "End all others" }).waitFor({ state: "detached" });
  await atHand.context().close();
  await page.context().close();
}

async function whoseAccountIsDisabled() {
  const page = await holdsStreams(given.bob);
  await losesThem(page, Number(await outside("disable", given.bob.email)), "your session was ended");
  await opensAgain(page);
  await signIn(page, given.bob);
  // Not that the account is disabled: whoever guesses passwords would like to know.
  await says(page, "The e-mail address or the password is not right.");
  await page.context().close();
}

async function whomTheRulesLetInNoLonger() {
  const page = await holdsStreams(given.carl);
  await losesThem(page, Number(await outside("keep out", given.carl.email)), "the access rules no longer let you in");
  await opensAgain(page);
  await heading(page, "No access to wiki");
  await page.getByText(given.carl.email).waitFor();
  await page.getByRole("link", { name: "ask-ann@example.com" }).waitFor();
  await page.getByRole("link", { name: "Sign in as someone else" }).waitFor();
  const request = await page.locator("dd code").innerText();
  expect("what the audit log has under the request's id", await outside("denied", request), given.carl.email);
  await pictures(page, "denied");
  await page.context().close();
}

await flow(async () => {
  await whoseSessionIsEnded();
  await whoSignsOutElsewhere();
  await whoseAccountIsDisabled();
  await whomTheRulesLetInNoLonger();
});
