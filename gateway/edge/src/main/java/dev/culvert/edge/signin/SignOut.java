package dev.culvert.edge.signin;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.state.StateException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends sessions because their owner asks. Thread-safe. Blocking: virtual threads only.
final class SignOut {
    private static final Logger log = LoggerFactory.getLogger(SignOut.class);

    private final Sessions sessions;
    private final AuditLog audit;

    SignOut(Sessions sessions, AuditLog audit) {
        this.sessions = sessions;
        this.audit = audit;
    }

    /// Ends a session, unless a link on another site asked for it.
    ///
    /// @param session null when there is none to end
    /// @return false when that was answered: the session goes on
    boolean end(AuthExchange exchange, @Nullable Session session) throws IOException {
        String site = exchange.http().requestHeaders().first("sec-fetch-site");
        if (site != null && site.equals("cross-site")) {
            exchange.say(
                    403,
                    "You are still signed in",
                    "Another site sent you here. Open this address yourself to sign out.");
            return false;
        }
        if (session == null) {
            return true;
        }
        try {
            sessions.end(session.id());
        } catch (StateException e) {
            log.error("A session could not be ended session={}", session.id(), e);
            exchange.say(503, "You are still signed in", "Try again in a minute.");
            return false;
        }
        record(exchange, session, 1);
        return true;
    }

    /// Writes down that somebody ended sessions of their own.
    void record(AuthExchange exchange, Session own, int count) {
        audit.record(
                AuditEvent.of(AuditEvent.Kind.SESSION, own.identity().email(), "ended")
                        .from(exchange.visitor().text(), exchange.visitor().country())
                        .request(exchange.requestId())
                        .detail("sessions", count)
                        .build());
    }
}
