package dev.culvert.edge.signin;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.identity.LocalAccounts;
import dev.culvert.edge.identity.PasswordRules;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.TotpSecrets;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.pages.MessagePage;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.pages.SecurityPage;
import dev.culvert.edge.state.StateException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a person sees of the own account, and what every change of it has in common: a sign-in that is not long
/// ago, and a line in the audit log.
///
/// Thread-safe. Blocking: virtual threads only.
final class AccountPage {
    static final Duration RECENT = Duration.ofMinutes(10);

    private final LocalAccounts accounts;
    private final AuditLog audit;
    private final InstantSource clock;

    AccountPage(LocalAccounts accounts, AuditLog audit, InstantSource clock) {
        this.accounts = accounts;
        this.audit = audit;
        this.clock = clock;
    }

    /// One request of one user about the own account.
    record Request(AuthExchange exchange, Session session, User user) {
        String field(String name) throws IOException {
            return exchange.form().text(name);
        }
    }

    /// What the page shows besides the state of the account.
    record Shown(
            int status,
            TotpSecrets.@Nullable Offer setup,
            List<String> freshCodes,
            @Nullable Notice notice) {}

    boolean isRecent(Request request) {
        return isRecent(request.session(), clock);
    }

    static boolean isRecent(Session session, InstantSource clock) {
        return clock.instant().isBefore(session.createdAt().plus(RECENT));
    }

    static void signInAgain(AuthExchange exchange) throws IOException {
        signInAgain(exchange, Paths.ACCOUNT);
    }

    /// @param back where to go on afterwards
    static void signInAgain(AuthExchange exchange, String back) throws IOException {
        exchange.show(
                403,
                new MessagePage(
                        "Sign in again to change this",
                        "You signed in more than ten minutes ago. So that nobody changes your"
                                + " account at a screen you left open, sign in once more.",
                        new MessagePage.Next("Sign in", SignIn.next(back)),
                        exchange.requestId()));
    }

    void refused(Request request, StateException e, String about)
            throws IOException, StateException {
        requireOwnFault(e);
        bad(request, 400, Welcome.sentence(e), about);
    }

    /// What the user cannot mend goes on.
    static void requireOwnFault(StateException e) throws StateException {
        switch (e.code()) {
            case INVALID, CONFLICT, LIMIT -> {}
            default -> throw e;
        }
    }

    void written(Request request, String outcome) {
        audit.record(
                AuditEvent.of(AuditEvent.Kind.ADMIN, request.user().email(), outcome)
                        .from(
                                request.exchange().visitor().text(),
                                request.exchange().visitor().country())
                        .request(request.exchange().requestId())
                        .build());
    }

    /// The request with the user as it is now.
    Request again(Request request) throws StateException {
        User user = accounts.users().byId(request.user().id()).orElse(request.user());
        return new Request(request.exchange(), request.session(), user);
    }

    static Shown plain() {
        return new Shown(200, null, List.of(), null);
    }

    void good(Request request, String text, String about) throws IOException, StateException {
        Notice notice = Notice.good(text).about(about);
        show(again(request), new Shown(200, null, List.of(), notice));
    }

    void bad(Request request, int status, String text, String about)
            throws IOException, StateException {
        show(request, new Shown(status, null, List.of(), Notice.bad(text).about(about)));
    }

    void show(Request request, Shown shown) throws IOException, StateException {
        UUID user = request.user().id();
        TotpSecrets.Offer setup = shown.setup();
        request.exchange()
                .show(
                        shown.status(),
                        new SecurityPage(
                                Launcher.viewer(request.exchange(), accounts.users()::isAdmin),
                                setup == null
                                        ? null
                                        : new SecurityPage.TotpSetup(setup.secret(), setup.uri()),
                                request.user().hasTotp(),
                                accounts.recoveryCodes().left(user),
                                shown.freshCodes(),
                                accounts.passkeys().list(user).stream()
                                        .map(key ->
                                                new SecurityPage.Passkey(
                                                        key.id(),
                                                        key.name(),
                                                        key.createdAt(),
                                                        key.lastUsedAt()))
                                        .toList(),
                                PasswordRules.MIN_CHARACTERS,
                                shown.notice()));
    }

    /// Somebody of an identity provider has nothing to change here.
    void elsewhere(AuthExchange exchange) throws IOException {
        exchange.show(
                exchange.isPost() ? 403 : 200,
                new SecurityPage(
                        Launcher.viewer(exchange, accounts.users()::isAdmin),
                        null,
                        false,
                        0,
                        List.of(),
                        List.of(),
                        PasswordRules.MIN_CHARACTERS,
                        null));
    }
}
