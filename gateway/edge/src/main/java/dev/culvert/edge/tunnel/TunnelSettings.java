package dev.culvert.edge.tunnel;

import dev.culvert.transport.http2.LinkLimits;
import dev.culvert.transport.quic.QuicLimits;
import java.time.Duration;

/// What registrations are checked against and answered with. Immutable.
///
/// @param location shown in connectors' logs
/// @param drainWithin how long streams of an unregistered connection may go on
/// @param registerWithin from the accepted socket to the registration
/// @param limits of each connection over HTTP/2
/// @param quicLimits of each connection over QUIC
public record TunnelSettings(
        String accountTag,
        String location,
        Duration drainWithin,
        Duration registerWithin,
        LinkLimits limits,
        QuicLimits quicLimits) {
    /// Feature of connectors that return connection-level credit on receipt.
    static final String STREAM_WINDOWS = "culvert_stream_windows";

    private static final Duration REGISTER_WITHIN = Duration.ofSeconds(15);

    public TunnelSettings(String accountTag, String location, Duration drainWithin) {
        this(
                accountTag,
                location,
                drainWithin,
                REGISTER_WITHIN,
                LinkLimits.TUNNEL,
                QuicLimits.TUNNEL);
    }
}
