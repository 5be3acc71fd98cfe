package dev.culvert.gateway.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/// A TCP origin that counts its connections and does what the test says with each, on a virtual thread.
/// Thread-safe.
final class Origin implements AutoCloseable {
    private final ServerSocket listener;
    private final Conversation conversation;
    private final AtomicInteger connections = new AtomicInteger();

    /// What to do with a connection; it is closed afterwards.
    @FunctionalInterface
    interface Conversation {
        void hold(Socket client) throws Exception;
    }

    Origin(Conversation conversation) throws IOException {
        this.conversation = conversation;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("origin-accept").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().name("origin").start(() -> hold(client));
            } catch (IOException e) {
                // Closed: the loop ends.
            }
        }
    }

    private void hold(Socket client) {
        try (client) {
            conversation.hold(client);
        } catch (Exception e) {
            // The other side went away.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    @Override
    public String toString() {
        return "=== origin " + port() + ", connections: " + connections;
    }
}
