package dev.culvert.edge.signin;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.identity.Standing;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.pages.SignInPage;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.web.Cookies;
import dev.culvert.policy.Application;
import dev.culvert.policy.Identity;
import dev.culvert.policy.Policy;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signing in at the auth host: begins attempts, shows the ways in, gives each its requests, and makes the
/// session at the end. Thread-safe.
final class SignIn implements Section {
    private static final Logger log = LoggerFactory.getLogger(SignIn.class);

    /// `__Host-`: no other host can plant it.
    static final String SESSION_COOKIE = "__Host-culvert_session";

    private static final String ATTEMPT_COOKIE = "__Host-culvert_signin";

    private final Attempts attempts;
    private final Sessions sessions;
    private final AuditLog audit;
    private final Duration sessionLife;
    private final Standing standing;
    private final Map<String, LoginMethod> methods = new LinkedHashMap<>();

    SignIn(
            Attempts attempts,
            Sessions sessions,
            AuditLog audit,
            Duration sessionLife,
            Standing standing,
            List<LoginMethod> methods) {
        this.attempts = attempts;
        this.sessions = sessions;
        this.audit = audit;
        this.sessionLife = sessionLife;
        this.standing = standing;
        methods.forEach(method -> this.methods.put(method.name(), method));
    }

    /// Sends the browser to the sign-in page.
    ///
    /// @param destination path and query on the auth host to come back to
    void begin(AuthExchange exchange, String destination) throws IOException {
        Attempts.Begun begun = attempts.begin(destination, exchange.visitor().text());
        exchange.answerWith(
                "Set-Cookie", Cookies.set(ATTEMPT_COOKIE, begun.secret(), Attempts.LIFE));
        exchange.redirect(Paths.SIGN_IN);
    }

    /// A path on this host and nothing else, whatever the query says.
    private static String destination(@Nullable String next) {
        boolean own =
                next != null
                        && next.startsWith("/")
                        && !next.startsWith("//")
                        && next.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\');
        return own && next != null ? next : Paths.LAUNCHER;
    }

    @Override
    public void handle(AuthExchange exchange) throws IOException, InterruptedException {
        String rest = exchange.path().substring(Paths.SIGN_IN.length());
        Attempt attempt =
                attempts.find(Cookies.read(exchange.http().requestHeaders(), ATTEMPT_COOKIE));
        if (rest.isEmpty() || rest.equals("/")) {
            if (attempt == null || exchange.query().first("next") != null) {
                begin(exchange, destination(exchange.query().first("next")));
            } else {
                exchange.show(200, page(attempt, null));
            }
            return;
        }
        int slash = rest.indexOf('/', 1);
        LoginMethod method = methods.get(slash < 0 ? rest.substring(1) : rest.substring(1, slash));
        if (method == null) {
            exchange.say(404, "There is no such way to sign in", "Go back and choose another one.");
            return;
        }
        if (attempt == null) {
            if (exchange.isPost()) {
                exchange.say(
                        400,
                        "This took too long",
                        "For your safety a sign-in has to be over in ten minutes. Go back to"
                                + " where you came from and begin again.");
                return;
            }
            Attempts.Begun begun = attempts.begin(Paths.LAUNCHER, exchange.visitor().text());
            attempt = begun.attempt();
            exchange.answerWith(
                    "Set-Cookie", Cookies.set(ATTEMPT_COOKIE, begun.secret(), Attempts.LIFE));
        }
        if (exchange.isPost()
                && !(AuthExchange.isFromOwnPage(exchange.http())
                        && exchange.showsCsrf(attempt.csrf()))) {
            exchange.say(
                    403,
                    "This form was not sent from its page",
                    "Go back, reload the page, and send it again.");
            return;
        }
        method.handle(
                new MethodExchange(
                        this,
                        exchange,
                        attempt,
                        method.name(),
                        slash < 0 ? "" : rest.substring(slash)));
    }

    /// The page with all ways in.
    SignInPage page(Attempt attempt, @Nullable String message) {
        List<SignInPage.Method> shown = new ArrayList<>();
        SignInPage.Passkey passkey = null;
        for (LoginMethod method : methods.values()) {
            String url = Paths.SIGN_IN + "/" + method.name();
            shown.add(
                    new SignInPage.Method(
                            method.name(),
                            method.title(),
                            SignInPage.Look.valueOf(method.look().name()),
                            url));
            if (method.look() == LoginMethod.Look.PASSWORD) {
                passkey = new SignInPage.Passkey(url + "/passkey/options", url + "/passkey/finish");
            }
        }
        String host = host(attempt.destination());
        return new SignInPage(host, host, shown, attempt.csrf(), message, "", passkey);
    }

    private static @Nullable String host(String destination) {
        String begin = AppLogin.PATH + "/";
        if (!destination.startsWith(begin)) {
            return null;
        }
        int end = destination.indexOf('?');
        return destination.substring(begin.length(), end < 0 ? destination.length() : end);
    }

    static String url(AuthExchange exchange, String method, String rest) {
        return "https://" + exchange.http().authority() + Paths.SIGN_IN + "/" + method + rest;
    }

    /// Somebody has proven who they are: a new session, whatever the browser had before.
    ///
    /// @return where to go, null when that was answered already
    @Nullable String signedIn(AuthExchange exchange, Attempt attempt, Identity identity)
            throws IOException {
        attempts.end(attempt);
        AuditEvent event =
                AuditEvent.of(AuditEvent.Kind.SIGN_IN, identity.email(), "signed_in")
                        .from(exchange.visitor().text(), exchange.visitor().country())
                        .request(exchange.requestId())
                        .detail("method", identity.loginMethod(), "amr", identity.amr())
                        .build();
        try {
            audit.recorded(event).join();
        } catch (CompletionException e) {
            if (!standing.isAdmin(identity)) {
                exchange.say(
                        503,
                        "Signing in is not possible at the moment",
                        "The edge cannot write down who comes in. Try again in a minute.");
                return null;
            }
            // Somebody has to be able to mend it.
            log.warn("Administrator signed in unrecorded actor={}", identity.email());
        }
        try {
            Sessions.Begun begun = begin(exchange, identity);
            // Looked at once the session is there: whoever changes an account ends its sessions
            // after that,
            // so one of the two sees the other.
            if (standing.changedSince(identity, attempt.validFrom())) {
                sessions.end(begun.session().id());
                exchange.say(
                        401,
                        "Sign in once more",
                        "Your account was changed while you were signing in.");
                return null;
            }
            exchange.answerWith(
                    "Set-Cookie", Cookies.set(SESSION_COOKIE, begun.secret(), sessionLife));
        } catch (StateException e) {
            log.error("No session could be made actor={}", identity.email(), e);
            exchange.say(503, "Signing in is not possible at the moment", "Try again in a minute.");
            return null;
        }
        exchange.answerWith("Set-Cookie", Cookies.remove(ATTEMPT_COOKIE));
        return attempt.destination();
    }

    private Sessions.Begun begin(AuthExchange exchange, Identity identity) throws StateException {
        Session old = exchange.session();
        String address = exchange.visitor().text();
        String agent = exchange.userAgent();
        try {
            if (old != null) {
                sessions.end(old.id());
            }
            return sessions.begin(Session.Kind.BROWSER, identity, address, agent, sessionLife);
        } catch (StateException e) {
            if (e.code() != StateException.Code.STORAGE || !standing.isAdmin(identity)) {
                throw e;
            }
            log.warn("Administrator's session is kept in memory only actor={}", identity.email());
            return sessions.beginUnkept(
                    Session.Kind.BROWSER, identity, address, agent, sessionLife);
        }
    }

    void failed(AuthExchange exchange, String who, String method, String reason) {
        audit.recordOfAnybody(
                AuditEvent.of(AuditEvent.Kind.SIGN_IN, who.isEmpty() ? "anyone" : who, "failed")
                        .from(exchange.visitor().text(), exchange.visitor().country())
                        .request(exchange.requestId())
                        .detail("method", method, "reason", reason)
                        .build());
    }

    void denied(
            AuthExchange exchange,
            Application application,
            String host,
            @Nullable Policy policy,
            Session session) {
        audit.record(
                AuditEvent.of(AuditEvent.Kind.DECISION, session.identity().email(), "denied")
                        .application(application.name(), host)
                        .policy(policy == null ? null : policy.name())
                        .from(exchange.visitor().text(), exchange.visitor().country())
                        .request(exchange.requestId())
                        .detail("reason", "denied", "path", "")
                        .build());
    }

    /// `?next=` of the sign-in page.
    static String next(String path) {
        return Paths.SIGN_IN + "?next=" + URLEncoder.encode(path, StandardCharsets.UTF_8);
    }
}
