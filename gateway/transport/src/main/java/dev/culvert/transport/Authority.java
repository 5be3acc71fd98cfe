package dev.culvert.transport;

import dev.culvert.protocols.ProtocolException;

/// `HOST[:PORT]` as a client sends it. Routes are matched by the host alone while an origin sees the
/// whole, so what stands behind the colon must be a port and nothing else. Stateless.
public final class Authority {
    private Authority() {}

    /// @param field for the message: `Host`
    /// @throws ProtocolException for anything but a host, a colon and up to five digits
    public static void check(String field, String authority) throws ProtocolException {
        int colon = authority.lastIndexOf(':');
        int end = colon > authority.lastIndexOf(']') ? colon : authority.length();
        boolean fine = end == authority.length() || authority.length() - end <= 6;
        for (int i = 0; i < authority.length() && fine; i++) {
            char c = authority.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            fine =
                    digit
                            || i == end
                            || (i < end
                                    && ((c >= 'a' && c <= 'z')
                                            || (c >= 'A' && c <= 'Z')
                                            || "-._~:[]%!$&'()*+,;=".indexOf(c) >= 0));
        }
        if (!fine) {
            throw ProtocolException.of(field, ProtocolException.quote(authority), "HOST[:PORT]");
        }
    }
}
