package dev.culvert.edge.signin;

import dev.culvert.edge.admission.AuthAddress;
import dev.culvert.edge.admission.Visitor;
import dev.culvert.edge.identity.IdentityJson;
import dev.culvert.edge.identity.Secrets;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.pages.Assets;
import dev.culvert.edge.pages.LoggedOutPage;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.tokens.AccessToken;
import dev.culvert.edge.tokens.SigningKeys;
import dev.culvert.edge.tokens.Tokens;
import dev.culvert.edge.web.Cookies;
import dev.culvert.plugin.HttpExchange;
import dev.culvert.policy.Application;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The edge's own paths on protected hosts, below `/cdn-cgi/`:
///
/// | path | answer |
/// |---|---|
/// | `access/authorized?code=` | takes the token over from the auth host, sets its cookie |
/// | `access/get-identity` | JSON: who is signed in |
/// | `access/logout` | ends the session and takes the cookie away |
/// | `access/certs` | the keys that sign tokens, as a JWK set |
/// | `access/cli?…` | begins the sign-in of a command line |
/// | `access/assets/…` | style and scripts of pages shown on this host |
///
/// Thread-safe. Blocking: virtual threads only.
final class AppHost {
    static final String AUTHORIZED = "/cdn-cgi/access/authorized";
    static final Duration BROWSER_LIFE = Duration.ofHours(12);

    private final AuthAddress auth;
    private final AppTokens appTokens;
    private final Tokens tokens;
    private final SigningKeys keys;
    private final Sessions sessions;
    private final Codes codes;
    private final CliLogin cliLogin;
    private final SignOut signOut;
    private final InstantSource clock;
    private final Assets assets = new Assets();

    AppHost(
            AuthAddress auth,
            AppTokens appTokens,
            Tokens tokens,
            SigningKeys keys,
            Sessions sessions,
            Codes codes,
            CliLogin cliLogin,
            SignOut signOut,
            InstantSource clock) {
        this.auth = auth;
        this.appTokens = appTokens;
        this.tokens = tokens;
        this.keys = keys;
        this.sessions = sessions;
        this.codes = codes;
        this.cliLogin = cliLogin;
        this.signOut = signOut;
        this.clock = clock;
    }

    void handle(HttpExchange http, Visitor visitor, String requestId) throws IOException {
        if (http.path().startsWith(Paths.ASSETS)) {
            assets.handle(http);
            return;
        }
        AuthExchange exchange = new AuthExchange(http, visitor, requestId, null, null);
        switch (exchange.path()) {
            case AUTHORIZED -> authorized(exchange);
            case "/cdn-cgi/access/get-identity" -> identity(exchange);
            case "/cdn-cgi/access/logout" -> logout(exchange);
            case "/cdn-cgi/access/certs" -> AuthHost.certs(http, keys);
            case "/cdn-cgi/access/cli" -> cliLogin.begin(exchange);
            default ->
                    exchange.jsonError(
                            404,
                            "unknown_path",
                            "The edge has nothing at this path.",
                            "Paths below /cdn-cgi/ are the edge's own.");
        }
    }

    private void authorized(AuthExchange exchange) throws IOException {
        HeaderList headers = exchange.http().requestHeaders();
        Codes.HandOver handOver =
                codes.take(
                        exchange.query().text("code"),
                        exchange.http().authority(),
                        Cookies.read(headers, Cookies.BROWSER));
        if (handOver == null) {
            exchange.say(
                    403,
                    "This sign-in link has been used or is too old",
                    "Open the address of the application again.");
            return;
        }
        exchange.answerWith(
                "Set-Cookie",
                Cookies.set(
                        Cookies.TOKEN,
                        handOver.token(),
                        Duration.between(clock.instant(), handOver.tokenExpires())));
        exchange.redirect(handOver.opening().url());
    }

    /// The session of the token that is shown, null without a good one.
    private @Nullable Session session(AuthExchange exchange) {
        String text = Cookies.token(exchange.http().requestHeaders());
        if (text == null) {
            return null;
        }
        for (Application application :
                appTokens.on(StreamRequest.host(exchange.http().authority()))) {
            AccessToken token = tokens.read(text, AccessToken.Type.APP, application.aud());
            if (token != null) {
                return sessions.byId(token.session());
            }
        }
        return null;
    }

    private void identity(AuthExchange exchange) throws IOException {
        Session session = session(exchange);
        if (session == null) {
            exchange.jsonError(
                    401, "sign_in", "Nobody is signed in here.", "Open the application first.");
            return;
        }
        ObjectNode json =
                IdentityJson.of(session.identity())
                        .put("ip", exchange.visitor().text())
                        .put("iat", session.createdAt().getEpochSecond())
                        .put("session", session.id().toString())
                        .put("session_expires", session.expiresAt().getEpochSecond());
        json.putObject("idp").put("type", session.identity().loginMethod());
        exchange.json(200, json);
    }

    /// Links on other sites end nobody's session.
    private void logout(AuthExchange exchange) throws IOException {
        if (!signOut.end(exchange, session(exchange))) {
            return;
        }
        exchange.answerWith("Set-Cookie", Cookies.remove(Cookies.TOKEN));
        exchange.answerWith("Set-Cookie", Cookies.remove(Cookies.BROWSER));
        exchange.show(
                200, new LoggedOutPage(auth.origin(exchange.http().authority()) + Paths.LAUNCHER));
    }

    /// What binds a hand-over to this browser: the cookie it has, or one that it gets with the answer.
    static String browser(HeaderList request, HeaderList answer) {
        String known = Cookies.read(request, Cookies.BROWSER);
        String secret = known != null && known.length() >= 32 ? known : Secrets.make();
        answer.add("Set-Cookie", Cookies.set(Cookies.BROWSER, secret, BROWSER_LIFE));
        return Secrets.hash(secret);
    }
}
