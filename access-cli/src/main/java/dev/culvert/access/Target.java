package dev.culvert.access;

import java.util.Locale;

/// The public name of a service: what `--hostname` says. Always TLS. Immutable.
///
/// @param path origin-form path and query
public record Target(HostPort address, String path) {
    public static final int HTTPS = 443;

    /// Reads a host name, `host:port`, or a URL whose port and path are used.
    public static Target parse(String text) throws Problem {
        return parse(text, "--hostname");
    }

    /// @param name of the argument, for messages
    public static Target parse(String text, String name) throws Problem {
        String rest = text.strip();
        int scheme = rest.indexOf("://");
        if (scheme >= 0) {
            switch (rest.substring(0, scheme).toLowerCase(Locale.ROOT)) {
                case "https", "http", "wss", "ws" -> rest = rest.substring(scheme + 3);
                default -> throw wrong(text, name);
            }
        }
        int fragment = rest.indexOf('#');
        rest = fragment >= 0 ? rest.substring(0, fragment) : rest;
        int slash = rest.indexOf('/');
        int query = rest.indexOf('?');
        int end = slash >= 0 && (query < 0 || slash < query) ? slash : query;
        String path = end < 0 ? "/" : rest.substring(end);
        HostPort address = HostPort.parse(end < 0 ? rest : rest.substring(0, end), HTTPS);
        if (address == null || address.port() == 0 || !isName(address.host())) {
            throw wrong(text, name);
        }
        String host = address.host().toLowerCase(Locale.ROOT);
        return new Target(
                new HostPort(host, address.port()), path.startsWith("/") ? path : "/" + path);
    }

    /// The address as a URL.
    public String uri() {
        return "https://" + hostHeader() + path;
    }

    /// Value of the `Host` header.
    public String hostHeader() {
        return address.port() == HTTPS ? address.bracketed() : address.toString();
    }

    /// Letters, digits and the marks of names and addresses; internationalised names are written
    /// in their ASCII form (`xn--`).
    static boolean isName(String host) {
        return !host.isEmpty()
                && host.length() <= 253
                && host.chars()
                        .allMatch(c ->
                                (c >= 'a' && c <= 'z')
                                        || (c >= 'A' && c <= 'Z')
                                        || (c >= '0' && c <= '9')
                                        || ".-_:%".indexOf(c) >= 0);
    }

    private static Problem wrong(String text, String name) {
        return Problem.usage(
                name + ": " + shorten(text) + " (expected: a host name or an https URL)",
                "for example "
                        + (name.startsWith("-") ? name + " " : "")
                        + "ssh.example.com or https://example.com:8443/path");
    }

    private static String shorten(String text) {
        // A URL may carry a password before the @.
        String shown = text.substring(text.lastIndexOf('@') + 1);
        return shown.length() > 80 ? shown.substring(0, 80) + "..." : shown;
    }
}
