package dev.culvert.access;

import org.jspecify.annotations.Nullable;

/// A name or address literal and a port. Immutable.
///
/// @param host without brackets
/// @param port 0 to 65535
public record HostPort(String host, int port) {

    /// Reads `host`, `host:port`, `[v6]`, `[v6]:port`, a bare IPv6 literal; null when it is none.
    ///
    /// @param defaultPort used when there is none
    public static @Nullable HostPort parse(String text, int defaultPort) {
        String host = text;
        String port = null;
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0) {
                return null;
            }
            host = text.substring(1, end);
            String rest = text.substring(end + 1);
            if (!rest.isEmpty() && !rest.startsWith(":")) {
                return null;
            }
            port = rest.isEmpty() ? null : rest.substring(1);
        } else if (text.indexOf(':') == text.lastIndexOf(':') && text.indexOf(':') >= 0) {
            host = text.substring(0, text.indexOf(':'));
            port = text.substring(text.indexOf(':') + 1);
        }
        int number = port == null ? defaultPort : portNumber(port);
        return number < 0 ? null : new HostPort(host, number);
    }

    /// The number, or -1.
    public static int portNumber(String text) {
        if (text.isEmpty() || text.length() > 5) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number <= 65535 ? number : -1;
    }

    /// As written in a URL: IPv6 in brackets.
    String bracketed() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    @Override
    public String toString() {
        return bracketed() + ":" + port;
    }
}
