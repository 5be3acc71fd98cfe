package dev.culvert.edge.signin;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.identity.BusyException;
import dev.culvert.edge.identity.Invitation;
import dev.culvert.edge.identity.Invitation.Purpose;
import dev.culvert.edge.identity.Invitations;
import dev.culvert.edge.identity.LocalAccounts;
import dev.culvert.edge.identity.PasswordRules;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.identity.Users;
import dev.culvert.edge.pages.MessagePage;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.pages.Shown;
import dev.culvert.edge.pages.WelcomePage;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.web.Form;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One-time links: the first admin makes the account, invited people and those who lost their password
/// choose one. The token leaves the address bar at once, for the attempt; only a form that is accepted
/// uses it up, so that what fetches links to look at them does no harm.
///
/// Thread-safe. Blocking: virtual threads only.
final class Welcome {
    private static final String TOKEN = "one-time token";
    private static final String URL = LocalLogin.PATH + "/welcome";
    private static final int MAX_TOKEN_LENGTH = 100;

    private final Users users;
    private final Invitations invitations;
    private final Sessions sessions;
    private final AuditLog audit;
    private final LocalLogin login;

    Welcome(LocalAccounts accounts, Sessions sessions, AuditLog audit, LocalLogin login) {
        this.users = accounts.users();
        this.invitations = accounts.invitations();
        this.sessions = sessions;
        this.audit = audit;
        this.login = login;
    }

    void handle(SignInExchange exchange)
            throws IOException, InterruptedException, StateException, BusyException {
        String shown = exchange.query().first("token");
        if (shown != null && !LocalLogin.isPost(exchange)) {
            exchange.attempt().put(TOKEN, shown.length() > MAX_TOKEN_LENGTH ? "" : shown);
            exchange.redirect(URL);
            return;
        }
        String token = exchange.attempt().get(TOKEN);
        Optional<Invitation> invitation =
                token == null ? Optional.empty() : invitations.find(token);
        if (token == null || invitation.isEmpty()) {
            notGood(exchange);
        } else if (LocalLogin.isPost(exchange)) {
            accept(exchange, token, invitation.get());
        } else {
            exchange.show(200, page(exchange, invitation.get(), Form.EMPTY, null));
        }
    }

    private void accept(SignInExchange exchange, String token, Invitation invitation)
            throws IOException, InterruptedException, StateException, BusyException {
        Form form = exchange.form();
        User user;
        try {
            user = accepted(token, invitation, form);
        } catch (StateException e) {
            switch (e.code()) {
                case INVALID, CONFLICT, LIMIT ->
                        exchange.show(400, page(exchange, invitation, form, sentence(e)));
                case NOT_FOUND -> notGood(exchange);
                default -> throw e;
            }
            return;
        }
        exchange.attempt().take(TOKEN);
        if (invitation.purpose() == Purpose.RESET) {
            sessions.endAllOf(user.email());
        } else {
            exchange.attempt().leadTo(Paths.ACCOUNT);
        }
        audit.record(
                AuditEvent.of(AuditEvent.Kind.ADMIN, user.email(), outcome(invitation.purpose()))
                        .from(exchange.clientAddress(), null)
                        .request(exchange.requestId())
                        .build());
        exchange.attempt().renew(users.changedAt(user.id()));
        login.provenByPassword(exchange, user);
    }

    private User accepted(String token, Invitation invitation, Form form)
            throws InterruptedException, StateException, BusyException {
        String password = form.text("password");
        return switch (invitation.purpose()) {
            case FIRST_ADMIN ->
                    invitations.acceptFirstAdmin(
                            token, form.text("email"), form.text("name"), password);
            case INVITE -> invitations.accept(token, form.text("name"), password);
            case RESET -> invitations.accept(token, "", password);
        };
    }

    private static String outcome(Purpose purpose) {
        return switch (purpose) {
            case FIRST_ADMIN -> "first_admin_made";
            case INVITE -> "invitation_accepted";
            case RESET -> "password_reset";
        };
    }

    private static WelcomePage page(
            SignInExchange exchange, Invitation invitation, Form form, @Nullable String message) {
        User user = invitation.user();
        return new WelcomePage(
                switch (invitation.purpose()) {
                    case FIRST_ADMIN -> WelcomePage.Kind.FIRST_ADMIN;
                    case INVITE -> WelcomePage.Kind.INVITED;
                    case RESET -> WelcomePage.Kind.RESET;
                },
                URL,
                exchange.attempt().csrf(),
                user == null ? form.text("email") : user.email(),
                user == null || form.first("name") != null ? form.text("name") : user.name(),
                PasswordRules.MIN_CHARACTERS,
                message);
    }

    private static void notGood(SignInExchange exchange) throws IOException {
        exchange.failed("", "one-time link is not good");
        exchange.show(
                404,
                new MessagePage(
                        "This link is not good any more",
                        "It has been used, has been replaced by a newer one, or is too old. Ask an"
                                + " administrator for a new one; the first administrator's is"
                                + " printed each time the edge starts.",
                        new MessagePage.Next("Sign in", Paths.SIGN_IN),
                        exchange.requestId()));
    }

    /// What is wrong and what to do, as people write.
    static String sentence(StateException e) {
        String message = String.valueOf(e.getMessage());
        String next = e.next();
        return Shown.capitalized(message) + ". " + Shown.capitalized(next) + ".";
    }
}
