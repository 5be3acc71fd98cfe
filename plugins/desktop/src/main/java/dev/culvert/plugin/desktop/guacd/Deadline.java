package dev.culvert.plugin.desktop.guacd;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// A time by which something with a socket has to be done, or the socket is closed. Timeouts of sockets do not do that: they
/// begin anew with each byte (TLS reads many for one of its records), and do not hold for writing.
///
/// Thread-safe.
final class Deadline implements AutoCloseable {
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private final CountDownLatch closed = new CountDownLatch(1);

    private enum State {
        OPEN,
        MET,
        MISSED
    }

    private Deadline() {}

    /// From now on.
    ///
    /// @param cut what is closed then
    static Deadline of(Duration time, Closeable cut) {
        Deadline deadline = new Deadline();
        Thread.ofVirtual().name("guacd-deadline").start(() -> deadline.watch(time, cut));
        return deadline;
    }

    private void watch(Duration time, Closeable cut) {
        try {
            boolean isMet = closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
            if (!isMet && state.compareAndSet(State.OPEN, State.MISSED)) {
                cut.close();
            }
        } catch (IOException e) {
            // A socket is closed all the same.
        } catch (InterruptedException e) {
            throw new AssertionError("nobody has this thread", e);
        }
    }

    /// Whether it is why the socket was closed.
    boolean isMissed() {
        return state.get() == State.MISSED;
    }

    /// It is done, in time or not.
    @Override
    public void close() {
        state.compareAndSet(State.OPEN, State.MET);
        closed.countDown();
    }
}
