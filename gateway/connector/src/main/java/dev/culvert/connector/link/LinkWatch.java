package dev.culvert.connector.link;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Notices that nothing passes through the streams of a connection any more, and when something does again:
/// once the edge has sent a probe it sends them regularly, so silence on all streams means that the connection
/// is dead, or its line gone for a while, whatever else it answers. An edge that never sends one is not held to it.
///
/// Confined to its event loop. Counts its own checks, not the clock: a process that stood still for a
/// minute does not conclude that the edge did.
final class LinkWatch {
    private static final int CHECKS = 11;

    /// Each is told when it begins.
    interface Events {
        void silent();

        void heardAgain();
    }

    private final EventLoop loop;
    private final Duration silentAfter;
    private final LongSupplier heard;
    private final Events events;
    private @Nullable Future<?> checks;
    private long lastHeard;
    private int without;

    /// @param silentAfter without anything heard; two probes should fit
    /// @param heard grows with all that comes in on streams
    LinkWatch(EventLoop loop, Duration silentAfter, LongSupplier heard, Events events) {
        this.loop = loop;
        this.silentAfter = silentAfter;
        this.heard = heard;
        this.events = events;
    }

    /// A probe came: there will be more.
    void probed() {
        if (checks == null) {
            long period = Math.max(1, silentAfter.toMillis() / CHECKS);
            checks =
                    loop.scheduleWithFixedDelay(this::check, period, period, TimeUnit.MILLISECONDS);
        }
    }

    private void check() {
        long now = heard.getAsLong();
        if (now != lastHeard) {
            lastHeard = now;
            boolean wasSilent = without >= CHECKS;
            without = 0;
            if (wasSilent) {
                events.heardAgain();
            }
        } else if (++without == CHECKS) {
            events.silent();
        }
    }

    /// For good.
    void stop() {
        if (checks != null) {
            checks.cancel(false);
        }
    }
}
