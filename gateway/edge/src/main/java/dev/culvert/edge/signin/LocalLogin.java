package dev.culvert.edge.signin;

import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.identity.BusyException;
import dev.culvert.edge.identity.EmailAddress;
import dev.culvert.edge.identity.LocalAccounts;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.identity.Users;
import dev.culvert.edge.pages.CodePage;
import dev.culvert.edge.pages.MessagePage;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.state.StateException;
import dev.culvert.policy.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signing in with an account that the edge keeps: password, then a code when the user has an
/// authenticator app; or a passkey, which is both.
///
/// | path | does |
/// |---|---|
/// | POST | checks `email` and `password` |
/// | `/code`, `/recovery` | ask for a code after a right password |
/// | POST `/passkey/options`, `/passkey/finish` | JSON of `passkeys.js` |
/// | `/welcome?token=` | one-time links |
///
/// What is wrong is never said more closely than "e-mail or password", and takes as long for an account
/// that does not exist. A right password alone gets nowhere when a code is due, and the browser holds
/// nothing that says so: the attempt does, here. Guessing is slowed down by
/// [dev.culvert.edge.identity.Throttle].
///
/// Thread-safe. Blocking: virtual threads only.
public final class LocalLogin implements LoginMethod {
    private static final Logger log = LoggerFactory.getLogger(LocalLogin.class);
    static final String PATH = Paths.SIGN_IN + "/" + Users.LOCAL;

    /// Note of an attempt: id of the user whose password was right and whose code is due.
    private static final String CODE_DUE = "code due";

    private final LocalAccounts accounts;
    private final PasskeyLogin passkeys;
    private final Welcome welcome;

    public LocalLogin(LocalAccounts accounts, Sessions sessions, AuditLog audit) {
        this.accounts = accounts;
        this.passkeys = new PasskeyLogin(accounts);
        this.welcome = new Welcome(accounts, sessions, audit, this);
    }

    @Override
    public String name() {
        return Users.LOCAL;
    }

    @Override
    public String title() {
        return "Password";
    }

    @Override
    public Look look() {
        return Look.PASSWORD;
    }

    @Override
    public void handle(SignInExchange exchange) throws IOException, InterruptedException {
        try {
            switch (exchange.rest()) {
                case "", "/" -> password(exchange);
                case "/code" -> code(exchange, CodePage.Kind.TOTP);
                case "/recovery" -> code(exchange, CodePage.Kind.RECOVERY);
                case "/passkey/options" -> passkeys.options(exchange);
                case "/passkey/finish" -> passkeys.finish(exchange);
                case "/welcome" -> welcome.handle(exchange);
                default ->
                        exchange.show(
                                404,
                                new MessagePage(
                                        "There is no such page",
                                        "Go back to the start of the sign-in.",
                                        new MessagePage.Next("Sign in", Paths.SIGN_IN),
                                        exchange.requestId()));
            }
        } catch (BusyException e) {
            exchange.showWaysIn(
                    503, "Many people are signing in at this moment. Try again in a few seconds.");
        } catch (StateException e) {
            log.error("Signing in is not possible requestId={}", exchange.requestId(), e);
            exchange.showWaysIn(503, "Signing in is not possible at the moment. Try again later.");
        }
    }

    static boolean isPost(SignInExchange exchange) {
        return exchange.method().equals("POST");
    }

    private void password(SignInExchange exchange)
            throws IOException, InterruptedException, StateException, BusyException {
        if (!isPost(exchange)) {
            exchange.redirect(Paths.SIGN_IN);
            return;
        }
        // What is no address may be a password in the wrong field, so nothing remembers it.
        String address = EmailAddress.normal(exchange.form().text("email"));
        String account = address == null ? "" : address;
        Duration wait = accounts.throttle().begin(account, exchange.clientAddress());
        if (!wait.isZero()) {
            exchange.failed(account, "too many tries");
            exchange.showWaysIn(429, tooMany(wait));
            return;
        }
        Optional<User> user = found(exchange, account);
        if (user.isEmpty()) {
            exchange.failed(account, "wrong e-mail or password");
            exchange.showWaysIn(401, "The e-mail address or the password is not right.");
            return;
        }
        accounts.throttle().succeeded(account, exchange.clientAddress());
        provenByPassword(exchange, user.get());
    }

    private Optional<User> found(SignInExchange exchange, String account)
            throws IOException, InterruptedException, StateException, BusyException {
        try {
            return accounts.passwords().find(account, exchange.form().text("password"));
        } catch (BusyException | StateException e) {
            accounts.throttle().withdrawn(account, exchange.clientAddress());
            throw e;
        }
    }

    /// The user is signed in, or asked for the code that is due.
    void provenByPassword(SignInExchange exchange, User user) throws IOException {
        if (user.hasTotp()) {
            exchange.attempt().put(CODE_DUE, user.id().toString());
            exchange.redirect(PATH + "/code");
        } else {
            exchange.signedIn(identity(user, "pwd"));
        }
    }

    private void code(SignInExchange exchange, CodePage.Kind kind)
            throws IOException, StateException {
        Optional<User> due = due(exchange.attempt());
        if (due.isEmpty()) {
            exchange.redirect(Paths.SIGN_IN);
            return;
        }
        if (!isPost(exchange)) {
            exchange.show(200, codePage(exchange, kind, null));
            return;
        }
        User user = due.get();
        String account = "code " + user.id();
        Duration wait = accounts.throttle().begin(account, exchange.clientAddress());
        if (!wait.isZero()) {
            exchange.failed(user.email(), "too many codes");
            exchange.show(429, codePage(exchange, kind, tooMany(wait)));
            return;
        }
        if (!isRight(user.id(), kind, exchange.form().text("code"))) {
            exchange.failed(user.email(), "wrong code");
            exchange.show(
                    401, codePage(exchange, kind, "This code is not right, or was used already."));
            return;
        }
        accounts.throttle().succeeded(account, exchange.clientAddress());
        exchange.attempt().take(CODE_DUE);
        exchange.signedIn(identity(user, "pwd", "otp", "mfa"));
    }

    private Optional<User> due(Attempt attempt) throws StateException {
        String id = attempt.get(CODE_DUE);
        return id == null
                ? Optional.empty()
                : accounts.users().byId(UUID.fromString(id)).filter(User::isEnabled);
    }

    private boolean isRight(UUID user, CodePage.Kind kind, String code) throws StateException {
        return kind == CodePage.Kind.RECOVERY
                ? accounts.recoveryCodes().use(user, code)
                : accounts.totp().use(user, code);
    }

    private static CodePage codePage(
            SignInExchange exchange, CodePage.Kind kind, @Nullable String message) {
        boolean recovery = kind == CodePage.Kind.RECOVERY;
        return new CodePage(
                kind,
                null,
                PATH + (recovery ? "/recovery" : "/code"),
                exchange.attempt().csrf(),
                message,
                null,
                PATH + (recovery ? "/code" : "/recovery"),
                Paths.SIGN_IN);
    }

    static String tooMany(Duration wait) {
        long seconds = wait.plusMillis(999).toSeconds();
        return "Too many tries. Wait "
                + (seconds <= 90
                        ? seconds + (seconds == 1 ? " second" : " seconds")
                        : (seconds + 59) / 60 + " minutes")
                + ", then try again.";
    }

    /// @param amr how it was proven, of RFC 8176
    static Identity identity(User user, String... amr) {
        return new Identity(
                user.id().toString(),
                user.email(),
                user.name(),
                Users.LOCAL,
                List.of(amr),
                List.of(),
                Map.of());
    }
}
