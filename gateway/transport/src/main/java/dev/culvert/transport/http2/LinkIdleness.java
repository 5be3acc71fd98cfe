package dev.culvert.transport.http2;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Ends a connection that has carried no stream for a while, one whose first header block never ends
/// among them.
///
/// Confined to its connection's event loop.
final class LinkIdleness {
    private final IntSupplier streams;
    private final Runnable idle;
    private final @Nullable Future<?> checks;
    private int opened;
    private int openedBefore = -1;

    /// @param time between one and two of it pass until `idle`; zero for never
    /// @param streams open now
    LinkIdleness(EventLoop loop, Duration time, IntSupplier streams, Runnable idle) {
        this.streams = streams;
        this.idle = idle;
        long period = time.toMillis();
        this.checks =
                period == 0
                        ? null
                        : loop.scheduleAtFixedRate(
                                this::check, period, period, TimeUnit.MILLISECONDS);
    }

    void streamOpened() {
        opened++;
    }

    void stop() {
        if (checks != null) {
            checks.cancel(false);
        }
    }

    private void check() {
        if (streams.getAsInt() == 0 && opened == openedBefore) {
            idle.run();
        }
        openedBefore = streams.getAsInt() == 0 ? opened : -1;
    }
}
