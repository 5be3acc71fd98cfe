package dev.culvert.edge.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.EdgeConfig;
import dev.culvert.edge.EdgeServer;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The public side of a real edge over real TLS, spoken to in bytes.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class PublicListenerTest {
    private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);

    /// How the edge ended a stream instead of answering it.
    private static final int REFUSED = -1;

    @TempDir Path temp;
    private EdgeServer edge;
    private SSLContext trusting;

    @BeforeEach
    void start() throws Exception {
        edge =
                EdgeServer.start(
                        new EdgeConfig(
                                temp.resolve("state"),
                                null,
                                ANY,
                                ANY,
                                true,
                                ANY,
                                List.of("example.com"),
                                List.of(),
                                "test",
                                Duration.ofSeconds(5),
                                100,
                                new PublicLimits(
                                        1024,
                                        4096,
                                        16,
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(5),
                                        8,
                                        4,
                                        8),
                                null));
        edge.state().createTunnel("home");
        edge.state().addRoute("down.example.com", "home", true);
        KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
        trust.load(null);
        try (InputStream pem = Files.newInputStream(edge.authority().certificateFile())) {
            trust.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trust);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(null, managers.getTrustManagers(), null);
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    private SSLSocket connect(String sni, boolean verified, String... alpn) throws IOException {
        Socket tcp = new Socket("127.0.0.1", edge.publicAddress().getPort());
        SSLSocket socket =
                (SSLSocket)
                        trusting.getSocketFactory()
                                .createSocket(tcp, sni, edge.publicAddress().getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(alpn);
        parameters.setEndpointIdentificationAlgorithm(verified ? "HTTPS" : null);
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(30_000);
        socket.startHandshake();
        return socket;
    }

    private static String http1(SSLSocket socket, String head) throws IOException {
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /// @return the status of the answer, or [#REFUSED]
    private int http2(String... fields) throws Exception {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            for (int j = i; j < i + 2; j++) {
                block.write(fields[j].length());
                block.writeBytes(fields[j].getBytes(StandardCharsets.US_ASCII));
            }
        }
        try (SSLSocket socket = connect("a.example.com", true, "h2", "http/1.1")) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            all.writeBytes(frame(4, 0, 0));
            all.writeBytes(frame(1, 5, 1, block.toByteArray()));
            socket.getOutputStream().write(all.toByteArray());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int head = in.readInt();
                in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = in.readNBytes(head >>> 8);
                switch (head & 0xff) {
                    case 1 -> {
                        CharSequence status =
                                new DefaultHttp2HeadersDecoder()
                                        .decodeHeaders(stream, Unpooled.wrappedBuffer(payload))
                                        .status();
                        return Integer.parseInt(status.toString());
                    }
                    case 3, 7 -> {
                        return REFUSED;
                    }
                    default -> {}
                }
            }
        }
    }

    private int http2To(String authority, String... more) throws Exception {
        String[] fields = new String[8 + more.length];
        String[] head = {
            ":method", "GET", ":scheme", "https", ":path", "/", ":authority", authority
        };
        System.arraycopy(head, 0, fields, 0, 8);
        System.arraycopy(more, 0, fields, 8, more.length);
        return http2(fields);
    }

    @Test
    void alpnChoosesTheProtocol() throws Exception {
        try (SSLSocket both = connect("a.example.com", true, "h2", "http/1.1");
                SSLSocket old = connect("a.example.com", true, "http/1.1");
                SSLSocket none = connect("a.example.com", true)) {
            assertThat(both.getApplicationProtocol()).isEqualTo("h2");
            assertThat(old.getApplicationProtocol()).isEqualTo("http/1.1");
            assertThat(none.getApplicationProtocol()).isEmpty();
            String get = "GET / HTTP/1.1\r\nHost: a.example.com\r\nConnection: close\r\n\r\n";
            assertThat(http1(old, get)).startsWith("HTTP/1.1 404 ").contains("unknown_host");
            assertThat(http1(none, get)).startsWith("HTTP/1.1 404 ");
        }
        assertThat(http2To("a.example.com")).isEqualTo(404);
    }

    @Test
    void theCertificateIsForTheNameAsked() throws Exception {
        for (String name : List.of("a.example.com", "B.b.Example.com", "x.localhost")) {
            try (SSLSocket socket = connect(name, true, "http/1.1")) {
                assertThat(socket.isConnected()).isTrue();
            }
        }
    }

    @Test
    void aNameNobodyCertifiesGetsTheOneForLocalhost() throws Exception {
        try (SSLSocket socket = connect("bank.example.org", false, "http/1.1")) {
            X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            assertThat(leaf.getSubjectAlternativeNames().toString())
                    .contains("localhost")
                    .doesNotContain("bank");
        }
    }

    @Test
    void upperCasePortAndFinalDotAreTheSameName() throws Exception {
        for (String name :
                List.of("down.example.com", "DOWN.Example.COM", "down.example.com.:8443")) {
            assertThat(http2To(name)).as(name).isEqualTo(503);
            try (SSLSocket socket = connect("down.example.com", true, "http/1.1")) {
                assertThat(
                                http1(
                                        socket,
                                        "GET / HTTP/1.1\r\nHost: "
                                                + name
                                                + "\r\nConnection: close\r\n\r\n"))
                        .startsWith("HTTP/1.1 503 ")
                        .contains("tunnel_down");
            }
        }
    }

    @Test
    void refusesFieldsThatHttp2Forbids() throws Exception {
        for (String name :
                List.of(
                        "connection",
                        "keep-alive",
                        "proxy-connection",
                        "transfer-encoding",
                        "upgrade")) {
            assertThat(http2To("a.example.com", name, "x")).as(name).isEqualTo(REFUSED);
        }
        assertThat(http2To("a.example.com", "te", "gzip")).isEqualTo(REFUSED);
        assertThat(http2To("a.example.com", "te", "trailers")).isEqualTo(404);
    }

    @Test
    void refusesAHostThatIsNotTheAuthority() throws Exception {
        assertThat(http2To("a.example.com", "host", "b.example.com")).isEqualTo(REFUSED);
        assertThat(http2To("a.example.com", "host", "A.example.com")).isEqualTo(404);
        assertThat(http2To("a.example.com", "host", "a.example.com", "host", "down.example.com"))
                .isEqualTo(REFUSED);
    }

    @Test
    void refusesAHeadThatLacksAPart() throws Exception {
        assertThat(http2(":method", "GET", ":scheme", "https", ":path", "/")).isEqualTo(REFUSED);
        assertThat(http2(":method", "GET", ":path", "/", ":authority", "a.example.com"))
                .isEqualTo(REFUSED);
        assertThat(http2(":method", "CONNECT", ":authority", "a.example.com:22"))
                .isEqualTo(REFUSED);
    }

    @Test
    void anAddressBeyondItsLimitIs414InBothProtocols() throws Exception {
        String path = "/" + "x".repeat(1024);
        try (SSLSocket socket = connect("a.example.com", true, "http/1.1")) {
            assertThat(http1(socket, "GET " + path + " HTTP/1.1\r\nHost: a.example.com\r\n\r\n"))
                    .startsWith("HTTP/1.1 414 ");
        }
        assertThat(
                        http2(
                                ":method",
                                "GET",
                                ":scheme",
                                "https",
                                ":path",
                                "/" + "x".repeat(100),
                                ":authority",
                                "a.example.com"))
                .isEqualTo(404);
    }

    @Test
    void aClientHasAsManyConnectionsAsItsLimitSays() throws Exception {
        try (SSLSocket a = connect("a.example.com", true, "http/1.1");
                SSLSocket b = connect("a.example.com", true, "h2");
                Socket c = new Socket("127.0.0.1", edge.publicAddress().getPort());
                Socket d = new Socket("127.0.0.1", edge.publicAddress().getPort());
                Socket e = new Socket("127.0.0.1", edge.publicAddress().getPort())) {
            e.setSoTimeout(30_000);
            assertThat(e.getInputStream().read()).isEqualTo(-1);
            assertThat(a.isConnected() && b.isConnected() && c.isConnected() && d.isConnected())
                    .isTrue();
        }
        Eventually.until(
                "a connection again",
                () -> {
                    try (SSLSocket again = connect("a.example.com", true, "http/1.1")) {
                        return again.isConnected();
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    @Test
    void whatIsNotTlsIsClosed() throws Exception {
        try (Socket plain = new Socket("127.0.0.1", edge.publicAddress().getPort())) {
            plain.setSoTimeout(30_000);
            plain.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(plain.getInputStream().readAllBytes().length).isLessThan(64);
        }
    }
}
