package dev.culvert.access.login;

import dev.culvert.access.HostPort;
import dev.culvert.access.Problem;
import dev.culvert.access.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/// What a protected service says of itself: the application it belongs to, and the host that signs people in. The claims
/// of a JWS whose signature is checked by [MetadataSource].
///
/// Immutable.
///
/// @param authHost where tokens come from and the org token goes to; nowhere else
/// @param audience the application
/// @param appHost names the token's file
record AppMetadata(HostPort authHost, String audience, String appHost) {
    private static final Duration OLDEST = Duration.ofHours(24);
    private static final Duration CLOCKS = Duration.ofMinutes(5);
    private static final Pattern AUDIENCE = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    /// @throws Problem for claims that are not of this service, or not of now
    static AppMetadata of(Jwt token, Target app) throws Problem {
        String host = token.claim("hostname");
        if (!token.claim("type").equals("match")) {
            throw refused(app, "type", token.claim("type"), "match");
        }
        if (!host.equalsIgnoreCase(app.address().host())
                && !host.equalsIgnoreCase(Hosts.text(app.address()))) {
            throw refused(app, "hostname", host, app.address().host());
        }
        Instant issued = token.time("iat");
        Instant now = Instant.now();
        if (issued.isBefore(now.minus(OLDEST)) || issued.isAfter(now.plus(CLOCKS))) {
            throw refused(app, "iat", issued.toString(), "not older than a day; check the clocks");
        }
        String audience = token.claim("aud");
        if (!AUDIENCE.matcher(audience).matches()) {
            throw refused(app, "aud", audience, "the name of an application");
        }
        String named = token.claim("app_hostname");
        return new AppMetadata(
                authHost(token, app), audience, named.isEmpty() ? app.address().host() : named);
    }

    /// Read before the signature can be checked: the keys are this host's.
    static HostPort authHost(Jwt token, Target app) throws Problem {
        String name = token.claim("auth_domain");
        HostPort host = Hosts.parse(name);
        if (host == null) {
            throw refused(app, "auth_domain", name, "a host name");
        }
        return host;
    }

    static Problem refused(Target app, String claim, String value, String expected) {
        String shown = value.length() > 80 ? value.substring(0, 80) + "..." : value;
        return Problem.failed(
                app.address().host()
                        + " describes its application wrongly: "
                        + claim
                        + ": "
                        + (shown.isEmpty() ? "missing" : shown)
                        + " (expected: "
                        + expected
                        + ")",
                "no token was asked for or sent; ask the owner of the edge");
    }
}
