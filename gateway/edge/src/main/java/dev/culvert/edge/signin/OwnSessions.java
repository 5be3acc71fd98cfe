package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.pages.LoggedOutPage;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.pages.SessionsPage;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.web.Accept;
import dev.culvert.edge.web.Cookies;
import dev.culvert.policy.Identity;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/// A person's own sessions: looking at them, ending them, signing out. Thread-safe.
final class OwnSessions {
    private final Sessions sessions;
    private final SignOut signOut;
    private final Predicate<Identity> isAdmin;

    OwnSessions(Sessions sessions, SignOut signOut, Predicate<Identity> isAdmin) {
        this.sessions = sessions;
        this.signOut = signOut;
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
            signOut.record(exchange, own, ended);
        } catch (StateException e) {
            exchange.say(503, "The session could not be ended", "Try again in a minute.");
            return;
        }
        exchange.redirect(Paths.ACCOUNT_SESSIONS);
    }

    private static boolean isOf(Session session, Session own) {
        return session.identity().email().equals(own.identity().email());
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
        Session session = exchange.session();
        if (!signOut.end(exchange, session)) {
            return;
        }
        exchange.answerWith("Set-Cookie", Cookies.remove(SignIn.SESSION_COOKIE));
        if (Accept.page(exchange.http().requestHeaders())) {
            exchange.show(200, new LoggedOutPage(Paths.LAUNCHER));
        } else {
            exchange.json(200, AuthExchange.object().put("signed_out", session != null));
        }
    }
}
