package dev.culvert.edge.signin;

import dev.culvert.protocols.stream.StreamRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// That a browser wants to open an address of an application and was sent to the auth host for it. It
/// carries this with it, signed. Immutable.
///
/// @param authority host and port as the browser wrote them
/// @param path path and query to come back to; `/` instead of what is too long or begins with no slash
/// @param browser hash of the cookie `CF_AppSession` that the browser got there: the code of
///     [Codes] is good only with it
record Opening(String authority, String path, String browser) {
    private static final Duration LIFE = Duration.ofMinutes(30);
    private static final String PURPOSE = "open";
    private static final int MAX_PATH = 2048;

    Opening {
        if (path.length() > MAX_PATH || !path.startsWith("/") || path.indexOf('\n') >= 0) {
            path = "/";
        }
    }

    String host() {
        return StreamRequest.host(authority);
    }

    /// The whole address: a path that begins with two slashes, on its own, leads to another host.
    String url() {
        return "https://" + authority + path;
    }

    String seal(Signed signed) {
        return signed.seal(LIFE, PURPOSE, authority, path, browser);
    }

    static @Nullable Opening open(Signed signed, @Nullable String text) {
        List<String> parts = signed.open(text, PURPOSE);
        return parts == null || parts.size() != 3
                ? null
                : new Opening(parts.get(0), parts.get(1), parts.get(2));
    }
}
