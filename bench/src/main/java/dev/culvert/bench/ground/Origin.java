package dev.culvert.bench.ground;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The services that nginx has not, in a process of their own:
///
/// | service | |
/// |---|---|
/// | HTTP `POST /` | checks that the body is [Noise] and answers its length |
/// | HTTP `GET /ws` | a WebSocket that echoes messages of at most 125 bytes |
/// | echo | TCP: sends back what comes |
/// | banner | TCP: the first line of an SSH server, then silence |
///
/// Blocking, on virtual threads.
public final class Origin {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private Origin() {}

    /// @param arguments the address to listen on
    public static void main(String[] arguments) throws Exception {
        Origin origin = new Origin();
        InetAddress bind = InetAddress.getByName(arguments[0]);
        ServerSocket http = new ServerSocket(0, 4096, bind);
        ServerSocket echo = new ServerSocket(0, 4096, bind);
        ServerSocket banner = new ServerSocket(0, 4096, bind);
        origin.threads.execute(() -> origin.accept(http, Origin::http));
        origin.threads.execute(() -> origin.accept(echo, Origin::echo));
        System.out.println(
                "ready http=%d echo=%d banner=%d."
                        .formatted(
                                http.getLocalPort(), echo.getLocalPort(), banner.getLocalPort()));
        origin.accept(banner, Origin::banner);
    }

    private interface Service {
        void serve(Socket socket) throws IOException;
    }

    private void accept(ServerSocket server, Service service) {
        while (true) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                threads.execute(() -> serve(socket, service));
            } catch (IOException e) {
                System.err.println("accept: " + e.getMessage());
                return;
            }
        }
    }

    private static void serve(Socket socket, Service service) {
        try (socket) {
            service.serve(socket);
        } catch (IOException e) {
            // A client that leaves is part of most cases; a wrong byte was answered.
        }
    }

    private static void banner(Socket socket) throws IOException {
        socket.getOutputStream().write("SSH-2.0-bench\r\n".getBytes(StandardCharsets.US_ASCII));
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static void echo(Socket socket) throws IOException {
        byte[] piece = new byte[64 * 1024];
        for (int size; (size = socket.getInputStream().read(piece)) >= 0; ) {
            socket.getOutputStream().write(piece, 0, size);
        }
        socket.shutdownOutput();
    }

    private static void http(Socket socket) throws IOException {
        Http http = new Http(socket);
        while (true) {
            String request = http.read();
            if (request.isEmpty()) {
                return;
            }
            if (request.startsWith("GET /ws ")) {
                webSocket(http);
                return;
            }
            if (!request.startsWith("POST ")) {
                http.send("HTTP/1.1 404 Not Found", "Content-Length: 0");
                continue;
            }
            long length = http.length();
            Noise.checkAll(http.in(), length);
            String answer = length + "\n";
            http.send("HTTP/1.1 200 OK", "Content-Length: " + answer.length());
            http.out().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void webSocket(Http http) throws IOException {
        http.send(
                "HTTP/1.1 101 Switching Protocols",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Accept: " + accept(http.field("sec-websocket-key")));
        InputStream in = http.in();
        byte[] frame = new byte[6 + 125];
        while (in.readNBytes(frame, 0, 6) == 6) {
            int length = frame[1] & 0x7f;
            if (frame[0] != (byte) 0x82 || frame[1] >= 0 || length > 125) {
                return;
            }
            if (in.readNBytes(frame, 6, length) < length) {
                return;
            }
            byte[] answer = new byte[2 + length];
            answer[0] = (byte) 0x82;
            answer[1] = (byte) length;
            for (int i = 0; i < length; i++) {
                answer[2 + i] = (byte) (frame[6 + i] ^ frame[2 + (i & 3)]);
            }
            http.out().write(answer);
        }
    }

    private static String accept(String key) throws IOException {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder()
                    .encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
