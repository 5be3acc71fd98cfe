package dev.culvert.connector.config;

import dev.culvert.config.Shown;

/// An address as configured: name or literal without brackets, and port. Immutable.
public record HostPort(String host, int port) {

    /// @throws IllegalArgumentException with a message for the user
    static HostPort parse(String text, int minPort) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        String port = text.substring(colon + 1);
        boolean digits =
                !port.isEmpty()
                        && port.length() <= 5
                        && port.chars().allMatch(c -> c >= '0' && c <= '9');
        int number = digits ? Integer.parseInt(port) : -1;
        boolean visible = host.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '/');
        if (colon < 0
                || number < minPort
                || number > 65535
                || !visible
                || host.indexOf(':') >= 0 != bracketed) {
            throw new IllegalArgumentException(
                    Shown.value(text) + " (expected: HOST:PORT, such as edge.example.com:7844)");
        }
        return new HostPort(host, number);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
