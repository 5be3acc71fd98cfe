package dev.culvert.transport.http2;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.concurrent.TimeUnit;

/// Frames of a stranger that carry nothing and cost us a turn each, counted in windows of ten seconds.
/// Beyond the limit the connection is cut (RFC 9113, section 10.5). Resets, empty DATA and CONTINUATION
/// are counted by Netty.
///
/// Confined to its connection's event loop.
final class ControlFrames {
    /// One PING a round trip is what gRPC measures bandwidth with, also in a local network.
    static final int MAX_PINGS = 10_000;

    /// SETTINGS and PRIORITY.
    static final int MAX_OTHERS = 5_000;

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final boolean limited;
    private long windowBegan = System.nanoTime();
    private int pings;
    private int others;

    /// @param limited false for a peer that is known
    ControlFrames(boolean limited) {
        this.limited = limited;
    }

    void ping() throws Http2Exception {
        turnWindow();
        pings++;
        check(pings, MAX_PINGS);
    }

    void other() throws Http2Exception {
        turnWindow();
        others++;
        check(others, MAX_OTHERS);
    }

    private void turnWindow() {
        long now = System.nanoTime();
        if (now - windowBegan > WINDOW_NANOS) {
            windowBegan = now;
            pings = 0;
            others = 0;
        }
    }

    private void check(int count, int max) throws Http2Exception {
        if (limited && count > max) {
            throw new Http2Exception(
                    Http2Error.ENHANCE_YOUR_CALM,
                    "too many frames that carry nothing",
                    Http2Exception.ShutdownHint.HARD_SHUTDOWN);
        }
    }
}
