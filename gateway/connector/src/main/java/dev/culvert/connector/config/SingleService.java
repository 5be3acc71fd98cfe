package dev.culvert.connector.config;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The one service of a connector without ingress rules, as the flags `hello-world`, `bastion`, `url`
/// and `unix-socket` name it, the first of these in this order. Immutable.
///
/// @param key the flag
/// @param service as a rule would have it
record SingleService(String key, String service) {
    private static final Pattern SCHEME =
            Pattern.compile("[a-z][a-z0-9+.-]*://.*", Pattern.CASE_INSENSITIVE);

    /// @return null when no flag is set
    static @Nullable SingleService of(
            boolean hello, boolean bastion, @Nullable String url, @Nullable String socket) {
        if (hello) {
            return new SingleService("hello-world", "hello_world");
        } else if (bastion) {
            return new SingleService("bastion", "bastion");
        } else if (url != null) {
            return new SingleService("url", withoutPath(url));
        }
        return socket == null ? null : new SingleService("unix-socket", "unix:" + socket);
    }

    /// As in cloudflared, HTTP is meant where no scheme is written, and a path is left out.
    private static String withoutPath(String url) {
        if (url.contains("://") ? !SCHEME.matcher(url).matches() : isWord(url)) {
            return url;
        }
        String whole = url.contains("://") ? url : "http://" + url;
        int slash = whole.indexOf('/', whole.indexOf("://") + 3);
        return slash < 0 ? whole : whole.substring(0, slash);
    }

    /// A service that is no address, such as `hello_world` or `unix:/run/a`: left to its plugin.
    private static boolean isWord(String url) {
        return url.startsWith("unix:")
                || url.startsWith("unix+tls:")
                || url.startsWith("http_status:")
                || url.equals("hello_world")
                || url.equals("hello-world")
                || url.equals("bastion")
                || url.equals("socks-proxy");
    }

    String variable() {
        return "TUNNEL_" + key.replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
