package dev.culvert.plugin.desktop.host;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.TunnelStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A stream to a host that has so long to answer: then it is cut, whoever reads or writes, unless it was
/// [kept][#keep]. Thread-safe. Blocking.
public final class HostStream implements Closeable {
    private final Admitted admitted;
    private final TunnelStream stream;
    private final Thread watch;

    // Guarded by this.
    private boolean kept;
    private boolean late;

    private HostStream(Admitted admitted, TunnelStream stream, long deadline) {
        this.admitted = admitted;
        this.stream = stream;
        this.watch = Thread.ofVirtual().name("host-deadline").start(() -> cutAt(deadline));
    }

    /// @param within to be opened and to answer
    /// @throws RefusedException `host_refused`, `host_timed_out`, `host_unreachable`, or what the edge says about the
    ///     user
    public static HostStream open(Admitted admitted, Duration within)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        CompletableFuture<TunnelStream> opened = new CompletableFuture<>();
        Thread opener = Thread.ofVirtual().name("host-opener").start(() -> open(admitted, opened));
        try {
            return new HostStream(
                    admitted, opened.get(within.toNanos(), TimeUnit.NANOSECONDS), deadline);
        } catch (TimeoutException e) {
            throw HostFailure.timedOut(admitted.host());
        } catch (ExecutionException e) {
            throw HostFailure.of(admitted.host(), e.getCause());
        } finally {
            // Nobody waits any more: what is opened all the same is closed.
            if (opened.completeExceptionally(new EOFException())) {
                opener.interrupt();
            }
        }
    }

    private static void open(Admitted admitted, CompletableFuture<TunnelStream> opened) {
        try {
            TunnelStream stream = admitted.open();
            if (!opened.complete(stream)) {
                stream.close();
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            opened.completeExceptionally(e);
        }
    }

    private void cutAt(long deadline) {
        try {
            TimeUnit.NANOSECONDS.sleep(deadline - System.nanoTime());
        } catch (InterruptedException e) {
            return;
        }
        synchronized (this) {
            if (kept) {
                return;
            }
            late = true;
        }
        stream.close();
    }

    public TunnelStream stream() {
        return stream;
    }

    /// It has answered: nothing cuts it any more.
    ///
    /// @throws RefusedException when it is cut already
    public void keep() throws RefusedException {
        synchronized (this) {
            kept = true;
            if (late) {
                throw HostFailure.silent(admitted.host());
            }
        }
        watch.interrupt();
    }

    /// Why reading or writing failed.
    ///
    /// @return null when it was not because of the time
    @Nullable RefusedException late() {
        synchronized (this) {
            return late ? HostFailure.silent(admitted.host()) : null;
        }
    }

    /// Idempotent.
    @Override
    public void close() {
        watch.interrupt();
        stream.close();
    }
}
