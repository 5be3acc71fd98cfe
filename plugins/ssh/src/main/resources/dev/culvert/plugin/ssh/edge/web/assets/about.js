// What the edge says of the host, and whether it still lets this browser in.

/** Null when it does not. Throws when the edge cannot be reached. */
export async function about() {
  const answer = await fetch("/.culvert/ssh/about", { redirect: "manual", cache: "no-store" });
  return answer.ok ? answer.json() : null;
}

/** Why a connection that ended without a word did. */
export async function whyLost() {
  try {
    return await about() === null
      ? { isAccess: true, message: "Your access has ended.", next: "Sign in again, or ask whoever manages it." }
      : { isAccess: false, message: "The connection was lost.", next: "What ran in the session may have stopped." };
  } catch {
    return {
      isAccess: false, message: "The connection was lost: the edge cannot be reached.",
      next: "Look after your network, then connect again.",
    };
  }
}
