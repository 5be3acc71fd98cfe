package dev.culvert.transport;

import dev.culvert.protocols.stream.HeaderList;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// The header fields that end at each hop (RFC 9110, section 7.6.1, and the older `Keep-Alive` and
/// `Proxy-Connection`).
public final class HopByHop {
    private static final Set<String> NAMES =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "http2-settings");

    private static final Set<String> NOT_IN_TRAILERS =
            Set.of("content-length", "content-encoding", "content-type", "host", "expect");

    private HopByHop() {}

    /// Removes them, and every field that `Connection` names.
    public static void remove(HeaderList headers) {
        Set<String> named = new HashSet<>();
        for (String value : headers.all("connection")) {
            for (String name : value.split(",")) {
                named.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        headers.removeIf(name -> {
            String lower = name.toLowerCase(Locale.ROOT);
            return NAMES.contains(lower) || named.contains(lower);
        });
    }

    /// Trailers without what may not stand there: hop-by-hop fields, and those that frame or route a
    /// message (RFC 9110, section 6.5.1). Some recipients merge trailers into the header.
    public static void removeFromTrailers(HeaderList trailers) {
        remove(trailers);
        trailers.removeIf(name -> NOT_IN_TRAILERS.contains(name.toLowerCase(Locale.ROOT)));
    }
}
