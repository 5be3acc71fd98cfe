package dev.culvert.transport;

import dev.culvert.protocols.ProtocolException;

/// What a public request may name as its host: a name of letters, digits, `-`, `_` and `.`, or an
/// address in brackets, and a port of digits. Stateless.
///
/// Stricter than RFC 3986: user names, percent signs and delimiters have no use in a name that is
/// published, and an origin may read a name out of them other than the one that was let in.
public final class Authority {
    private static final int MAX_PORT_DIGITS = 5;

    private Authority() {}

    /// @param field for the message: `Host` or `:authority`
    /// @throws ProtocolException for anything else; empty is fine
    public static void check(String field, String authority) throws ProtocolException {
        int end = authority.startsWith("[") ? literal(authority) : name(authority);
        boolean port =
                end == authority.length()
                        || (end >= 0
                                && authority.charAt(end) == ':'
                                && authority.length() - end - 1 <= MAX_PORT_DIGITS
                                && authority
                                        .substring(end + 1)
                                        .chars()
                                        .allMatch(c -> c >= '0' && c <= '9'));
        if (!port) {
            throw ProtocolException.of(field, ProtocolException.quote(authority), "HOST[:PORT]");
        }
    }

    private static int name(String authority) {
        int i = 0;
        while (i < authority.length()
                && (isHex(authority.charAt(i)) || isOtherOfName(authority.charAt(i)))) {
            i++;
        }
        return i;
    }

    /// Where a bracketed address ends, or -1.
    private static int literal(String authority) {
        int i = 1;
        while (i < authority.length()
                && (isHex(authority.charAt(i)) || ":.".indexOf(authority.charAt(i)) >= 0)) {
            i++;
        }
        return i < authority.length() && authority.charAt(i) == ']' ? i + 1 : -1;
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private static boolean isOtherOfName(char c) {
        return (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z') || "-_.".indexOf(c) >= 0;
    }
}
