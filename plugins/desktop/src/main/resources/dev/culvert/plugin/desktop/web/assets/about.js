// What the edge says of the host, and whether it still lets this browser in.

/** Null when it does not. Throws when the edge cannot be reached. */
export async function about() {
  const answer = await fetch("/.culvert/desktop/about", { redirect: "manual", cache: "no-store" });
  return answer.ok ? answer.json() : null;
}

export const accessEnded = {
  isAccess: true, heading: "Your access has ended", message: "Policies no longer let you in here.",
  next: "Sign in again, or ask whoever manages access.",
};

/** Why a session that ended without a word did. */
export async function whyLost() {
  try {
    return await about() === null ? accessEnded : {
      heading: "The connection was lost", message: "The session with the host broke off.",
      next: "What ran on the host usually goes on there: connect again.", canRepeat: true,
    };
  } catch {
    return {
      heading: "The connection was lost", message: "The edge cannot be reached from this browser.",
      next: "Look after your network, then connect again.", canRepeat: true,
    };
  }
}
