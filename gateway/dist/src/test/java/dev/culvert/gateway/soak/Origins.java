package dev.culvert.gateway.soak;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The services behind the tunnel, in this process: a TCP echo, and an HTTP server.
///
/// | request | answer |
/// |---|---|
/// | `GET /bytes/N` | N bytes of the [Pattern] |
/// | `POST /check` | the number of bytes of the pattern that came, or 400 |
/// | `POST /stall` | the same, but reads only once [#release] was called |
///
/// Thread-safe.
final class Origins implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ServerSocket echo;
    private final HttpServer http;
    private volatile CountDownLatch released = new CountDownLatch(1);

    Origins() throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "5000");
        echo = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress());
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        http.setExecutor(threads);
        http.createContext("/bytes/", this::bytes);
        http.createContext("/check", this::count);
        http.createContext(
                "/stall",
                exchange -> {
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    count(exchange);
                });
        http.start();
        threads.execute(this::acceptEchoes);
    }

    int echoPort() {
        return echo.getLocalPort();
    }

    int httpPort() {
        return http.getAddress().getPort();
    }

    /// Lets uploads to `/stall` go on.
    void release() {
        released.countDown();
        released = new CountDownLatch(1);
    }

    private void acceptEchoes() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                socket.setTcpNoDelay(true);
                threads.execute(() -> echo(socket));
            } catch (IOException e) {
                // Closed.
                return;
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            byte[] piece = new byte[64 * 1024];
            for (int size; (size = socket.getInputStream().read(piece)) >= 0; ) {
                socket.getOutputStream().write(piece, 0, size);
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            // The other end was killed: that is the test.
        }
    }

    private void bytes(HttpExchange exchange) throws IOException {
        long length = Long.parseLong(exchange.getRequestURI().getPath().substring(7));
        exchange.sendResponseHeaders(200, length == 0 ? -1 : length);
        try (var out = exchange.getResponseBody()) {
            Pattern.write(out, 0, length);
        }
    }

    private void count(HttpExchange exchange) throws IOException {
        String answer;
        int status = 200;
        try {
            answer = Pattern.checkAll(exchange.getRequestBody()) + "\n";
        } catch (Pattern.WrongByte e) {
            status = 400;
            answer = e.getMessage() + "\n";
        }
        byte[] body = answer.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() throws IOException {
        release();
        echo.close();
        http.stop(0);
        threads.shutdownNow();
    }
}
