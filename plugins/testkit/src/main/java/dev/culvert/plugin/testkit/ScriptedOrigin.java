package dev.culvert.plugin.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An origin whose part the test plays: it listens, and hands each connection to the test. Small kernel
/// buffers, so that who does not read is soon felt.
///
/// Blocking; used by the test's thread.
final class ScriptedOrigin implements AutoCloseable {
    static final int KERNEL_BUFFER = 64 * 1024;

    private final ServerSocketChannel listener;
    private final List<OriginConnection> accepted = new ArrayList<>();

    private ScriptedOrigin(ServerSocketChannel listener) {
        this.listener = listener;
    }

    static ScriptedOrigin listen() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.setOption(StandardSocketOptions.SO_RCVBUF, KERNEL_BUFFER);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.configureBlocking(false);
        return new ScriptedOrigin(listener);
    }

    static ScriptedOrigin listen(Path socket) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        listener.configureBlocking(false);
        return new ScriptedOrigin(listener);
    }

    int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    /// The next connection.
    OriginConnection accept() throws IOException {
        OriginConnection next = acceptWithin(Deadline.PATIENCE);
        if (next == null) {
            throw new AssertionError("nobody connected to the origin");
        }
        return next;
    }

    boolean isQuiet() throws IOException {
        return acceptWithin(Deadline.QUIET) == null;
    }

    private @Nullable OriginConnection acceptWithin(Duration time) throws IOException {
        SocketChannel[] found = new SocketChannel[1];
        Deadline.within(
                time,
                () -> {
                    try {
                        found[0] = listener.accept();
                        return found[0] != null;
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        if (found[0] == null) {
            return null;
        }
        OriginConnection connection = new OriginConnection(found[0]);
        accepted.add(connection);
        return connection;
    }

    /// A port nobody listens on.
    static int closedPort() throws IOException {
        try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return once.getLocalPort();
        }
    }

    /// A listener that answers no connection: its queue is full and nobody accepts.
    static AutoCloseable deaf(int[] port) throws IOException {
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        List<Socket> fill = new ArrayList<>();
        port[0] = listener.getLocalPort();
        boolean full = false;
        for (int i = 0; i < 16 && !full; i++) {
            Socket socket = new Socket();
            fill.add(socket);
            try {
                socket.connect(listener.getLocalSocketAddress(), 250);
            } catch (IOException e) {
                full = true;
            }
        }
        if (!full) {
            throw new AssertionError("the listener's queue takes no end");
        }
        return () -> {
            for (Socket socket : fill) {
                socket.close();
            }
            listener.close();
        };
    }

    @Override
    public void close() throws IOException {
        for (OriginConnection connection : accepted) {
            connection.close();
        }
        listener.close();
    }
}
