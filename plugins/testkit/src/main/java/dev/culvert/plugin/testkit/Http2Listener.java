package dev.culvert.plugin.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/// An HTTPS origin whose part the test plays, with the protocols it says by ALPN.
///
/// Blocking; used by the test's thread.
final class Http2Listener implements AutoCloseable {
    private final SSLServerSocket listener;
    private final List<SSLSocket> accepted = new ArrayList<>();

    Http2Listener(TestAuthority authority, String... protocols) throws IOException {
        listener =
                (SSLServerSocket)
                        authority
                                .server()
                                .getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SSLParameters parameters = listener.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        listener.setSSLParameters(parameters);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// The next connection, its handshake done.
    SSLSocket accept() throws IOException {
        listener.setSoTimeout((int) Deadline.PATIENCE.toMillis());
        SSLSocket socket = (SSLSocket) listener.accept();
        accepted.add(socket);
        socket.setSoTimeout((int) Deadline.PATIENCE.toMillis());
        socket.startHandshake();
        return socket;
    }

    /// The next connection, HTTP/2 spoken up to the settings of both.
    Http2Connection acceptHttp2(int... settings) throws IOException {
        return new Http2Connection(accept(), settings);
    }

    /// True when nobody connects.
    boolean isQuiet() throws IOException {
        listener.setSoTimeout((int) Duration.ofMillis(200).toMillis());
        try {
            accepted.add((SSLSocket) listener.accept());
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    /// The JDK waits for the other end's `close_notify`, as long as it would for bytes.
    static void closeSoon(SSLSocket socket) throws IOException {
        if (!socket.isClosed()) {
            socket.setSoTimeout(50);
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        for (SSLSocket socket : accepted) {
            closeSoon(socket);
        }
        listener.close();
    }
}
