package dev.culvert.plugin.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/// A small HTTPS server: answers each connection's first request with the name it was asked for.
///
/// Thread-safe; one virtual thread accepts and answers.
final class TlsOrigin implements AutoCloseable {
    private final SSLServerSocket listener;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    TlsOrigin(TestAuthority authority) throws IOException {
        listener =
                (SSLServerSocket)
                        authority
                                .server()
                                .getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("tls-origin").start(this::serve);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// Requests that came through TLS.
    int requests() {
        return asked.size();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                answer(socket);
            } catch (IOException e) {
                // A client that does not trust us, or the end.
            }
        }
    }

    private void answer(SSLSocket socket) throws IOException {
        BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                socket.getInputStream(), StandardCharsets.ISO_8859_1));
        String line = reader.readLine();
        if (line == null) {
            return;
        }
        asked.add(line);
        while (line != null && !line.isEmpty()) {
            line = reader.readLine();
        }
        String names = ((ExtendedSSLSession) socket.getSession()).getRequestedServerNames() + "";
        socket.getOutputStream()
                .write(
                        ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
                                        + names.length()
                                        + "\r\n\r\n"
                                        + names)
                                .getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
