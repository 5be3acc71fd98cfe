package dev.culvert.policy;

import java.net.InetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whoever asks, as far as it is known at a moment. Immutable.
///
/// @param identity null for someone who has not signed in
/// @param serviceToken name of the service token that was presented and is valid, else null
/// @param certificate of mutual TLS, verified, else null
/// @param address the user's
/// @param country ISO 3166-1 alpha-2, null when it is not known
/// @param now the moment of the decision
public record Caller(
        @Nullable Identity identity,
        @Nullable String serviceToken,
        @Nullable ClientCertificate certificate,
        InetAddress address,
        @Nullable String country,
        Instant now) {
    /// A client certificate that an authority of the edge's configuration has signed.
    ///
    /// @param commonName of the subject, empty when it has none
    /// @param fingerprint SHA-256 of the certificate, lower-case hexadecimal
    public record ClientCertificate(String commonName, String fingerprint) {}
}
