package dev.culvert.edge.web;

import dev.culvert.protocols.stream.HeaderList;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Cookies of the edge: always `Secure` and `HttpOnly`, of one host, `SameSite=Lax` (they must come along
/// when another site leads here). Stateless.
public final class Cookies {
    private static final DateTimeFormatter EXPIRES =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /// Keeps the token of a protected host.
    public static final String TOKEN = "CF_Authorization";

    /// Binds a hand-over to a browser.
    public static final String BROWSER = "CF_AppSession";

    private Cookies() {}

    /// The token that a request shows: as `Cf-Access-Token`, else as the cookie [#TOKEN].
    public static @Nullable String token(HeaderList headers) {
        String header = headers.first("cf-access-token");
        return header != null ? header : read(headers, TOKEN);
    }

    /// The value of a request's cookie.
    ///
    /// @return null when there is none, or more than one with different values: somebody else planted one
    public static @Nullable String read(HeaderList headers, String name) {
        String found = null;
        for (String header : headers.all("cookie")) {
            for (String pair : header.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 0 || !pair.substring(0, equals).strip().equals(name)) {
                    continue;
                }
                String value = pair.substring(equals + 1).strip();
                if (found != null && !found.equals(value)) {
                    return null;
                }
                found = value;
            }
        }
        return found;
    }

    /// The value of a `Set-Cookie` field.
    public static String set(String name, String value, Duration life) {
        // cloudflared looks at Expires alone, and wants two digits of a day.
        return name
                + "="
                + value
                + "; Path=/; Max-Age="
                + life.toSeconds()
                + "; Expires="
                + EXPIRES.format(Instant.now().plus(life))
                + "; Secure; HttpOnly; SameSite=Lax";
    }

    /// The value of a `Set-Cookie` field that takes the cookie away.
    public static String remove(String name) {
        return set(name, "", Duration.ZERO);
    }

    /// Takes some cookies out of the `Cookie` fields, in place; a field left empty goes.
    ///
    /// @return whether there were any
    public static boolean strip(HeaderList headers, List<String> names) {
        List<String> fields = headers.all("cookie");
        boolean any = false;
        for (String field : fields) {
            for (String name : names) {
                any |= field.contains(name);
            }
        }
        if (!any) {
            return false;
        }
        headers.remove("cookie");
        for (String field : fields) {
            StringBuilder kept = new StringBuilder(field.length());
            for (String pair : field.split(";", -1)) {
                int equals = pair.indexOf('=');
                String name = (equals < 0 ? pair : pair.substring(0, equals)).strip();
                if (!names.contains(name) && !pair.isBlank()) {
                    kept.append(kept.isEmpty() ? "" : "; ").append(pair.strip());
                }
            }
            if (!kept.isEmpty()) {
                headers.add("Cookie", kept.toString());
            }
        }
        return true;
    }
}
