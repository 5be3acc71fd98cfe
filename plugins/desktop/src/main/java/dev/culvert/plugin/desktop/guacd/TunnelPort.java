package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.edge.RefusedException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// guacd's way to one host, once: a port that takes one connection, from guacd, within 5 s, and is closed then. Its bytes
/// go into a stream of the tunnel and back; who does not read stops who writes.
///
/// Thread-safe.
final class TunnelPort implements Closeable {
    static final Duration WAIT = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(TunnelPort.class);
    private static final int PIECE = 16 * 1024;

    /// Strangers who come before guacd does are sent away, so many of them.
    private static final int STRANGERS = 16;

    private static final Callers NOBODY =
            new Callers(Set.of(), OptionalLong.empty(), SocketOwners.LINUX);

    private final String id;
    private final HostWay way;
    private final ServerSocket listener;
    private final Thread serving;
    private final Object state = new Object();
    private volatile Callers callers = NOBODY;
    private boolean closed;
    private @Nullable Socket guacd;
    private @Nullable Closeable host;
    private volatile @Nullable RefusedException failure;
    private volatile boolean heard;

    private TunnelPort(String id, HostWay way, ServerSocket listener) {
        this.id = id;
        this.way = way;
        this.listener = listener;
        serving = Thread.ofVirtual().name("guacd-port").unstarted(this::serve);
    }

    /// @param id of the session, for the log
    /// @param way to the host
    /// @param at this edge's address that guacd connects to
    static TunnelPort open(String id, HostWay way, InetAddress at) throws IOException {
        ServerSocket listener = new ServerSocket();
        try {
            listener.bind(new InetSocketAddress(at, 0), STRANGERS);
        } catch (IOException e) {
            listener.close();
            throw new RefusedException(
                    "guacd_refused",
                    "No port can be opened at "
                            + at.getHostAddress()
                            + " for guacd: "
                            + e.getMessage()
                            + ".",
                    "Let guacd.reach be an address of this edge.");
        }
        return new TunnelPort(id, way, listener);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /// From now on it waits for one of these. Once.
    void await(Callers who) {
        callers = who;
        serving.start();
    }

    /// Why there is no way to the host; null as long as there is one.
    @Nullable RefusedException failure() {
        return failure;
    }

    /// Whether the host has said something.
    boolean isHeard() {
        return heard;
    }

    private void serve() {
        try {
            HostWay.Joined joined = way.join(accept());
            if (take(joined.host())) {
                Thread back =
                        Thread.ofVirtual()
                                .name("guacd-from-host")
                                .start(() -> copy(joined.fromHost(), joined.toGuacd(), true));
                copy(joined.fromGuacd(), joined.toHost(), false);
                back.join();
            }
        } catch (RefusedException e) {
            failure = e;
        } catch (IOException e) {
            log.debug("port for guacd ended id={} reason={}", id, e.getMessage());
        } catch (InterruptedException e) {
            // By close().
        } finally {
            close();
        }
    }

    private Socket accept() throws IOException {
        long end = System.nanoTime() + WAIT.toNanos();
        String refusal = null;
        try (listener) {
            for (int strangers = 0; strangers < STRANGERS; strangers++) {
                long millis = (end - System.nanoTime()) / 1_000_000;
                listener.setSoTimeout(Math.toIntExact(Math.max(1, millis)));
                Socket socket = listener.accept();
                remember(socket);
                refusal = callers.refusal(socket);
                if (refusal == null) {
                    socket.setTcpNoDelay(true);
                    return socket;
                }
                log.atLevel(strangers == 0 ? Level.WARN : Level.DEBUG)
                        .log("refused a stranger at guacd's port id={} reason={}", id, refusal);
                socket.close();
            }
        } catch (SocketTimeoutException e) {
            log.debug("guacd did not come to its port id={}", id);
        }
        throw absent(refusal);
    }

    /// @param refusal of the last stranger; null when nobody came
    private RefusedException absent(@Nullable String refusal) {
        String reach = address().getAddress().getHostAddress();
        return new RefusedException(
                "guacd_refused",
                "guacd did not come for the way to the host within "
                        + WAIT.toSeconds()
                        + " s"
                        + (refusal == null ? "." : "; who came was refused: " + refusal + "."),
                "Check that guacd reaches "
                        + reach
                        + " (guacd.reach), and is itself what listens at guacd.address.");
    }

    private void remember(Socket socket) throws IOException {
        synchronized (state) {
            guacd = socket;
            if (closed) {
                socket.close();
            }
        }
    }

    private boolean take(Closeable joined) throws IOException {
        synchronized (state) {
            host = joined;
            if (closed) {
                joined.close();
            }
            return !closed;
        }
    }

    private void copy(InputStream from, OutputStream to, boolean isHost) {
        try {
            byte[] bytes = new byte[PIECE];
            for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
                heard |= isHost;
                to.write(bytes, 0, count);
            }
            to.close();
        } catch (IOException e) {
            close();
        }
    }

    /// Cuts both sides. Idempotent; does not wait.
    @Override
    public void close() {
        synchronized (state) {
            closed = true;
            if (Thread.currentThread() != serving) {
                serving.interrupt();
            }
            try (Closeable _ = listener;
                    Closeable _ = guacd;
                    Closeable _ = host) {
                log.debug("closes guacd's port id={}", id);
            } catch (IOException e) {
                log.debug("guacd's port id={} reason={}", id, e.getMessage());
            }
        }
    }
}
