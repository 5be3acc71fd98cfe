package dev.culvert.edge.front;

import dev.culvert.transport.http1.Http1Limits;
import dev.culvert.transport.http2.LinkLimits;
import java.time.Duration;

/// What one client may ask of the public side; `limits` in the configuration. Immutable.
///
/// @param uriBytes an address, beyond it 414
/// @param headerBytes all header fields together, beyond it 431
/// @param headerCount header fields, beyond it 431
/// @param headTimeout from the first byte of an HTTP/1.1 request to the end of its header, beyond it 408
/// @param idleTimeout a connection without a request
/// @param stallTimeout a body with a declared length that does not come, or an answer that is not taken;
///     zero for never
/// @param connectionStreams streams of one HTTP/2 connection
/// @param clientConnections connections of one client address
/// @param clientStreams streams of one client address, beyond it 429
public record PublicLimits(
        int uriBytes,
        int headerBytes,
        int headerCount,
        Duration headTimeout,
        Duration idleTimeout,
        Duration stallTimeout,
        int connectionStreams,
        int clientConnections,
        int clientStreams) {
    public static final PublicLimits DEFAULT =
            new PublicLimits(
                    16 * 1024,
                    64 * 1024,
                    256,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(75),
                    Duration.ofMinutes(2),
                    128,
                    5000,
                    10_000);

    Http1Limits http1() {
        return new Http1Limits(uriBytes, headerBytes, headerCount, idleTimeout, headTimeout);
    }

    LinkLimits http2() {
        return LinkLimits.PUBLIC.with(connectionStreams, headerBytes, idleTimeout);
    }
}
