package dev.culvert.plugin.desktop.builtin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// A port of loopback that leads to another one, until it leads elsewhere. Closed, nothing listens.
final class Relay implements AutoCloseable {
    private final ServerSocket server;
    private volatile int target;

    Relay(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void leadTo(int port) {
        target = port;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket host = new Socket(InetAddress.getLoopbackAddress(), target);
                Thread.ofVirtual().start(() -> copy(client, host));
                Thread.ofVirtual().start(() -> copy(host, client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One of them has closed.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
