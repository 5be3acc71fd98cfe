package dev.culvert.edge.signin;

import dev.culvert.edge.admission.AuthAddress;
import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.pages.CliConfirmPage;
import dev.culvert.edge.pages.CliDonePage;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.tokens.AccessToken;
import dev.culvert.edge.tokens.Tokens;
import dev.culvert.policy.Application;
import dev.culvert.policy.Policy;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.box.BoxPublicKey;
import dev.culvert.protocols.box.ConfirmationCode;
import dev.culvert.protocols.box.TokenTransfer;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sign-in of a command line: it shows a public key in a link and waits at `/transfer/<key>`; a person who
/// has signed in confirms in the browser, and the tokens wait there, sealed for that key.
///
/// Thread-safe. Blocking: virtual threads only.
final class CliLogin {
    static final String PATH = "/cdn-cgi/access/cli";
    static final String TRANSFER = "/transfer/";

    private static final Logger log = LoggerFactory.getLogger(CliLogin.class);
    private static final Duration LIFE = Duration.ofMinutes(10);

    /// Clients give a try 60 seconds.
    private static final Duration WAIT = Duration.ofSeconds(50);

    private static final String PURPOSE = "cli";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final AuthAddress auth;
    private final Signed signed;
    private final AppTokens appTokens;
    private final Tokens tokens;
    private final Sessions sessions;
    private final Transfers transfers;
    private final SignIn signIn;
    private final AuditLog audit;
    private final Duration sessionLife;

    CliLogin(
            AuthAddress auth,
            Signed signed,
            AppTokens appTokens,
            Tokens tokens,
            Sessions sessions,
            Transfers transfers,
            SignIn signIn,
            AuditLog audit,
            Duration sessionLife) {
        this.auth = auth;
        this.signed = signed;
        this.appTokens = appTokens;
        this.tokens = tokens;
        this.sessions = sessions;
        this.transfers = transfers;
        this.signIn = signIn;
        this.audit = audit;
        this.sessionLife = sessionLife;
    }

    /// What a command line asked for.
    private record Wanted(String authority, String path, BoxPublicKey key) {
        String host() {
            return StreamRequest.host(authority);
        }
    }

    private static @Nullable BoxPublicKey key(@Nullable String text) {
        try {
            return text == null ? null : BoxPublicKey.parse(text);
        } catch (ProtocolException e) {
            return null;
        }
    }

    /// `/cdn-cgi/access/cli` of a protected host: leads to the auth host.
    void begin(AuthExchange exchange) throws IOException {
        BoxPublicKey key = key(exchange.query().first("token"));
        String redirect = exchange.query().text("redirect_url");
        String authority = exchange.http().authority();
        String host = StreamRequest.host(authority);
        String path = pathOf(redirect, authority);
        if (key == null || appTokens.find(host, path) == null) {
            exchange.say(
                    400,
                    "This link is not complete",
                    "Start the sign-in of the command line again, and open the whole address that"
                            + " it shows.");
            return;
        }
        exchange.redirect(
                auth.origin(authority)
                        + PATH
                        + "?meta="
                        + signed.seal(LIFE, PURPOSE, authority, path, key.text()));
    }

    /// The path of a URL on this very host, else `/`.
    private static String pathOf(String url, String authority) {
        String origin = "https://" + authority;
        if (!url.startsWith(origin + "/")) {
            return "/";
        }
        String path = url.substring(origin.length());
        int end = path.indexOf('?');
        path = end < 0 ? path : path.substring(0, end);
        return path.length() > 1024 || path.indexOf('\n') >= 0 ? "/" : path;
    }

    private @Nullable Wanted wanted(AuthExchange exchange) {
        List<String> parts = signed.open(exchange.query().first("meta"), PURPOSE);
        BoxPublicKey key = parts == null || parts.size() != 3 ? null : key(parts.get(2));
        return parts == null || key == null ? null : new Wanted(parts.get(0), parts.get(1), key);
    }

    /// `/cdn-cgi/access/cli` of the auth host: asks, and on POST hands over. For people who have signed in.
    void confirm(AuthExchange exchange) throws IOException {
        Wanted wanted = wanted(exchange);
        Session session = exchange.session();
        Application application =
                wanted == null ? null : appTokens.find(wanted.host(), wanted.path());
        if (wanted == null || application == null || session == null) {
            exchange.say(
                    400, "This link is too old", "Start the sign-in of the command line again.");
            return;
        }
        Transfers.Asker asker = asker(wanted.key());
        Policy policy = appTokens.decide(application, session, exchange.visitor()).admitting();
        if (policy == null) {
            signIn.denied(exchange, application, wanted.host(), null, session);
            exchange.say(
                    403,
                    "You may not open " + wanted.host(),
                    "The access rules of "
                            + application.name()
                            + " do not let "
                            + session.identity().email()
                            + " in.");
        } else if (!exchange.isPost()) {
            exchange.show(
                    200,
                    new CliConfirmPage(
                            session.identity().email(),
                            application.name(),
                            wanted.host(),
                            ConfirmationCode.of(wanted.key()).text(),
                            asker.agent(),
                            asker.address(),
                            exchange.http().path(),
                            exchange.csrf()));
        } else if (!exchange.form().text("decision").equals("confirm")) {
            transfers.refuse(wanted.key().text());
            signIn.failed(exchange, session.identity().email(), "cli", "refused in the browser");
            exchange.show(200, new CliDonePage(application.name(), false));
        } else {
            handOver(exchange, wanted, asker, application, policy, session);
        }
    }

    /// Not whoever opened the link: that is the person who is asked.
    private Transfers.Asker asker(BoxPublicKey key) {
        Transfers.Asker asker = transfers.asker(key.text());
        if (asker == null) {
            return new Transfers.Asker("nowhere yet", "A command line that does not wait yet");
        }
        String agent = asker.agent().replaceFirst("^culvert-access/", "access ");
        agent = agent.length() > 80 ? agent.substring(0, 80) : agent;
        return new Transfers.Asker(asker.address(), agent.isEmpty() ? "A command line" : agent);
    }

    private void handOver(
            AuthExchange exchange,
            Wanted wanted,
            Transfers.Asker asker,
            Application application,
            Policy policy,
            Session browser)
            throws IOException {
        try {
            audit.recorded(
                            AuditEvent.of(
                                            AuditEvent.Kind.SIGN_IN,
                                            browser.identity().email(),
                                            "signed_in")
                                    .application(application.name(), wanted.host())
                                    .from(exchange.visitor().text(), exchange.visitor().country())
                                    .request(exchange.requestId())
                                    .detail("method", "cli", "asked_from", asker.address())
                                    .build())
                    .join();
            Session session =
                    sessions.begin(
                                    Session.Kind.CLI,
                                    browser.identity(),
                                    asker.address(),
                                    asker.agent(),
                                    sessionLife)
                            .session();
            if (sessions.byId(browser.id()) == null) {
                sessions.end(session.id());
                exchange.say(401, "Your session is over", "Start the sign-in again.");
                return;
            }
            String org =
                    tokens.issue(
                            AccessToken.Type.ORG,
                            auth.host(),
                            session.id(),
                            session.identity(),
                            session.expiresAt());
            String app = appTokens.issue(application, policy, session).token();
            transfers.put(
                    wanted.key().text(), new TokenTransfer(app, org).seal(wanted.key(), RANDOM));
            exchange.show(200, new CliDonePage(application.name(), true));
        } catch (StateException | CompletionException e) {
            log.error("A command line could not be signed in", e);
            exchange.say(503, "Signing in is not possible at the moment", "Try again in a minute.");
        } catch (ProtocolException e) {
            exchange.say(400, "The command line's key cannot be used", "Start its sign-in again.");
        }
    }

    /// `/transfer/<key>`: waits for the tokens. 404 when there are none yet: ask again. 403 when there will be none.
    void transfer(AuthExchange exchange) throws IOException, InterruptedException {
        BoxPublicKey key = key(exchange.path().substring(TRANSFER.length()));
        if (key == null) {
            exchange.jsonError(
                    400, "bad_key", "This is no public key.", "Start the sign-in again.");
            return;
        }
        Transfers.Asker asker =
                new Transfers.Asker(exchange.visitor().text(), exchange.userAgent());
        switch (transfers.await(key.text(), asker, WAIT)) {
            case null ->
                    exchange.jsonError(
                            404, "not_yet", "Nobody has confirmed it yet.", "Ask again.");
            case Transfers.Arrived.Refused() ->
                    exchange.jsonError(
                            403,
                            "refused",
                            "It was refused in the browser.",
                            "Start it again and confirm, if it is yours.");
            case Transfers.Arrived.Tokens(TokenTransfer.Sealed sealed) -> send(exchange, sealed);
        }
    }

    private static void send(AuthExchange exchange, TokenTransfer.Sealed sealed)
            throws IOException {
        exchange.http()
                .respond(
                        200,
                        HeaderList.of(
                                "Content-Type",
                                "text/plain; charset=us-ascii",
                                "Cache-Control",
                                "no-store",
                                TokenTransfer.KEY_FIELD,
                                sealed.key()),
                        sealed.body().getBytes(StandardCharsets.US_ASCII));
    }
}
