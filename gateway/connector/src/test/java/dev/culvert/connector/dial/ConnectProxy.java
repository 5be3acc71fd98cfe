package dev.culvert.connector.dial;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A `CONNECT` proxy on loopback that leads every name to loopback. Thread-safe.
final class ConnectProxy implements AutoCloseable {
    private final ServerSocket socket;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /// The heads of the requests, in the order they came.
    final List<String> heads = new CopyOnWriteArrayList<>();

    /// Answered in place of connecting when not empty: `403 Forbidden`.
    volatile String refusal = "";

    ConnectProxy() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = client.getInputStream().read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            heads.add(head.toString());
            OutputStream out = client.getOutputStream();
            if (!refusal.isEmpty()) {
                out.write(
                        ("HTTP/1.1 " + refusal + "\r\nContent-Length: 0\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                return;
            }
            String target = head.substring(0, head.indexOf(" HTTP/"));
            int port = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
            Socket far = new Socket("127.0.0.1", port);
            open.add(far);
            out.write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            Thread back = Thread.ofVirtual().start(() -> copy(far, client));
            copy(client, far);
            back.join();
        } catch (SocketException e) {
            // Either side is gone.
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            in.transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Either side is gone.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
