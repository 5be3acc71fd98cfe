package dev.culvert.edge.signin;

import dev.culvert.edge.admission.AuthAddress;
import dev.culvert.edge.admission.Visitor;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.pages.Assets;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.tokens.AccessToken;
import dev.culvert.edge.tokens.SigningKeys;
import dev.culvert.edge.tokens.Tokens;
import dev.culvert.edge.web.Accept;
import dev.culvert.edge.web.Cookies;
import dev.culvert.edge.web.WholeRequest;
import dev.culvert.plugin.HttpExchange;
import dev.culvert.policy.Identity;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The auth host: finds out who asks, and gives each path to its section. Sections for people who have
/// signed in get requests of those only, and POSTs only from their own pages. A session is shown by the
/// browser's cookie; the org token of a command line counts only where a place says so.
///
/// Thread-safe. Blocking: virtual threads only.
final class AuthHost {
    private static final String CERTS = "/cdn-cgi/access/certs";

    private static final Place NOWHERE =
            new Place(
                    "",
                    For.ANYONE,
                    exchange ->
                            exchange.say(
                                    404,
                                    "There is no such page",
                                    "Go to the start page of this host."));

    private final AuthAddress address;
    private final Sessions sessions;
    private final Tokens tokens;
    private final SigningKeys keys;
    private final SignIn signIn;
    private final Predicate<Identity> isAdmin;
    private final Assets assets = new Assets();
    private final List<Place> places;
    private final OwnPaths others;

    /// For whom a section is.
    enum For {
        ANYONE,
        SIGNED_IN,
        ADMINS
    }

    /// A section and the path it begins at.
    ///
    /// @param orgTokens whether the org token of a command line shows a session here
    record Place(String path, For whom, Section section, boolean orgTokens) {
        Place(String path, For whom, Section section) {
            this(path, whom, section, false);
        }

        Place withOrgTokens() {
            return new Place(path, whom, section, true);
        }

        boolean has(String requested) {
            return requested.equals(path)
                    || (path.endsWith("/") && path.length() > 1
                            ? requested.startsWith(path)
                            : path.length() > 1 && requested.startsWith(path + "/"));
        }
    }

    AuthHost(
            AuthAddress address,
            Sessions sessions,
            Tokens tokens,
            SigningKeys keys,
            SignIn signIn,
            Predicate<Identity> isAdmin,
            List<Place> places,
            OwnPaths others) {
        this.address = address;
        this.sessions = sessions;
        this.tokens = tokens;
        this.keys = keys;
        this.signIn = signIn;
        this.isAdmin = isAdmin;
        this.places = List.copyOf(places);
        this.others = others;
    }

    void handle(HttpExchange http, Visitor visitor, String requestId)
            throws IOException, InterruptedException {
        if (http.path().startsWith(Paths.ASSETS)) {
            assets.handle(http);
            return;
        }
        String path = http.path().split("\\?", 2)[0];
        if (path.equals(CERTS) && !isForTransfers(http)) {
            certs(http, keys);
            return;
        }
        HttpExchange whole;
        try {
            whole = http.method().equals("POST") ? WholeRequest.of(http) : http;
        } catch (WholeRequest.TooLong e) {
            new AuthExchange(http, visitor, requestId, null, null)
                    .say(413, "This form is too long", "Go back and send less.");
            return;
        }
        // Who asks is found out only now: whatever was taken away while the body came is gone.
        Place place = place(path);
        AuthExchange exchange = exchange(whole, visitor, requestId, place.orgTokens());
        if (isForTransfers(http) && !path.startsWith(CliLogin.TRANSFER)) {
            exchange.jsonError(
                    404, "unknown_path", "Only transfers are here.", "See the auth host.");
        } else {
            enter(place, exchange);
        }
    }

    private Place place(String path) {
        for (Place known : places) {
            if (known.has(path)) {
                return known;
            }
        }
        Section other =
                path.startsWith(OwnPaths.BEGIN)
                        ? others.section(path.substring(OwnPaths.BEGIN.length()))
                        : null;
        return other == null ? NOWHERE : new Place(path, For.ANYONE, other);
    }

    private boolean isForTransfers(HttpExchange http) {
        return address.isForTransfers(StreamRequest.host(http.authority()));
    }

    private void enter(Place place, AuthExchange exchange)
            throws IOException, InterruptedException {
        if (place.whom() == For.ANYONE) {
            place.section().handle(exchange);
            return;
        }
        Session session = exchange.session();
        if (session == null) {
            if (Accept.page(exchange.http().requestHeaders())) {
                signIn.begin(exchange, exchange.isPost() ? place.path() : exchange.http().path());
            } else {
                exchange.jsonError(
                        401,
                        "sign_in",
                        "Sign in first.",
                        "Sign in with a browser at " + address.origin());
            }
        } else if (exchange.isPost() && !exchange.isOwnPost()) {
            exchange.say(
                    403,
                    "This form was not sent from its page",
                    "Go back, reload the page, and send it again.");
        } else if (place.whom() == For.ADMINS && !isAdmin.test(session.identity())) {
            exchange.say(
                    403,
                    "This part is for administrators",
                    "You are signed in as " + session.identity().email() + ".");
        } else {
            place.section().handle(exchange);
        }
    }

    static void certs(HttpExchange http, SigningKeys keys) throws IOException {
        http.respond(
                200,
                HeaderList.of(
                        "Content-Type", "application/json",
                        "Cache-Control", "public, max-age=300",
                        "Access-Control-Allow-Origin", "*",
                        "X-Content-Type-Options", "nosniff"),
                keys.jwks().getBytes(StandardCharsets.UTF_8));
    }

    private AuthExchange exchange(
            HttpExchange http, Visitor visitor, String requestId, boolean orgTokens) {
        HeaderList headers = http.requestHeaders();
        String secret = Cookies.read(headers, SignIn.SESSION_COOKIE);
        Session session = secret == null ? null : sessions.bySecret(secret);
        if (session == null && orgTokens && !isOfBrowser(headers)) {
            // Command lines show theirs as a header, cloudflared as a cookie.
            secret = Cookies.token(headers);
            session = secret == null ? null : ofOrgToken(secret);
        }
        if (session != null) {
            sessions.seen(session);
        }
        return new AuthExchange(http, visitor, requestId, session, session == null ? null : secret);
    }

    /// A sibling host can plant the cookie of an org token in somebody's browser, to have them go on as
    /// somebody else.
    private static boolean isOfBrowser(HeaderList headers) {
        return headers.first("sec-fetch-site") != null;
    }

    private @Nullable Session ofOrgToken(String text) {
        AccessToken token = tokens.read(text, AccessToken.Type.ORG, address.host());
        return token == null ? null : sessions.byId(token.session());
    }
}
