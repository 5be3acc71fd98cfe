package dev.culvert.plugin.rdp;

import dev.culvert.protocols.rdp.SecurityProtocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a connection may be protected by: `rdpSecurity` of its rule. Immutable.
///
/// @param protocols bits of [SecurityProtocol]; 0 for anything
record RdpSecurity(int protocols) {
    static final RdpSecurity ANY = new RdpSecurity(0);

    private static final int CREDSSP =
            SecurityProtocol.PROTOCOL_HYBRID | SecurityProtocol.PROTOCOL_HYBRID_EX;

    /// @param words `tls`, `credssp`
    static RdpSecurity of(List<String> words) {
        int protocols = 0;
        for (String word : words) {
            protocols |= word.equals("tls") ? SecurityProtocol.PROTOCOL_SSL : CREDSSP;
        }
        return new RdpSecurity(protocols);
    }

    /// @param asked bits, -1 for a client that does not negotiate
    /// @return why the client is refused, null when it is not
    @Nullable String client(int asked) {
        return isGood(asked) ? null : "the client asks for " + words(asked);
    }

    /// @param chosen one bit, or 0
    /// @return why the origin is refused, null when it is not
    @Nullable String origin(int chosen) {
        return isGood(chosen) ? null : "the origin chose " + words(chosen);
    }

    private boolean isGood(int given) {
        return protocols == 0 || given != -1 && (given & protocols) != 0;
    }

    private String words(int given) {
        return SecurityProtocol.names(given)
                + ", this service takes "
                + SecurityProtocol.names(protocols)
                + " (rdpSecurity)";
    }
}
