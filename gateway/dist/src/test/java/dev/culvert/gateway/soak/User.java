package dev.culvert.gateway.soak;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// A user of the edge: HTTP/1.1 over TLS, chain and name verified. Thread-safe; blocking.
final class User {
    private final SSLContext tls;
    private final int port;
    private final int patienceMillis;

    User(Path authority, int port) throws IOException, GeneralSecurityException {
        this.port = port;
        this.patienceMillis = 120_000;
        KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
        trust.load(null);
        try (InputStream in = Files.newInputStream(authority)) {
            trust.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trust);
        tls = SSLContext.getInstance("TLS");
        tls.init(null, managers.getTrustManagers(), null);
    }

    private User(User other, int patienceMillis) {
        this.tls = other.tls;
        this.port = other.port;
        this.patienceMillis = patienceMillis;
    }

    /// The same user, who waits no longer than this for the next byte.
    User impatient(int millis) {
        return new User(this, millis);
    }

    /// A connection on which one request has been sent.
    static final class Exchange implements AutoCloseable {
        private final SSLSocket socket;
        private final InputStream in;
        private long length;

        private Exchange(SSLSocket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        }

        OutputStream out() throws IOException {
            return socket.getOutputStream();
        }

        InputStream in() {
            return in;
        }

        /// Reads the head of the answer.
        ///
        /// @return the status
        int status() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("closed without an answer after: " + head);
                }
                head.write(next);
            }
            length = -1;
            for (String line : head.toString(StandardCharsets.ISO_8859_1).split("\r\n")) {
                if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                    length = Long.parseLong(line.substring(15).trim());
                }
            }
            return Integer.parseInt(head.toString(StandardCharsets.ISO_8859_1).substring(9, 12));
        }

        long length() {
            return length;
        }

        String text() throws IOException {
            return new String(in.readNBytes((int) length), StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Exchange connect(String host) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        try {
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(patienceMillis);
            SSLSocket socket =
                    (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            return new Exchange(socket);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static void head(Exchange exchange, String... lines) throws IOException {
        String text = String.join("\r\n", lines) + "\r\n\r\n";
        exchange.out().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    Exchange get(String host, String path) throws IOException {
        Exchange exchange = connect(host);
        head(exchange, "GET " + path + " HTTP/1.1", "Host: " + host + ":" + port);
        return exchange;
    }

    /// The caller writes the body to [Exchange#out].
    Exchange post(String host, String path, long length) throws IOException {
        Exchange exchange = connect(host);
        head(
                exchange,
                "POST " + path + " HTTP/1.1",
                "Host: " + host + ":" + port,
                "Content-Length: " + length);
        return exchange;
    }

    /// An open WebSocket.
    ///
    /// @param fields of the request, `Name: value`
    Exchange webSocket(String host, String... fields) throws IOException {
        Exchange exchange = connect(host);
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "GET / HTTP/1.1",
                                "Host: " + host + ":" + port,
                                "Connection: Upgrade",
                                "Upgrade: websocket",
                                "Sec-WebSocket-Version: 13",
                                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="));
        lines.addAll(List.of(fields));
        head(exchange, lines.toArray(String[]::new));
        int status = exchange.status();
        if (status != 101) {
            throw new IOException("status " + status + " (expected: 101)");
        }
        return exchange;
    }

    /// Gets `/bytes/N` and checks all of it.
    void download(String host, long bytes) throws IOException {
        try (Exchange exchange = get(host, "/bytes/" + bytes)) {
            expect(200, exchange);
            Pattern.check(exchange.in(), 0, bytes);
        }
    }

    void upload(String host, long bytes) throws IOException {
        try (Exchange exchange = post(host, "/check", bytes)) {
            Pattern.write(exchange.out(), 0, bytes);
            counted(exchange, bytes);
        }
    }

    static void counted(Exchange exchange, long bytes) throws IOException {
        expect(200, exchange);
        String counted = exchange.text().trim();
        if (!counted.equals("" + bytes)) {
            throw new IOException("the origin got " + counted + " bytes of " + bytes);
        }
    }

    static void expect(int status, Exchange exchange) throws IOException {
        int got = exchange.status();
        if (got != status) {
            throw new IOException(
                    "status " + got + " (expected: " + status + "): " + exchange.text());
        }
    }
}
