package dev.culvert.edge.state;

import dev.culvert.edge.state.StateException.Code;
import dev.culvert.protocols.stream.LivenessProbe;
import java.net.IDN;
import java.util.Locale;
import java.util.Set;

/// A host name a route or certificate may carry: lower case, punycode, without port and final dot,
/// optionally a wildcard for everything below a suffix (`*.example.com`). Immutable.
///
/// Limits of RFC 1035: labels of 1 to 63 bytes, 253 in all. Labels are letters, digits and inner
/// hyphens.
///
/// @param text the normal form, with `*.` for a wildcard
public record Hostname(String text) {
    private static final int MAX_LENGTH = 253;
    private static final int MAX_LABEL = 63;

    /// Connectors answer these themselves; cloudflared trusts the edge to have checked who asks. So
    /// nothing from outside may reach a connector under such a name.
    private static final Set<String> RESERVED =
            Set.of(
                    "management.argotunnel.com",
                    "management.fed.argotunnel.com",
                    LivenessProbe.HOST);

    /// Whether a host, in normal form, must never be forwarded to a connector.
    public static boolean isReserved(String host) {
        return RESERVED.contains(host);
    }

    public boolean isWildcard() {
        return text.startsWith("*.");
    }

    /// The name without `*.`.
    public String suffix() {
        return isWildcard() ? text.substring(2) : text;
    }

    /// Reads what a person wrote.
    public static Hostname parse(String written) throws StateException {
        String host = written.strip();
        if (host.isEmpty()) {
            throw bad(written, "is empty", "give one such as app.example.com");
        }
        if (host.contains("://")) {
            throw bad(written, "is a URL", "leave out the scheme and the path");
        }
        if (isAddress(host)) {
            throw bad(
                    written,
                    "is an address",
                    "give a host name; routes for addresses and networks come later");
        }
        if (host.indexOf('/') >= 0) {
            throw bad(written, "has a path", "leave the path out; paths belong in ingress rules");
        }
        if (host.indexOf(':') >= 0) {
            throw bad(written, "has a port", "leave the port out; routes hold for every port");
        }
        boolean wildcard = host.startsWith("*.");
        String name = wildcard ? host.substring(2) : host;
        if (name.indexOf('*') >= 0) {
            throw bad(
                    written,
                    "has a wildcard elsewhere than as the first label",
                    "write it as *.example.com");
        }
        String ascii = ascii(written, name);
        if (ascii.length() + (wildcard ? 2 : 0) > MAX_LENGTH) {
            throw bad(written, "is longer than 253 characters", "shorten it");
        }
        checkLabels(written, ascii);
        if (isReserved(ascii) || (wildcard && coversReserved(ascii))) {
            throw bad(
                    written,
                    "covers a name that connectors answer themselves",
                    "use a name of your own domain");
        }
        return new Hostname(wildcard ? "*." + ascii : ascii);
    }

    private static String ascii(String written, String name) throws StateException {
        if (name.length() > MAX_LENGTH + 1) {
            throw bad(written, "is longer than 253 characters", "shorten it");
        }
        try {
            String ascii = IDN.toASCII(name).toLowerCase(Locale.ROOT);
            return ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        } catch (IllegalArgumentException e) {
            throw bad(
                    written,
                    "is not a host name",
                    "use labels of 1 to 63 letters, digits and hyphens");
        }
    }

    private static void checkLabels(String written, String ascii) throws StateException {
        String[] labels = ascii.split("\\.", -1);
        for (String label : labels) {
            boolean plain =
                    label.chars()
                            .allMatch(c ->
                                    (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
            if (label.isEmpty()
                    || label.length() > MAX_LABEL
                    || !plain
                    || label.startsWith("-")
                    || label.endsWith("-")) {
                throw bad(
                        written,
                        "has the label " + StateException.quoted(label),
                        "use labels of 1 to 63 letters, digits and inner hyphens");
            }
        }
        if (labels[labels.length - 1].chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw bad(
                    written,
                    "ends in a number",
                    "give a host name; routes for addresses and networks come later");
        }
    }

    private static boolean coversReserved(String suffix) {
        return RESERVED.stream().anyMatch(name -> name.endsWith("." + suffix));
    }

    /// IPv4, IPv6 or either with a prefix length; good enough to choose the message.
    private static boolean isAddress(String host) {
        int slash = host.indexOf('/');
        String address = slash < 0 ? host : host.substring(0, slash);
        boolean four = address.indexOf('.') > 0 && only(address, "0123456789.");
        boolean six =
                address.startsWith("[")
                        || (address.indexOf(':') != address.lastIndexOf(':')
                                && only(address, "0123456789abcdefABCDEF:."));
        return four || six;
    }

    private static boolean only(String text, String allowed) {
        return text.chars().allMatch(c -> allowed.indexOf(c) >= 0);
    }

    private static StateException bad(String written, String problem, String next) {
        return new StateException(
                Code.INVALID,
                "hostname: "
                        + StateException.quoted(written)
                        + " "
                        + problem
                        + " (expected: a host name, or *.suffix)",
                next);
    }

    @Override
    public String toString() {
        return text;
    }
}
