package dev.culvert.access.login;

import dev.culvert.access.HostPort;
import dev.culvert.access.Https;
import dev.culvert.access.Problem;
import dev.culvert.access.Target;
import dev.culvert.protocols.stream.HeaderList;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Gets a token of one more application for the org token, the way a browser with a session would: from the service to
/// the auth host's login and back to `authorized`, which sets the token as a cookie.
///
/// The org token goes to the login of the auth host and nowhere else, and the chain visits these two hosts only.
///
/// One use; blocking.
final class TokenExchange {
    private static final Duration PATIENCE = Duration.ofSeconds(7);
    private static final int MOST_HOPS = 10;
    private static final String LOGIN = "/cdn-cgi/access/login";
    private static final String COOKIE = "CF_Authorization";

    private final Https https;
    private final Target app;
    private final AppMetadata metadata;
    private final Jwt orgToken;

    /// What the service has set on the way: binds the code to who asked.
    private final Map<String, String> cookies = new LinkedHashMap<>();

    TokenExchange(Https https, Target app, AppMetadata metadata, Jwt orgToken) {
        this.https = https;
        this.app = app;
        this.metadata = metadata;
        this.orgToken = orgToken;
    }

    /// @return null when the org token's session is over
    /// @throws Problem denied, when it is not, but does not reach the application
    @Nullable Jwt run() throws Problem {
        URI at = URI.create("https://" + Hosts.text(app.address()) + app.path());
        for (int hop = 0; hop < MOST_HOPS; hop++) {
            HostPort host = Hosts.of(at);
            boolean ofApp = app.address().equals(host);
            boolean ofLogin = metadata.authHost().equals(host) && at.getPath().startsWith(LOGIN);
            if (host == null || !ofApp && !ofLogin) {
                // To the page where people sign in, or away.
                return null;
            }
            Https.Answer answer = https.send("HEAD", host, pathOf(at), fields(at, ofApp), PATIENCE);
            if (answer.status() == 403) {
                throw denied(answer, host);
            }
            if (ofApp) {
                keep(answer.headers());
            }
            if (ofApp && at.getPath().equals("/cdn-cgi/access/authorized")) {
                return token();
            }
            URI next = next(at, answer);
            if (next == null) {
                return null;
            }
            at = next;
        }
        return null;
    }

    private HeaderList fields(URI at, boolean ofApp) {
        if (!ofApp) {
            return HeaderList.of("Cookie", COOKIE + "=" + orgToken.text());
        }
        if (cookies.isEmpty() || !at.getPath().startsWith("/cdn-cgi/access/")) {
            return new HeaderList();
        }
        return HeaderList.of(
                "Cookie",
                cookies.entrySet().stream()
                        .map(one -> one.getKey() + "=" + one.getValue())
                        .collect(Collectors.joining("; ")));
    }

    private void keep(HeaderList headers) {
        for (String field : headers.all("set-cookie")) {
            String pair = field.split(";", 2)[0];
            int equals = pair.indexOf('=');
            if (equals > 0) {
                cookies.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
            }
        }
    }

    private @Nullable Jwt token() {
        Jwt token = Jwt.parse(cookies.getOrDefault(COOKIE, ""));
        return token != null && token.isAlive() && token.isFor(metadata.audience()) ? token : null;
    }

    private static @Nullable URI next(URI at, Https.Answer answer) {
        String location = answer.headers().first("location");
        if (answer.status() < 301 || answer.status() > 308 || location == null) {
            return null;
        }
        try {
            return at.resolve(location);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String pathOf(URI at) {
        String path = at.getRawPath().isEmpty() ? "/" : at.getRawPath();
        return at.getRawQuery() == null ? path : path + "?" + at.getRawQuery();
    }

    private Problem denied(Https.Answer answer, HostPort host) {
        String id = answer.headers().first("x-request-id");
        return new Problem(
                Problem.DENIED,
                Hosts.text(host)
                        + " does not let you in to "
                        + app.address().host()
                        + (id == null ? "" : " (id " + id + ")"),
                "ask the owner of the edge for access to this application, with the id");
    }
}
