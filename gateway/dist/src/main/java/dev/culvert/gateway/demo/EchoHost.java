package dev.culvert.gateway.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Semaphore;

/// Sends back what it receives, until the client ends its side. Loopback only, at most 200 connections
/// at a time. Thread-safe.
final class EchoHost implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 200;

    private final ServerSocket listener;
    private final Semaphore free = new Semaphore(MAX_CONNECTIONS);

    private EchoHost(ServerSocket listener) {
        this.listener = listener;
    }

    static EchoHost start() throws IOException {
        EchoHost host = new EchoHost(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("echo-accept").start(host::accept);
        return host;
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (free.tryAcquire()) {
                    Thread.ofVirtual().name("echo").start(() -> echo(client));
                } else {
                    client.close();
                }
            } catch (IOException e) {
                // Closed: the loop ends.
            }
        }
    }

    private void echo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
            client.shutdownOutput();
        } catch (IOException e) {
            // The client went away.
        } finally {
            free.release();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
