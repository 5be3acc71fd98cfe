// Parts of a page that renew themselves: the page is fetched again, and every element with `data-live`
// (seconds) takes over what its namesake holds there. One request for all of them.

const parts = [...document.querySelectorAll("[data-live][id]")];
const seconds = Math.min(...parts.map((part) => Number(part.dataset.live)));
const received = new Map();
let failures = 0;

/** Whether somebody is in the middle of something there. */
function inUse(part) {
  return part.contains(document.activeElement)
    || part.querySelector("details[open]") !== null
    || document.querySelector("dialog[open]") !== null
    || !(getSelection()?.isCollapsed ?? true) && part.contains(getSelection().anchorNode);
}

function renew(fresh) {
  for (const part of parts) {
    const next = fresh.getElementById(part.id);
    if (!next || inUse(part) || received.get(part) === next.innerHTML) {
      continue;
    }
    received.set(part, next.innerHTML);
    part.replaceChildren(...next.childNodes);
    part.dispatchEvent(new CustomEvent("culvert:fresh", { bubbles: true }));
  }
}

/** What is shown may be out of date, and why. */
function warn(text, link) {
  const banner = document.createElement("div");
  banner.className = "banner";
  banner.setAttribute("role", "alert");
  banner.append(text);
  if (link) {
    const again = document.createElement("a");
    again.href = location.href;
    again.textContent = link;
    banner.append(" ", again);
  }
  document.querySelector(".banner")?.remove();
  document.querySelector(".bar").after(banner);
}

async function turn() {
  if (document.hidden) {
    return true;
  }
  const answer = await fetch(location.href, {
    headers: { Accept: "text/html" },
    redirect: "manual",
    cache: "no-store",
  });
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
    warn("Your session is over.", "Sign in again");
    return false;
  }
  if (!answer.ok) {
    throw new Error(`status ${answer.status}`);
  }
  renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
  document.querySelector(".banner")?.remove();
  failures = 0;
  return true;
}

async function follow() {
  let going = true;
  try {
    going = await turn();
  } catch {
    failures += 1;
    if (failures === 3) {
      warn("The edge does not answer. What you see may be out of date.");
    }
  }
  if (going) {
    setTimeout(follow, 1000 * seconds * Math.min(1 + failures, 8));
  }
}

if (parts.length > 0) {
  setTimeout(follow, 1000 * seconds);
}
