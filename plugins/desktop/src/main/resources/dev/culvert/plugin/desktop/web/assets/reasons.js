// Why sessions end, in words.

const kinds = { general: 0, wrongPassword: 1, logonFailure: 2, accessDenied: 3, cleanPath: 4, proxy: 5, negotiation: 6 };

/** The edge closed it with a reason, for a person. */
const endedByEdge = 1008;

const signInFailed = {
  heading: "Sign-in failed", message: "The host did not accept this user name and password.",
  next: "Check both, and the domain, and try again.",
};

const socketErrors = {
  10061: ["The host refused the connection", "Nothing listens on its port.", "Ask its owner whether remote desktop is switched on."],
  10060: ["The host did not answer", "It took too long to connect.", "Try again; ask its owner whether it is running."],
  11001: ["The host was not found", "Its name leads nowhere.", "Ask whoever runs the connector."],
  10065: ["The host cannot be reached", "No way leads to it from where the connector is.", "Ask whoever runs the connector."],
  10054: ["The host ended the connection", "It broke off while the connection was being made.", "Try again."],
};

/**
 * What an engine says of its end: `kind` and `details` are IronRDP's, `closing` is the WebSocket's end as
 * { code, reason }, `text` is guacd's or IronRDP's.
 */
export function why({ isConnected, kind = null, details = null, closing = null, text = "" }, { nla }) {
  const reason = closing?.reason ?? "";
  if (reason !== "" && closing.code === endedByEdge) {
    return { heading: "The session was ended", message: sentence(reason), next: "" };
  }
  if (kind === kinds.wrongPassword || kind === kinds.logonFailure) {
    return signInFailed;
  }
  if (kind === kinds.accessDenied) {
    return { heading: "Sign-in failed", message: "The host knows this user, and does not let them in by remote desktop.", next: "Ask its owner." };
  }
  if (kind === kinds.cleanPath && socketErrors[details?.wsa]) {
    const [heading, message, next] = socketErrors[details.wsa];
    return { heading, message: reason === "" ? message : sentence(reason), next };
  }
  if (kind === kinds.cleanPath && details?.tls) {
    return { heading: "The host’s TLS failed", message: `It broke off with TLS alert ${details.tls}.`, next: "Ask its owner for its remote desktop certificate and TLS versions." };
  }
  if (kind === kinds.negotiation) {
    return { heading: "No common security", message: "The host wants another security mode than this application allows.", next: "Ask whoever manages the application: `security` says what is allowed." };
  }
  return isConnected ? afterwards(reason, text) : before(kind, nla, reason, text);
}

/** With NLA the host checks the password before it shows anything, and a drop is all that it says. */
function before(kind, nla, reason, text) {
  if (kind === kinds.general && nla) {
    return signInFailed;
  }
  if (reason !== "" || text !== "") {
    return { heading: "It could not be connected", message: sentence(text || reason), next: "" };
  }
  return kind === null ? null : {
    heading: "The host ended the connection", message: "It broke off before it showed anything.", next: "Try again; ask its owner should it stay so.",
  };
}

/** Null when nobody said anything. */
function afterwards(reason, text) {
  const said = text || reason;
  return said === "" ? null : { heading: "The session is over", message: sentence(said), next: "" };
}

function sentence(text) {
  const trimmed = text.trim();
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1) + (/[.!?]$/.test(trimmed) ? "" : ".");
}

/** IronRDP's module has failed and cannot be used any more. */
export const crashed = {
  heading: "The viewer crashed", message: "The part of this page that shows the desktop has failed. The session on the host usually goes on.",
  next: "Should it do so again: whoever manages the application can choose the other engine (`engine: guacd`).", verb: "Restart", canRepeat: true,
};

export const disconnected = { heading: "You have disconnected", message: "What runs on the host usually goes on there.", next: "" };
