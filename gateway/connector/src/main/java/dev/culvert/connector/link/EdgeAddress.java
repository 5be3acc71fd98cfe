package dev.culvert.connector.link;

/// Where an edge accepts tunnels. Immutable.
///
/// @param host name or literal address, without brackets
public record EdgeAddress(String host, int port) {
    public static final int DEFAULT_PORT = 7844;

    /// Reads `HOST`, `HOST:PORT` or `[IPV6]:PORT`.
    ///
    /// @throws IllegalArgumentException with a message for the user
    public static EdgeAddress parse(String text) {
        String host = text;
        int port = DEFAULT_PORT;
        int colon = text.lastIndexOf(':');
        if (colon > text.lastIndexOf(']') && text.indexOf(':') == colon
                || colon > 0 && text.startsWith("[") && text.charAt(colon - 1) == ']') {
            host = text.substring(0, colon);
            try {
                port = Integer.parseInt(text.substring(colon + 1));
            } catch (NumberFormatException e) {
                port = -1;
            }
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isBlank() || port < 1 || port > 65535 || host.contains("/")) {
            throw new IllegalArgumentException(
                    "edge: \""
                            + text
                            + "\" (expected: HOST[:PORT], port "
                            + DEFAULT_PORT
                            + " when left out)");
        }
        return new EdgeAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
