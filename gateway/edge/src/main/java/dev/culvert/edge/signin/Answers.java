package dev.culvert.edge.signin;

import dev.culvert.edge.admission.Asked;
import dev.culvert.edge.admission.AuthAddress;
import dev.culvert.edge.admission.EdgeAnswers;
import dev.culvert.edge.admission.Refusal;
import dev.culvert.edge.admission.Visitor;
import dev.culvert.edge.pages.DeniedPage;
import dev.culvert.edge.pages.Pages;
import dev.culvert.edge.tokens.Tokens;
import dev.culvert.edge.web.Accept;
import dev.culvert.edge.web.Networks;
import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.HttpHandler;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.served.ServedTarget;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What the edge answers at the gate: its own hosts and paths, and refusals. Programs get JSON, people
/// pages. Thread-safe.
public final class Answers implements EdgeAnswers {
    private static final Duration METADATA_KEPT = Duration.ofHours(1);
    private static final int MAX_METADATA = 10_000;
    private static final int SIGNED_AT_ONCE = 60;
    private static final Duration SIGNED_EACH = Duration.ofSeconds(10);

    private final AuthAddress auth;
    private final AuthHost authHost;
    private final AppHost appHost;
    private final Signed signed;
    private final Tokens tokens;
    private final InstantSource clock;
    private final Map<String, Metadata> metadata = new ConcurrentHashMap<>();

    /// What a network may have signed anew.
    private final Allowance signatures;

    private record Metadata(String token, Instant until) {}

    Answers(
            AuthAddress auth,
            AuthHost authHost,
            AppHost appHost,
            Signed signed,
            Tokens tokens,
            InstantSource clock) {
        this.auth = auth;
        this.authHost = authHost;
        this.appHost = appHost;
        this.signed = signed;
        this.tokens = tokens;
        this.clock = clock;
        this.signatures = new Allowance(SIGNED_AT_ONCE, SIGNED_EACH, clock);
    }

    private static StreamTarget served(HttpHandler handler) {
        return new ServedTarget("access", handler);
    }

    @Override
    public StreamTarget authHost(Visitor visitor, String requestId) {
        return served(http -> authHost.handle(http, visitor, requestId));
    }

    @Override
    public StreamTarget ownPaths(Visitor visitor, String requestId) {
        return served(http -> appHost.handle(http, visitor, requestId));
    }

    @Override
    public StreamTarget metadata(Asked asked) {
        return served(http -> {
            String token = signed(asked, http.authority());
            if (token == null) {
                refuse(
                        http,
                        asked,
                        429,
                        "too_many_requests",
                        "This network has asked for too many descriptions of applications.",
                        "Try again in ten seconds.");
                return;
            }
            http.respond(
                    200,
                    HeaderList.of("Cache-Control", "no-store", "cf-access-metadata", token),
                    new byte[0]);
        });
    }

    /// Signing costs time, and whoever asks chooses the port, and the host below a wildcard: what was signed
    /// is kept for an hour, and each network has a limit of its own for what was not.
    ///
    /// @return null beyond the limit
    private @Nullable String signed(Asked asked, String authority) {
        Instant now = clock.instant();
        String aud = asked.application().aud();
        String key = aud + ' ' + authority;
        Metadata known = metadata.get(key);
        if (known != null && !known.until().isBefore(now)) {
            return known.token();
        }
        if (!signatures.take(Networks.of(asked.visitor().text()))) {
            return null;
        }
        String token = tokens.metadata(aud, asked.request().host(), auth.authority(authority));
        if (metadata.size() >= MAX_METADATA) {
            metadata.clear();
        }
        metadata.put(key, new Metadata(token, now.plus(METADATA_KEPT)));
        return token;
    }

    @Override
    public StreamTarget signIn(Asked asked) {
        return served(http -> {
            if (!leadsToSignIn(http, asked)) {
                refuse(
                        http,
                        asked,
                        401,
                        "sign_in",
                        "This address is for people and programs that the edge knows.",
                        "Show an application token (access token URL) as Cf-Access-Token, or a"
                                + " service token.");
                return;
            }
            HeaderList headers = HeaderList.of("Cache-Control", "no-store");
            String browser = AppHost.browser(http.requestHeaders(), headers);
            Opening opening = new Opening(http.authority(), http.path(), browser);
            headers.add(
                    "Location",
                    AppLogin.url(
                            auth.origin(http.authority()), opening, signed, asked.application()));
            headers.add("X-Request-Id", asked.requestId());
            http.respond(302, headers, new byte[0]);
        });
    }

    /// Whether whoever asks can follow to a sign-in page. Browsers say what they load; cloudflared opens
    /// its WebSockets saying nothing, and expects the redirect.
    private static boolean leadsToSignIn(HttpExchange http, Asked asked) {
        HeaderList headers = http.requestHeaders();
        String mode = headers.first("sec-fetch-mode");
        String accept = headers.first("accept");
        if (mode != null && !mode.equals("navigate")) {
            return false;
        }
        if (asked.request().kind() == StreamKind.WEBSOCKET) {
            return headers.first("origin") == null;
        }
        if (headers.contains("x-requested-with")) {
            return false;
        }
        boolean html = Accept.page(headers);
        boolean read = http.method().equals("GET") || http.method().equals("HEAD");
        return html || (read && (accept == null || !accept.contains("json")));
    }

    @Override
    public StreamTarget refused(Asked asked, String actor, Refusal refusal) {
        return served(http -> {
            if (!Accept.page(http.requestHeaders())
                    || asked.request().kind() == StreamKind.WEBSOCKET) {
                refuse(
                        http,
                        asked,
                        403,
                        refusal.word(),
                        refusal.sentence(),
                        "Ask whoever looks after it, with this id.");
                return;
            }
            HeaderList headers = new HeaderList(2);
            headers.add("X-Request-Id", asked.requestId());
            String again = null;
            if (refusal == Refusal.DENIED) {
                String browser = AppHost.browser(http.requestHeaders(), headers);
                Opening opening = new Opening(http.authority(), http.path(), browser);
                String login = AppLogin.path(opening, opening.seal(signed));
                again = auth.origin(http.authority()) + SignIn.next(login);
            }
            Pages.show(http, 403, denied(asked, actor, refusal, again), headers);
        });
    }

    private static DeniedPage denied(
            Asked asked, String actor, Refusal refusal, @Nullable String again) {
        return new DeniedPage(
                asked.request().host(),
                refusal == Refusal.UNCLEAR_PATH ? null : asked.application().name(),
                refusal.sentence(),
                asked.application().contact(),
                asked.requestId(),
                actor.contains("@") ? actor : null,
                again);
    }

    @Override
    public StreamTarget unrecorded(Asked asked) {
        return served(http ->
                refuse(
                        http,
                        asked,
                        503,
                        "not_recorded",
                        "The edge cannot write down who comes in, so nobody new is let in.",
                        "Try again in a minute. If it is yours, see the edge's log."));
    }

    private void refuse(
            HttpExchange http, Asked asked, int status, String code, String message, String next)
            throws IOException {
        AuthExchange exchange =
                new AuthExchange(http, asked.visitor(), asked.requestId(), null, null);
        if (status == 401) {
            exchange.answerWith("WWW-Authenticate", "Bearer realm=\"" + auth.origin() + "\"");
        }
        if (Accept.page(http.requestHeaders()) && asked.request().kind() == StreamKind.HTTP) {
            exchange.say(status, message, next);
        } else {
            exchange.jsonError(status, code, message, next);
        }
    }
}
