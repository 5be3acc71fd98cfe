package dev.culvert.edge.signin;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.pages.LoggedOutPage;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.pages.SessionsPage;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.web.Cookies;
import dev.culvert.policy.Identity;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/// A person's own sessions: looking at them, ending them, signing out. Thread-safe.
final class OwnSessions {
    private final Sessions sessions;
    private final AuditLog audit;
    private final Predicate<Identity> isAdmin;

    OwnSessions(Sessions sessions, AuditLog audit, Predicate<Identity> isAdmin) {
        this.sessions = sessions;
        this.audit = audit;
        this.isAdmin = isAdmin;
    }

    /// Below [Paths#ACCOUNT_SESSIONS].
    void handle(AuthExchange exchange) throws IOException {
        Session own = Objects.requireNonNull(exchange.session());
        String rest = exchange.path().substring(Paths.ACCOUNT_SESSIONS.length());
        if (!exchange.isPost()) {
            show(exchange, own);
            return;
        }
        try {
            String id = exchange.form().text("id");
            int ended =
                    switch (rest) {
                        case "/end" ->
                                sessions.endAll(s -> isOf(s, own) && s.id().toString().equals(id));
                        case "/end-others" ->
                                sessions.endAll(s -> isOf(s, own) && !s.id().equals(own.id()));
                        default -> 0;
                    };
            ended(exchange, own, ended);
        } catch (StateException e) {
            exchange.say(503, "The session could not be ended", "Try again in a minute.");
            return;
        }
        exchange.redirect(Paths.ACCOUNT_SESSIONS);
    }

    private static boolean isOf(Session session, Session own) {
        return session.identity().email().equals(own.identity().email());
    }

    private void ended(AuthExchange exchange, Session own, int count) {
        audit.record(
                AuditEvent.of(AuditEvent.Kind.SESSION, own.identity().email(), "ended")
                        .from(exchange.visitor().text(), exchange.visitor().country())
                        .request(exchange.requestId())
                        .detail("sessions", count)
                        .build());
    }

    private void show(AuthExchange exchange, Session own) throws IOException {
        List<SessionsPage.Entry> entries =
                sessions.livingOf(own.identity().email()).stream()
                        .map(session ->
                                new SessionsPage.Entry(
                                        session.id().toString(),
                                        Agents.shown(session),
                                        session.address(),
                                        session.createdAt(),
                                        session.lastSeenAt(),
                                        session.expiresAt(),
                                        session.id().equals(own.id())))
                        .toList();
        exchange.show(200, new SessionsPage(Launcher.viewer(exchange, isAdmin), entries, null));
    }

    /// [Paths#LOGOUT]. Links on other sites end nobody's session.
    void logout(AuthExchange exchange) throws IOException {
        String site = exchange.http().requestHeaders().first("sec-fetch-site");
        Session session = exchange.session();
        if (site != null && site.equals("cross-site")) {
            exchange.say(
                    403,
                    "You are still signed in",
                    "Another site sent you here. Open this address yourself to sign out.");
            return;
        }
        if (session != null) {
            try {
                sessions.end(session.id());
                ended(exchange, session, 1);
            } catch (StateException e) {
                exchange.say(503, "You are still signed in", "Try again in a minute.");
                return;
            }
        }
        exchange.answerWith("Set-Cookie", Cookies.remove(SignIn.SESSION_COOKIE));
        if (AuthHost.wantsPage(exchange.http())) {
            exchange.show(200, new LoggedOutPage(Paths.LAUNCHER));
        } else {
            exchange.json(200, AuthExchange.object().put("signed_out", session != null));
        }
    }
}
