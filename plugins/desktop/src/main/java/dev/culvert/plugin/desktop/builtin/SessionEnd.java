package dev.culvert.plugin.desktop.builtin;

import dev.culvert.plugin.desktop.host.RdpHost;
import dev.culvert.plugin.edge.web.BrowserSocket;
import dev.culvert.protocols.websocket.CloseCode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How a session ends, whoever ends it: the host's stream is closed, the browser is told why, and given a moment to close
/// its WebSocket; then the thread that reads from it is interrupted. Also finds browsers that are gone.
///
/// Thread-safe.
final class SessionEnd {
    private static final Duration PING = Duration.ofSeconds(25);

    /// To write a close frame behind what is being written. The browser may read nothing any more.
    private static final Duration TELLING = Duration.ofMillis(700);

    private static final Duration LEAVING = Duration.ofSeconds(1);

    private final BrowserSocket socket;
    private final Thread reader = Thread.currentThread();
    private final CountDownLatch finished = new CountDownLatch(1);

    // Guarded by this.
    private boolean begun;
    private @Nullable RdpHost host;
    private @Nullable Thread pump;

    /// @param socket read by the thread that calls this
    SessionEnd(BrowserSocket socket) {
        this.socket = socket;
    }

    synchronized boolean begun() {
        return begun;
    }

    /// Ends it, for a reason for people, unless it ends already. Quick.
    ///
    /// @param code of the close frame
    void begin(int code, String reason) {
        synchronized (this) {
            if (begun) {
                return;
            }
            begun = true;
        }
        Thread.ofVirtual().name("rdp-end").start(() -> end(code, reason));
    }

    private void end(int code, String reason) {
        closeHost();
        Thread telling = Thread.ofVirtual().name("rdp-goodbye").start(() -> tell(code, reason));
        try {
            boolean told = telling.join(TELLING);
            if (told && finished.await(LEAVING.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            // Nobody does; then without waiting.
        }
        interrupt();
    }

    private void tell(int code, String reason) {
        try {
            socket.close(code, reason);
        } catch (IOException e) {
            // The browser is gone.
        }
    }

    private synchronized void interrupt() {
        if (pump != null) {
            pump.interrupt();
        }
        if (finished.getCount() > 0) {
            reader.interrupt();
        }
    }

    /// Closed at the end, or at once if that was.
    void closes(RdpHost opened) {
        synchronized (this) {
            host = opened;
            if (!begun) {
                return;
            }
        }
        opened.close();
    }

    /// Interrupted at the end.
    synchronized void closes(Thread started) {
        pump = started;
    }

    private void closeHost() {
        RdpHost open;
        synchronized (this) {
            open = host;
        }
        if (open != null) {
            open.close();
        }
    }

    /// Pings the browser until the end: nobody else says anything while nothing moves on the screen.
    void watch() {
        Thread.ofVirtual()
                .name("rdp-ping")
                .start(() -> {
                    try {
                        while (!finished.await(PING.toNanos(), TimeUnit.NANOSECONDS)) {
                            if (socket.isSilent()) {
                                begin(CloseCode.INTERNAL_ERROR, "The browser did not answer.");
                            } else {
                                socket.ping();
                            }
                        }
                    } catch (IOException | InterruptedException e) {
                        begin(CloseCode.INTERNAL_ERROR, "The browser is gone.");
                    }
                });
    }

    /// The browser's side has ended. Called by the thread that read from it, which waits for the other direction.
    void finish() {
        synchronized (this) {
            begun = true;
            finished.countDown();
            // Too late to mean anything.
            boolean _ = Thread.interrupted();
        }
        closeHost();
        Thread other;
        synchronized (this) {
            other = pump;
        }
        if (other != null) {
            other.interrupt();
            try {
                other.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
