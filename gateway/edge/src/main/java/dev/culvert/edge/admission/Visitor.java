package dev.culvert.edge.admission;

import dev.culvert.policy.Caller;
import dev.culvert.policy.Identity;
import java.net.InetAddress;
import java.time.Instant;
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

    /// Whoever asks from here.
    ///
    /// @param identity null for somebody who has not signed in
    /// @param serviceToken name of the one that was shown and counts, else null
    public Caller caller(@Nullable Identity identity, @Nullable String serviceToken, Instant now) {
        return new Caller(identity, serviceToken, certificate, address, country, now);
    }

    public static Visitor of(String text, InetAddress address) {
        return new Visitor(text, address, null, false, null);
    }
}
