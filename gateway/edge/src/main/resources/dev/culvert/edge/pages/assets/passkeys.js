// Passkeys: signing in with one (`data-passkey="get"`) and adding one (`data-passkey="create"`). The element
// names where options are asked for and where the result goes; both are POST, JSON, with `X-Csrf`.

const supported = "PublicKeyCredential" in window && "credentials" in navigator;

function bytes(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function described(list) {
  return (list ?? []).map((credential) => ({ ...credential, id: bytes(credential.id) }));
}

/** For browsers that do not read the JSON form themselves. */
function creationOptions(json) {
  if (PublicKeyCredential.parseCreationOptionsFromJSON) {
    return PublicKeyCredential.parseCreationOptionsFromJSON(json);
  }
  return {
    ...json,
    challenge: bytes(json.challenge),
    user: { ...json.user, id: bytes(json.user.id) },
    excludeCredentials: described(json.excludeCredentials),
  };
}

function requestOptions(json) {
  if (PublicKeyCredential.parseRequestOptionsFromJSON) {
    return PublicKeyCredential.parseRequestOptionsFromJSON(json);
  }
  return { ...json, challenge: bytes(json.challenge), allowCredentials: described(json.allowCredentials) };
}

/** For browsers, and password managers in between, that do not write it either. */
function written(credential) {
  try {
    return credential.toJSON();
  } catch {
    return writtenByHand(credential);
  }
}

function writtenByHand(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: text(answer.clientDataJSON) };
  if (answer.attestationObject) {
    response.attestationObject = text(answer.attestationObject);
    response.transports = answer.getTransports?.() ?? [];
  } else {
    response.authenticatorData = text(answer.authenticatorData);
    response.signature = text(answer.signature);
    response.userHandle = answer.userHandle ? text(answer.userHandle) : undefined;
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

/** A refusal of the edge, in its own words. */
class Refused extends Error {}

async function post(url, csrf, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-Csrf": csrf },
    body: JSON.stringify(body),
    cache: "no-store",
    redirect: "error",
  });
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const error = json.error ?? {};
    throw new Refused([error.message ?? "The edge did not take it.", error.next].filter(Boolean).join(" "));
  }
  return json;
}

function said(error) {
  if (error instanceof Refused) {
    return error.message;
  }
  switch (error.name) {
    case "NotAllowedError":
      return "That was cancelled, or took too long. Try again.";
    case "InvalidStateError":
      return "This device has a passkey for your account already.";
    case "SecurityError":
      return "Passkeys cannot be used at this address.";
    default:
      return "That did not work. Try again, or use another way.";
  }
}

let waiting = null;

/** Sign-in: also offered in the e-mail field, where the browser can. */
async function get(box, conditional) {
  waiting?.abort();
  const attempt = new AbortController();
  waiting = attempt;
  const { optionsUrl, finishUrl, csrf } = ends(box);
  const options = requestOptions(await post(optionsUrl, csrf, {}));
  const credential = await navigator.credentials.get({
    publicKey: options,
    signal: attempt.signal,
    mediation: conditional ? "conditional" : "optional",
  });
  location.assign((await post(finishUrl, csrf, written(credential))).next);
}

async function create(box) {
  const { optionsUrl, finishUrl, csrf } = ends(box);
  const name = box.querySelector("input")?.value.trim() || undefined;
  const options = creationOptions(await post(optionsUrl, csrf, {}));
  const credential = await navigator.credentials.create({ publicKey: options });
  location.assign((await post(finishUrl, csrf, { name, credential: written(credential) })).next);
}

function ends(box) {
  return { optionsUrl: box.dataset.options, finishUrl: box.dataset.finish, csrf: box.dataset.csrf };
}

async function run(box, button, action) {
  const problem = box.querySelector("[role=alert]");
  problem.hidden = true;
  button.setAttribute("aria-busy", "true");
  try {
    await action();
  } catch (error) {
    problem.textContent = said(error);
    problem.hidden = false;
  } finally {
    button.removeAttribute("aria-busy");
  }
}

async function offerInField(box) {
  if (await PublicKeyCredential.isConditionalMediationAvailable?.()) {
    await get(box, true);
  }
}

function prepare(box) {
  const button = box.querySelector("button");
  const signingIn = box.dataset.passkey === "get";
  box.hidden = false;
  button.addEventListener("click", () => run(box, button, () => (signingIn ? get(box, false) : create(box))));
  if (signingIn) {
    // Nobody asked for this one: that it did not come to anything is not told.
    offerInField(box).catch(() => {});
  }
}

if (supported) {
  document.querySelectorAll("[data-passkey]").forEach(prepare);
}
