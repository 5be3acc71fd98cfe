package dev.culvert.edge.plugins;

import dev.culvert.plugin.edge.Connection;
import dev.culvert.plugin.edge.EdgeHalf;
import dev.culvert.transport.LogThrottle;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A listener whose connections a plugin speaks with itself, each on a virtual thread: what comes here is
/// deciphered on threads that may block, so no event loop is in between.
///
/// Thread-safe.
final class PluginPort implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PluginPort.class);
    private static final LogThrottle FULL = new LogThrottle(20, Duration.ofSeconds(10));
    private static final int BACKLOG = 256;

    /// Connections at a time.
    private static final int MAX_CONNECTIONS = 2_000;

    private final String plugin;
    private final EdgeHalf half;
    private final ServerSocket listener;
    private final Set<Accepted> open = ConcurrentHashMap.newKeySet();

    private PluginPort(String plugin, EdgeHalf half, ServerSocket listener) {
        this.plugin = plugin;
        this.half = half;
        this.listener = listener;
    }

    /// @throws IOException when it cannot listen there; the message names the address
    static PluginPort listen(String plugin, EdgeHalf half, InetSocketAddress address)
            throws IOException {
        ServerSocket listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(address, BACKLOG);
        } catch (IOException e) {
            listener.close();
            throw new IOException(
                    "the "
                            + plugin
                            + " listener cannot use "
                            + address.getHostString()
                            + ":"
                            + address.getPort()
                            + ": "
                            + e.getMessage(),
                    e);
        }
        PluginPort port = new PluginPort(plugin, half, listener);
        Thread.ofVirtual().name(plugin + "-listener").start(port::accept);
        return port;
    }

    int port() {
        return listener.getLocalPort();
    }

    boolean isOf(EdgeHalf plugins) {
        return half.equals(plugins);
    }

    /// Takes no new connections. Idempotent.
    void stopAccepting() {
        try {
            listener.close();
        } catch (IOException e) {
            log.debug("A listener did not close plugin={}", plugin, e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                serve(listener.accept());
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    log.warn(
                            "A connection could not be accepted plugin={} reason=\"{}\"",
                            plugin,
                            e.getMessage());
                    pause();
                }
            }
        }
    }

    /// Out of file descriptors, most likely: asking again at once would not help.
    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(100));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket socket) throws IOException {
        Accepted accepted;
        try {
            accepted = new Accepted(socket);
        } catch (IOException e) {
            socket.close();
            log.debug("A client went away at once plugin={}", plugin, e);
            return;
        }
        if (open.size() >= MAX_CONNECTIONS) {
            long leftOut = FULL.permit();
            if (leftOut >= 0) {
                log.warn(
                        "Connection refused, there are too many plugin={} limit={} leftOut={}",
                        plugin,
                        MAX_CONNECTIONS,
                        leftOut);
            }
            accepted.close();
            return;
        }
        open.add(accepted);
        Thread.ofVirtual().name(plugin + "-client").start(() -> serve(accepted));
    }

    private void serve(Accepted accepted) {
        try (accepted) {
            half.accept(accepted);
        } catch (IOException e) {
            log.debug("connection ended plugin={} reason={}", plugin, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("A connection failed plugin={}", plugin, e);
        } finally {
            open.remove(accepted);
        }
    }

    /// Closes every connection too. Idempotent.
    @Override
    public void close() {
        stopAccepting();
        open.forEach(Accepted::close);
    }

    private static final class Accepted implements Connection {
        private final Socket socket;
        private final InputStream input;
        private final OutputStream output;

        Accepted(Socket socket) throws IOException {
            this.socket = socket;
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            this.input = socket.getInputStream();
            this.output = socket.getOutputStream();
        }

        @Override
        public InetSocketAddress remote() {
            return (InetSocketAddress) socket.getRemoteSocketAddress();
        }

        @Override
        public InputStream input() {
            return input;
        }

        @Override
        public OutputStream output() {
            return output;
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                log.debug("A connection did not close", e);
            }
        }
    }
}
