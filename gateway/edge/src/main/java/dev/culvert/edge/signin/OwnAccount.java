package dev.culvert.edge.signin;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.identity.BusyException;
import dev.culvert.edge.identity.LocalAccounts;
import dev.culvert.edge.identity.PasswordRules;
import dev.culvert.edge.identity.Pending;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.identity.TotpSecrets;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.identity.Users;
import dev.culvert.edge.pages.MessagePage;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.pages.SecurityPage;
import dev.culvert.edge.state.StateException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// What people change of their own account, as [SecurityPage] tells: password, authenticator app, recovery
/// codes, passkeys. Each change asks for the password, or for a sign-in not longer ago than ten minutes,
/// and is written down. A new password ends the user's other sessions.
///
/// Thread-safe. Blocking: virtual threads only.
public final class OwnAccount implements Section {
    private static final Logger log = LoggerFactory.getLogger(OwnAccount.class);
    private static final Duration RECENT = Duration.ofMinutes(10);

    private final LocalAccounts accounts;
    private final Sessions sessions;
    private final AuditLog audit;
    private final InstantSource clock;
    private final Pending<TotpSecrets.Offer> offers;

    public OwnAccount(
            LocalAccounts accounts, Sessions sessions, AuditLog audit, InstantSource clock) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.audit = audit;
        this.clock = clock;
        this.offers = new Pending<>(clock, RECENT);
    }

    /// One request of one user about the own account.
    private record Request(AuthExchange exchange, Session session, User user) {
        private String field(String name) throws IOException {
            return exchange.form().text(name);
        }
    }

    /// What the page shows besides the state of the account.
    private record Shown(
            int status,
            TotpSecrets.@Nullable Offer setup,
            List<String> freshCodes,
            @Nullable Notice notice) {}

    @Override
    public void handle(AuthExchange exchange) throws IOException, InterruptedException {
        String rest = exchange.path().substring(Paths.ACCOUNT.length());
        Session session = Objects.requireNonNull(exchange.session());
        try {
            Optional<User> user = user(session);
            if (user.isEmpty()) {
                elsewhere(exchange);
            } else if (exchange.isPost()) {
                change(rest, new Request(exchange, session, user.get()));
            } else if (rest.isEmpty()) {
                show(new Request(exchange, session, user.get()), plain());
            } else {
                exchange.redirect(Paths.ACCOUNT);
            }
        } catch (BusyException e) {
            exchange.say(
                    503, "Many people are signing in at this moment", "Try again in a moment.");
        } catch (StateException e) {
            log.error("An account could not be changed requestId={}", exchange.requestId(), e);
            exchange.say(503, "Your account cannot be changed at the moment", "Try again later.");
        }
    }

    private Optional<User> user(Session session) throws StateException {
        return session.identity().loginMethod().equals(Users.LOCAL)
                ? accounts.users().byId(UUID.fromString(session.identity().id()))
                : Optional.empty();
    }

    /// Somebody of an identity provider has nothing to change here.
    private void elsewhere(AuthExchange exchange) throws IOException {
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

    private void change(String rest, Request request)
            throws IOException, InterruptedException, StateException, BusyException {
        switch (rest) {
            case "/password" -> password(request);
            case "/totp/begin" -> beginTotp(request);
            case "/totp/finish" -> finishTotp(request);
            case "/totp/remove" -> removeTotp(request);
            case "/recovery-codes" -> newCodes(request);
            case "/passkeys/options" -> passkeyOptions(request);
            case "/passkeys/add" -> addPasskey(request);
            case "/passkeys/rename" -> renamePasskey(request);
            case "/passkeys/remove" -> removePasskey(request);
            default ->
                    request.exchange()
                            .say(404, "There is no such page", "Go back to your account.");
        }
    }

    private void password(Request request)
            throws IOException, InterruptedException, StateException, BusyException {
        if (!proves(request, "current", "password")) {
            return;
        }
        try {
            accounts.passwords().change(request.user().id(), request.field("password"));
        } catch (StateException e) {
            refused(request, e, "password");
            return;
        }
        String email = request.user().email();
        int ended =
                sessions.endAll(s ->
                        s.identity().email().equals(email)
                                && !s.id().equals(request.session().id()));
        written(request, "password_changed");
        String others =
                switch (ended) {
                    case 0 -> "";
                    case 1 -> " One other session of yours has ended.";
                    default -> " " + ended + " other sessions of yours have ended.";
                };
        good(request, "The password is changed." + others, "password");
    }

    private void beginTotp(Request request) throws IOException, StateException {
        if (isRecent(request)) {
            TotpSecrets.Offer offer = accounts.totp().offer(request.user());
            offers.put(request.session().id().toString(), offer);
            show(request, new Shown(200, offer, List.of(), null));
        } else {
            signInAgain(request.exchange());
        }
    }

    private void finishTotp(Request request) throws IOException, StateException {
        String holder = request.session().id().toString();
        Optional<TotpSecrets.Offer> offer = offers.get(holder);
        if (offer.isEmpty()) {
            bad(request, 400, "This took too long. Begin again.", "totp");
            return;
        }
        UUID user = request.user().id();
        if (!accounts.totp().accept(user, offer.get(), request.field("code"))) {
            Notice notice =
                    Notice.bad("This code is not right. Check the clock of the device.")
                            .about("totp");
            show(request, new Shown(400, offer.get(), List.of(), notice));
            return;
        }
        offers.take(holder);
        List<String> codes = accounts.recoveryCodes().replace(user);
        written(request, "authenticator_added");
        Notice notice = Notice.good("The authenticator is on.").about("totp");
        show(again(request), new Shown(200, null, codes, notice));
    }

    private void removeTotp(Request request)
            throws IOException, InterruptedException, StateException, BusyException {
        if (proves(request, "password", "totp")) {
            accounts.totp().remove(request.user().id());
            accounts.recoveryCodes().remove(request.user().id());
            written(request, "authenticator_removed");
            good(request, "The authenticator is off.", "totp");
        }
    }

    private void newCodes(Request request)
            throws IOException, InterruptedException, StateException, BusyException {
        if (!request.user().hasTotp()) {
            bad(request, 400, "Set up an authenticator first.", "totp");
        } else if (proves(request, "password", "recovery")) {
            List<String> codes = accounts.recoveryCodes().replace(request.user().id());
            written(request, "recovery_codes_made");
            show(request, new Shown(200, null, codes, null));
        }
    }

    private static String holder(Request request) {
        return "add passkey " + request.session().id();
    }

    private void passkeyOptions(Request request) throws IOException, StateException {
        if (!isRecent(request)) {
            ScriptAnswers.refuse(
                    request.exchange().http(),
                    403,
                    "You signed in more than ten minutes ago.",
                    "Sign out, sign in again, and add the passkey then.");
            return;
        }
        byte[] challenge = accounts.challenges().issue(holder(request));
        request.exchange()
                .json(200, accounts.passkeys().creationOptions(request.user(), challenge));
    }

    private void addPasskey(Request request) throws IOException, StateException {
        AuthExchange exchange = request.exchange();
        ObjectNode body = ScriptAnswers.object(exchange.http());
        Optional<byte[]> challenge = accounts.challenges().take(holder(request));
        if (body == null || challenge.isEmpty()) {
            ScriptAnswers.refuse(
                    exchange.http(), 400, "This took too long.", "Add the passkey again.");
            return;
        }
        String name = body.path("name").asString("").strip();
        try {
            accounts.passkeys()
                    .register(
                            request.user().id(),
                            name.isEmpty() ? "Passkey" : name,
                            body.path("credential").toString(),
                            challenge.get(),
                            exchange.http().authority());
        } catch (StateException e) {
            requireOwnFault(e);
            ScriptAnswers.refuse(
                    exchange.http(),
                    400,
                    Welcome.capitalized(String.valueOf(e.getMessage())) + ".",
                    Welcome.capitalized(e.next()) + ".");
            return;
        }
        written(request, "passkey_added");
        exchange.json(200, AuthExchange.object().put("next", Paths.ACCOUNT));
    }

    private void renamePasskey(Request request) throws IOException, StateException {
        if (!isRecent(request)) {
            signInAgain(request.exchange());
            return;
        }
        boolean known;
        try {
            known =
                    accounts.passkeys()
                            .rename(
                                    request.user().id(),
                                    request.field("id"),
                                    request.field("name"));
        } catch (StateException e) {
            refused(request, e, "passkeys");
            return;
        }
        passkeyChanged(request, known, "passkey_renamed", "The passkey is renamed.");
    }

    private void removePasskey(Request request) throws IOException, StateException {
        if (isRecent(request)) {
            boolean known = accounts.passkeys().remove(request.user().id(), request.field("id"));
            passkeyChanged(request, known, "passkey_removed", "The passkey is removed.");
        } else {
            signInAgain(request.exchange());
        }
    }

    private void passkeyChanged(Request request, boolean known, String outcome, String text)
            throws IOException, StateException {
        if (known) {
            written(request, outcome);
            good(request, text, "passkeys");
        } else {
            bad(request, 404, "You have no such passkey.", "passkeys");
        }
    }

    private boolean isRecent(Request request) {
        return clock.instant().isBefore(request.session().createdAt().plus(RECENT));
    }

    private static void signInAgain(AuthExchange exchange) throws IOException {
        exchange.show(
                403,
                new MessagePage(
                        "Sign in again to change this",
                        "You signed in more than ten minutes ago. So that nobody changes your"
                                + " account at a screen you left open, sign in once more.",
                        new MessagePage.Next("Sign in", SignIn.next(Paths.ACCOUNT)),
                        exchange.requestId()));
    }

    /// Whether the form holds the user's password; if not, says so.
    private boolean proves(Request request, String field, String about)
            throws IOException, InterruptedException, StateException, BusyException {
        String account = request.user().email();
        String address = request.exchange().visitor().text();
        Duration wait = accounts.throttle().begin(account, address);
        if (!wait.isZero()) {
            bad(request, 429, LocalLogin.tooMany(wait), about);
            return false;
        }
        if (!accounts.passwords().isRight(request.user().id(), request.field(field))) {
            written(request, "wrong_password");
            bad(request, 403, "The password is not right.", about);
            return false;
        }
        accounts.throttle().succeeded(account, address);
        return true;
    }

    private void refused(Request request, StateException e, String about)
            throws IOException, StateException {
        requireOwnFault(e);
        bad(request, 400, Welcome.sentence(e), about);
    }

    /// What the user cannot mend goes on.
    private static void requireOwnFault(StateException e) throws StateException {
        switch (e.code()) {
            case INVALID, CONFLICT, LIMIT -> {}
            default -> throw e;
        }
    }

    private void written(Request request, String outcome) {
        audit.record(
                AuditEvent.of(AuditEvent.Kind.ADMIN, request.user().email(), outcome)
                        .from(
                                request.exchange().visitor().text(),
                                request.exchange().visitor().country())
                        .request(request.exchange().requestId())
                        .build());
    }

    /// The request with the user as it is now.
    private Request again(Request request) throws StateException {
        User user = accounts.users().byId(request.user().id()).orElse(request.user());
        return new Request(request.exchange(), request.session(), user);
    }

    private static Shown plain() {
        return new Shown(200, null, List.of(), null);
    }

    private void good(Request request, String text, String about)
            throws IOException, StateException {
        Notice notice = Notice.good(text).about(about);
        show(again(request), new Shown(200, null, List.of(), notice));
    }

    private void bad(Request request, int status, String text, String about)
            throws IOException, StateException {
        show(request, new Shown(status, null, List.of(), Notice.bad(text).about(about)));
    }

    private void show(Request request, Shown shown) throws IOException, StateException {
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
}
