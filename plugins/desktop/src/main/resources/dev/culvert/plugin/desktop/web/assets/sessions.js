// Begins sessions: the edge looks at the host, and gives a ticket for one WebSocket.

/**
 * @returns { ticket, engine, socket, destination, nla, stored }; or { error: { code, message, next, id }, certificate }
 */
export async function begin(request) {
  try {
    const answer = await fetch("/.culvert/desktop/sessions", {
      method: "POST", redirect: "manual", cache: "no-store",
      headers: { "Content-Type": "application/json" }, body: JSON.stringify(request),
    });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403 && !isJson(answer)) {
      return { error: { code: "access_ended", message: "Your access has ended.", next: "Sign in again: reload the page." } };
    }
    return await answer.json();
  } catch {
    return { error: { code: "edge", message: "The edge cannot be reached, or does not answer as it should.", next: "Look after your network, then try again." } };
  }
}

function isJson(answer) {
  return answer.headers.get("Content-Type") === "application/json";
}
