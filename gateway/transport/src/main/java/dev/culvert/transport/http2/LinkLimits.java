package dev.culvert.transport.http2;

import java.time.Duration;

/// Windows and limits of one HTTP/2 connection. Immutable.
///
/// @param streamWindowBytes receive window of a stream: the most it can make us hold; grows with the delay
/// @param largestWindowBytes what that may grow to, see [WindowGrowth]
/// @param connectionWindowBytes receive window of the connection; refilled on receipt, grows likewise
/// @param maxStreams concurrent streams the peer may open (server role)
/// @param maxHeaderListBytes decoded size of a header block
/// @param unacknowledgedBytes most bytes one stream sends beyond what the peer has read, 0 for no
///     limit but the peer's window. cloudflared's connection window is as large as one stream's, so
///     without this a single unread upload stops all others.
/// @param pingAfter a PING is sent when nothing was read for so long
/// @param deadAfter the connection is closed when the PING is not answered within this time
/// @param idleAfter the connection is ended when it carried no stream for so long, zero for never
public record LinkLimits(
        int streamWindowBytes,
        int largestWindowBytes,
        int connectionWindowBytes,
        long maxStreams,
        int maxHeaderListBytes,
        int unacknowledgedBytes,
        Duration pingAfter,
        Duration deadAfter,
        Duration idleAfter) {
    private static final int MIB = 1024 * 1024;

    /// Survives an outage of 20 seconds, after which TCP may wait as long again before it tries once more.
    public static final LinkLimits TUNNEL =
            new LinkLimits(
                    MIB,
                    16 * MIB,
                    4 * MIB,
                    10_000,
                    256 * 1024,
                    256 * 1024,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(35));

    public static final LinkLimits PUBLIC =
            new LinkLimits(
                    256 * 1024,
                    4 * MIB,
                    MIB,
                    128,
                    64 * 1024,
                    0,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(75));

    /// For a connection that is kept, however idle.
    public LinkLimits(
            int streamWindowBytes,
            int largestWindowBytes,
            int connectionWindowBytes,
            long maxStreams,
            int maxHeaderListBytes,
            int unacknowledgedBytes,
            Duration pingAfter,
            Duration deadAfter) {
        this(
                streamWindowBytes,
                largestWindowBytes,
                connectionWindowBytes,
                maxStreams,
                maxHeaderListBytes,
                unacknowledgedBytes,
                pingAfter,
                deadAfter,
                Duration.ZERO);
    }

    /// Towards an HTTP/2 origin. No PING: a gRPC server takes more than one in five minutes for an attack
    /// and closes; TCP keep-alive finds a dead one. So no growth either, which is measured by PINGs.
    public static final LinkLimits ORIGIN =
            new LinkLimits(
                    512 * 1024,
                    512 * 1024,
                    4 * MIB,
                    0,
                    128 * 1024,
                    0,
                    Duration.ZERO,
                    Duration.ZERO);

    /// For measuring what a fixed window bounds.
    public LinkLimits withoutGrowth() {
        return new LinkLimits(
                streamWindowBytes,
                streamWindowBytes,
                connectionWindowBytes,
                maxStreams,
                maxHeaderListBytes,
                unacknowledgedBytes,
                pingAfter,
                deadAfter,
                idleAfter);
    }

    /// The window of a stream is refilled when it has fallen to this part of its size: each 128 KiB at
    /// the latest, so that a peer which keeps to `unacknowledgedBytes` never waits for a refill that
    /// waits for it.
    float refillRatio() {
        return Math.max(0.5f, 1f - 128f * 1024 / streamWindowBytes);
    }

    /// For a peer whose connection window is refilled on receipt, such as our own.
    public LinkLimits withoutUnacknowledgedLimit() {
        return new LinkLimits(
                streamWindowBytes,
                largestWindowBytes,
                connectionWindowBytes,
                maxStreams,
                maxHeaderListBytes,
                0,
                pingAfter,
                deadAfter,
                idleAfter);
    }

    /// With what an operator may choose for the public side.
    public LinkLimits with(long streams, int headerListBytes, Duration idle) {
        return new LinkLimits(
                streamWindowBytes,
                largestWindowBytes,
                connectionWindowBytes,
                streams,
                headerListBytes,
                unacknowledgedBytes,
                pingAfter,
                deadAfter,
                idle);
    }
}
