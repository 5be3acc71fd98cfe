package dev.culvert.connector.link;

import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.transport.quic.QuicDialer;
import dev.culvert.transport.quic.QuicLimits;
import dev.culvert.transport.tls.RememberingTrust;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.ssl.SslContext;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the connections need. Immutable.
///
/// @param edges where each attempt goes
/// @param tls trusts the edge; the name verified is [#SERVER_NAME]
/// @param connections number of connections, indexes 0 to `connections` - 1
/// @param connectorId made anew at each start
/// @param gracePeriod how long streams may go on after SIGTERM
/// @param registerWithin from the first SYN to the edge's answer to the registration
/// @param protocol which protocol connections use
/// @param quicSettings for QUIC; null when it is never used
/// @param silentAfter without anything on its streams a connection whose edge sends probes is replaced
public record LinkSettings(
        EdgeSource edges,
        SslContext tls,
        TunnelCredentials credentials,
        int connections,
        UUID connectorId,
        String version,
        Duration gracePeriod,
        Duration registerWithin,
        Duration silentAfter,
        ProtocolChoice protocol,
        @Nullable Quic quicSettings) {
    /// The name an edge's certificate must be valid for, over HTTP/2.
    public static final String SERVER_NAME = "h2.cftunnel.com";

    /// The same over QUIC.
    public static final String QUIC_SERVER_NAME = "quic.cftunnel.com";

    private static final Duration REGISTER_WITHIN = Duration.ofSeconds(15);

    /// Two probes and some seconds.
    static final Duration SILENT_AFTER = Duration.ofSeconds(11);

    /// Says to our edge that our receive window is per stream, so it need not hold uploads back.
    public static final String FEATURE = "culvert_stream_windows";

    /// What QUIC needs.
    ///
    /// @param tls trusts the edge; the name verified is [#QUIC_SERVER_NAME]
    /// @param trust what `tls` verifies with, for the reason when it refuses
    /// @param handshakeWithin when it is over nothing has come back: UDP does not come through
    public record Quic(
            QuicSslContext tls,
            QuicLimits limits,
            RememberingTrust trust,
            Duration handshakeWithin) {
        /// Verifies edges against these roots.
        ///
        /// @param postQuantumOnly offer no group but X25519MLKEM768
        public static Quic of(List<X509Certificate> roots, boolean postQuantumOnly) {
            RememberingTrust trust = new RememberingTrust(roots);
            return new Quic(
                    TlsContexts.quicClient(trust, postQuantumOnly),
                    QuicLimits.TUNNEL,
                    trust,
                    QuicDialer.HANDSHAKE_WITHIN);
        }
    }

    /// What QUIC needs, when it is used.
    Quic quic() {
        Quic known = quicSettings;
        if (known == null) {
            throw new IllegalStateException("QUIC is not set up");
        }
        return known;
    }

    public LinkSettings(
            EdgeSource edges,
            SslContext tls,
            TunnelCredentials credentials,
            int connections,
            UUID connectorId,
            String version,
            Duration gracePeriod,
            ProtocolChoice protocol,
            @Nullable Quic quicSettings) {
        this(
                edges,
                tls,
                credentials,
                connections,
                connectorId,
                version,
                gracePeriod,
                REGISTER_WITHIN,
                SILENT_AFTER,
                protocol,
                quicSettings);
    }
}
