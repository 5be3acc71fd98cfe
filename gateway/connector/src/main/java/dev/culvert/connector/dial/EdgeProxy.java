package dev.culvert.connector.dial;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The proxy that connections to the edge pass through, from the environment: `HTTPS_PROXY`, else
/// `ALL_PROXY`, upper or lower case, and `NO_PROXY`. Immutable. [#toString] leaves the credentials out.
///
/// @param variable it was taken from
/// @param user name and password for it, or null
public record EdgeProxy(
        String variable,
        Kind kind,
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        NoProxy except) {
    private static final String[] VARIABLES = {
        "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"
    };

    enum Kind {
        HTTP(80),
        HTTPS(443),
        SOCKS5(1080);

        final int port;

        Kind(int port) {
            this.port = port;
        }
    }

    /// @return null when the environment names none
    /// @throws IllegalArgumentException with a message for the user, which names the variable
    public static @Nullable EdgeProxy of(Map<String, String> environment) {
        String except =
                environment.getOrDefault("NO_PROXY", environment.getOrDefault("no_proxy", ""));
        for (String variable : VARIABLES) {
            String url = environment.getOrDefault(variable, "").strip();
            if (!url.isEmpty()) {
                return parse(variable, url, new NoProxy(except));
            }
        }
        return null;
    }

    private static EdgeProxy parse(String variable, String url, NoProxy except) {
        try {
            URI uri = new URI(url.contains("://") ? url : "http://" + url);
            Kind kind =
                    switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
                        case "http" -> Kind.HTTP;
                        case "https" -> Kind.HTTPS;
                        case "socks5", "socks5h" -> Kind.SOCKS5;
                        default -> throw bad(variable);
                    };
            String host = uri.getHost();
            if (host == null || uri.getPort() == 0 || uri.getPort() > 65535) {
                throw bad(variable);
            }
            if (host.startsWith("[")) {
                host = host.substring(1, host.length() - 1);
            }
            String user = uri.getRawUserInfo();
            int colon = user == null ? -1 : user.indexOf(':');
            return new EdgeProxy(
                    variable,
                    kind,
                    host,
                    uri.getPort() < 0 ? kind.port : uri.getPort(),
                    user == null ? null : decoded(colon < 0 ? user : user.substring(0, colon)),
                    user == null ? null : decoded(colon < 0 ? "" : user.substring(colon + 1)),
                    except);
        } catch (URISyntaxException e) {
            // Its message has the whole text in it, with the password.
            throw bad(variable);
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException bad(String variable) {
        return new IllegalArgumentException(
                variable
                        + " is not a proxy's address (expected: http://[USER:PASSWORD@]HOST:PORT,"
                        + " https:// or socks5://)");
    }

    boolean isFor(String edge, int edgePort) {
        return !except.has(edge, edgePort);
    }

    String address() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + "://" + address();
    }
}
