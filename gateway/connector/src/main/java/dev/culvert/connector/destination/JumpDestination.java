package dev.culvert.connector.destination;

import dev.culvert.config.Shown;

/// Where a client wants a `bastion` service to lead: the value of `Cf-Access-Jump-Destination`,
/// `HOST:PORT` or a URL of which only host and port count. The port is mandatory, whatever the scheme.
/// Immutable.
///
/// Source: cloudflared, `carrier/carrier.go`.
///
/// @param host name or literal address, without brackets
public record JumpDestination(String host, int port) {
    private static final int MAX_LENGTH = 2000;
    private static final int MAX_HOST = 253;

    /// @throws IllegalArgumentException with one line for the log
    public static JumpDestination parse(String header) {
        if (header.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a destination of " + header.length() + " characters");
        }
        String rest = header.strip();
        int scheme = rest.indexOf("://");
        if (scheme >= 0) {
            rest = cut(rest.substring(scheme + 3), "/?#");
            rest = rest.substring(rest.lastIndexOf('@') + 1);
        } else {
            rest = cut(rest, "/");
        }
        int colon = rest.lastIndexOf(':');
        String host = colon < 0 ? rest : rest.substring(0, colon);
        String port = colon < 0 ? "" : rest.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        int number = port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : 0;
        if (!isHost(host) || host.indexOf(':') >= 0 != bracketed || number < 1 || number > 65535) {
            throw new IllegalArgumentException(
                    "the destination " + Shown.value(header) + " (expected: HOST:PORT)");
        }
        return new JumpDestination(host, number);
    }

    private static String cut(String text, String ends) {
        for (int i = 0; i < text.length(); i++) {
            if (ends.indexOf(text.charAt(i)) >= 0) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    private static boolean isHost(String host) {
        return !host.isEmpty()
                && host.length() <= MAX_HOST
                && host.chars()
                        .allMatch(c ->
                                (c >= 'a' && c <= 'z')
                                        || (c >= 'A' && c <= 'Z')
                                        || (c >= '0' && c <= '9')
                                        || "-_.:".indexOf(c) >= 0);
    }
}
