package dev.culvert.transport;

import dev.culvert.protocols.stream.HeaderList;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// The header fields that end at each hop (RFC 9110, section 7.6.1, and the older `Keep-Alive` and
/// `Proxy-Connection`).
public final class HopByHop {
    private static final Set<String> NOT_IN_TRAILERS =
            Set.of("content-length", "content-encoding", "content-type", "host", "expect");

    private HopByHop() {}

    /// Removes them, and every field that `Connection` names.
    public static void remove(HeaderList headers) {
        if (headers.contains("connection")) {
            Set<String> named = new HashSet<>();
            for (String value : headers.all("connection")) {
                for (String name : value.split(",")) {
                    named.add(name.strip().toLowerCase(Locale.ROOT));
                }
            }
            headers.removeIf(name -> named.contains(name.toLowerCase(Locale.ROOT)));
        }
        headers.removeIf(HopByHop::isOne);
    }

    /// Called for each field of each message: no copy of the name, and most differ by their length.
    private static boolean isOne(String name) {
        return switch (name.length()) {
            case 2 -> name.equalsIgnoreCase("te");
            case 7 -> name.equalsIgnoreCase("trailer") || name.equalsIgnoreCase("upgrade");
            case 10 -> name.equalsIgnoreCase("connection") || name.equalsIgnoreCase("keep-alive");
            case 14 -> name.equalsIgnoreCase("http2-settings");
            case 16 -> name.equalsIgnoreCase("proxy-connection");
            case 17 -> name.equalsIgnoreCase("transfer-encoding");
            case 18 -> name.equalsIgnoreCase("proxy-authenticate");
            case 19 -> name.equalsIgnoreCase("proxy-authorization");
            default -> false;
        };
    }

    /// Trailers without what may not stand there: hop-by-hop fields, and those that frame or route a
    /// message (RFC 9110, section 6.5.1). Some recipients merge trailers into the header.
    public static void removeFromTrailers(HeaderList trailers) {
        remove(trailers);
        trailers.removeIf(name -> NOT_IN_TRAILERS.contains(name.toLowerCase(Locale.ROOT)));
    }
}
