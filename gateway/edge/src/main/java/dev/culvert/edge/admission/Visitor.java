package dev.culvert.edge.admission;

import dev.culvert.policy.Caller;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// What is known of a client connection before any request. Immutable.
///
/// @param text the address as it is shown and counted
/// @param certificate that the client proved to have in the handshake
/// @param unasked whether the handshake did not ask for a certificate, and another connection's might
/// @param country of the address, null when not known
public record Visitor(
        String text,
        InetAddress address,
        Caller.@Nullable ClientCertificate certificate,
        boolean unasked,
        @Nullable String country) {

    public static Visitor of(String text, InetAddress address) {
        return new Visitor(text, address, null, false, null);
    }
}
