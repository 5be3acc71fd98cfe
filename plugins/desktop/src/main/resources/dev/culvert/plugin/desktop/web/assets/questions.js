// What is asked about a host before it is connected.

import { ask, part } from "./elements.js";

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** Whether somebody trusts a certificate that the host shows for the first time. */
export async function trusted(host, { fingerprint, subject, issuer, from, until }) {
  part("certificate-host").textContent = host;
  part("certificate-fingerprint").textContent = fingerprint;
  part("certificate-subject").textContent = subject;
  part("certificate-issuer").textContent = issuer === subject ? "itself" : issuer;
  part("certificate-dates").textContent = `${date(from)} to ${date(until)}`;
  return await ask(part("certificate")) === "trust";
}

function date(text) {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : day.format(at);
}

/** A session that is no more asks nothing. */
export function closeQuestions() {
  part("certificate").close("");
}
