package dev.culvert.connector.link;

import dev.culvert.protocols.credentials.TunnelCredentials;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.UUID;

/// What the connections need. Immutable.
///
/// @param edges where each attempt goes
/// @param tls trusts the edge; the name verified is [#SERVER_NAME]
/// @param connections number of connections, indexes 0 to `connections` - 1
/// @param connectorId made anew at each start
/// @param gracePeriod how long streams may go on after SIGTERM
/// @param registerWithin from the first SYN to the edge's answer to the registration
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
        Duration silentAfter) {
    /// The name an edge's certificate must be valid for, over HTTP/2.
    public static final String SERVER_NAME = "h2.cftunnel.com";

    private static final Duration REGISTER_WITHIN = Duration.ofSeconds(15);

    /// Two probes and some seconds.
    static final Duration SILENT_AFTER = Duration.ofSeconds(22);

    /// Says to our edge that our receive window is per stream, so it need not hold uploads back.
    public static final String FEATURE = "culvert_stream_windows";

    public LinkSettings(
            EdgeSource edges,
            SslContext tls,
            TunnelCredentials credentials,
            int connections,
            UUID connectorId,
            String version,
            Duration gracePeriod) {
        this(
                edges,
                tls,
                credentials,
                connections,
                connectorId,
                version,
                gracePeriod,
                REGISTER_WITHIN,
                SILENT_AFTER);
    }
}
