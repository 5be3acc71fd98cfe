package dev.culvert.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every carrier of a stream must do, against a scripted server.
@Timeout(120)
abstract class StreamContract {
    /// The local side of one stream.
    interface Local extends AutoCloseable {
        OutputStream out();

        InputStream in();

        /// No more bytes from here.
        void endOutput() throws IOException;

        /// What the person is told, or null; waits for the end of the stream.
        Problem problem() throws Exception;

        @Override
        void close() throws Exception;
    }

    abstract Local open(Route route) throws Exception;

    private TestEdge edge;
    private Local local;

    private void start(TestEdge.Script script) throws Exception {
        edge = new TestEdge(script);
        local = open(edge.route());
    }

    @AfterEach
    void closeBoth() throws Exception {
        if (local != null) {
            local.close();
        }
        if (edge != null) {
            edge.close();
        }
    }

    static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void carriesTheExactBytesBothWays() throws Exception {
        byte[] up = random(1_000_003, 1);
        byte[] down = random(1_100_007, 2);
        start(peer -> {
            peer.accept(true);
            assertThat(peer.readBytes(up.length)).isEqualTo(up);
            assertThat(peer.longest).isLessThanOrEqualTo(16384);
            peer.send(down);
            peer.sendEnd();
            peer.readToEndOfData();
            assertThat(peer.nextEvent()).isEqualTo("close 1000 ");
        });
        local.out().write(up);
        local.out().flush();
        assertThat(local.in().readNBytes(down.length)).isEqualTo(down);
        local.endOutput();
        assertThat(local.in().read()).isEqualTo(-1);
        edge.awaitPlayed();
        assertThat(local.problem()).isNull();
    }

    @Test
    void sendsTheHandshakeOfTheFactSheet() throws Exception {
        CompletableFuture<String> request = new CompletableFuture<>();
        start(peer -> {
            peer.accept(true);
            request.complete(peer.request);
            peer.sendClose(1000, "");
        });
        assertThat(request.get(30, TimeUnit.SECONDS))
                .startsWith(
                        "GET /some/path?q=1 HTTP/1.1\r\nHost: localhost:" + edge.port() + "\r\n")
                .contains("Accept: application/json\r\n", "Sec-WebSocket-Version: 13\r\n")
                .contains("Sec-WebSocket-Protocol: culvert.stream.v1\r\n");
        assertThat(local.in().read()).isEqualTo(-1);
        assertThat(local.problem()).isNull();
    }

    @Test
    void deliversBytesThatCameWithTheHandshake() throws Exception {
        start(peer -> {
            peer.readRequest();
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            all.write(peer.accepted(true).getBytes());
            all.write(new byte[] {(byte) 0x82, 2, 'h', 'i'});
            peer.raw(all.toByteArray());
            peer.readToEof();
        });
        assertThat(local.in().readNBytes(2)).isEqualTo("hi".getBytes());
    }

    @Test
    void theLocalEndPassesAndTheAnswerStillArrives() throws Exception {
        byte[] answer = random(700_000, 3);
        start(peer -> {
            peer.accept(true);
            assertThat(peer.readToEndOfData()).isEqualTo("question".getBytes());
            peer.send(answer);
            peer.sendEnd();
            peer.readToEof();
        });
        local.out().write("question".getBytes());
        local.endOutput();
        assertThat(local.in().readAllBytes()).isEqualTo(answer);
        assertThat(local.problem()).isNull();
    }

    @Test
    void theServersEndPassesAndLocalBytesStillGo() throws Exception {
        start(peer -> {
            peer.accept(true);
            peer.send("greeting".getBytes());
            peer.sendEnd();
            assertThat(peer.readToEndOfData()).isEqualTo(random(600_000, 4));
        });
        assertThat(local.in().readAllBytes()).isEqualTo("greeting".getBytes());
        local.out().write(random(600_000, 4));
        local.endOutput();
        edge.awaitPlayed();
        assertThat(local.problem()).isNull();
    }

    @Test
    void withoutTheSubprotocolALocalEndClosesAndTakesWhatIsOnItsWay() throws Exception {
        start(peer -> {
            peer.accept(false);
            assertThat(peer.readBytes(3)).isEqualTo("bye".getBytes());
            assertThat(peer.nextEvent()).isEqualTo("close 1000 ");
            assertThat(peer.ended).isFalse();
            peer.send("last words".getBytes());
            peer.sendClose(1000, "");
        });
        local.out().write("bye".getBytes());
        local.endOutput();
        assertThat(local.in().readAllBytes()).isEqualTo("last words".getBytes());
        assertThat(local.problem()).isNull();
    }

    @Test
    void withoutTheSubprotocolTheEndOfTheTransportIsTheEnd() throws Exception {
        start(peer -> {
            peer.accept(false);
            peer.send(new byte[] {1, 2, 3});
        });
        assertThat(local.in().readAllBytes()).containsExactly(1, 2, 3);
        assertThat(local.problem()).isNull();
    }

    @Test
    void withoutTheSubprotocolAnEmptyMessageMeansNothing() throws Exception {
        start(peer -> {
            peer.accept(false);
            peer.sendEnd();
            peer.send("more".getBytes());
            peer.readToEof();
        });
        assertThat(local.in().readNBytes(4)).isEqualTo("more".getBytes());
    }

    @Test
    void joinsFragmentsDeliversTextAndAnswersPings() throws Exception {
        start(peer -> {
            peer.accept(true);
            peer.raw(new byte[] {0x02, 1, 'a', 0x00, 0, (byte) 0x80, 1, 'b'});
            peer.raw(new byte[] {(byte) 0x81, 1, 'c'});
            peer.control((e, b) -> e.ping(java.nio.ByteBuffer.wrap("42".getBytes()), b));
            assertThat(peer.nextEvent()).isEqualTo("pong 42");
            peer.send("d".getBytes());
            peer.readToEof();
        });
        assertThat(local.in().readNBytes(4)).isEqualTo("abcd".getBytes());
    }

    @ParameterizedTest
    @CsvSource({
        "1008, session revoked, session revoked",
        "1011, origin failed, origin failed",
        "1001, '', 'server closed the stream, code 1001'",
    })
    void showsWhyTheServerClosed(int code, String reason, String shown) throws Exception {
        start(peer -> {
            peer.accept(true);
            peer.sendClose(code, reason);
            peer.readToEof();
        });
        assertThat(local.in().read()).isEqualTo(-1);
        assertThat(local.problem()).hasMessage(shown);
        assertThat(local.problem().exitCode()).isEqualTo(1);
    }

    @Test
    void aResetIsAFailure() throws Exception {
        start(peer -> {
            peer.accept(true).send(new byte[10]);
            peer.readBytes(1);
            peer.reset();
        });
        assertThat(local.in().readNBytes(10)).hasSize(10);
        local.out().write(1);
        local.out().flush();
        assertThat(local.problem().exitCode()).isEqualTo(1);
        assertThat(local.problem().lines()).contains("access: error: ", "access: hint: ");
    }

    @Test
    void aTransportThatEndsBeforeTheStreamIsAFailure() throws Exception {
        start(peer -> peer.accept(true).send(new byte[10]));
        assertThat(local.problem()).hasMessageContaining("connection ended before the stream did");
    }

    @Test
    void aBrokenFrameIsAFailure() throws Exception {
        start(peer -> {
            peer.accept(true).raw(new byte[] {(byte) 0xC2, 0});
            assertThat(peer.nextEvent()).startsWith("close 1002");
        });
        assertThat(local.problem()).hasMessageContaining("reserved bits");
        edge.awaitPlayed();
    }

    @ParameterizedTest
    @CsvSource({
        "403 Forbidden, '', 4, answered 403",
        "404 Not Found, '', 1, answered 404",
        "502 Bad Gateway, '', 1, answered 502",
        "200 OK, '', 1, answered 200",
        "302 Found, Location: https://auth.example/cdn-cgi/access/login/x|, 3, needs a login",
        "302 Found, Location: https://auth.example/elsewhere|, 1, answered 302",
        "101 Switching Protocols, '', 1, not a WebSocket service",
    })
    void explainsARefusal(String status, String header, int exit, String shown) throws Exception {
        start(peer -> peer.respond("HTTP/1.1 " + status + "|" + header + "Content-Length: 0||"));
        assertThat(local.problem()).hasMessageContaining(shown);
        assertThat(local.problem().exitCode()).isEqualTo(exit);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void showsTheEdgesOwnError(boolean chunked) throws Exception {
        String json =
                "{\"error\":{\"code\":\"no_route\",\"message\":\"nothing is here\\u001b[31m\","
                        + "\"next\":\"add a route\",\"id\":\"7f3a\"}}";
        String body =
                chunked
                        ? "Transfer-Encoding: chunked||"
                                + Integer.toHexString(json.length())
                                + "|"
                                + json
                                + "|0||"
                        : "Content-Length: " + json.length() + "||" + json;
        start(peer -> {
            peer.respond("HTTP/1.1 404 Not Found|" + body);
            peer.readToEof();
        });
        assertThat(local.problem().lines())
                .contains("localhost answered 404: nothing is here", "[no_route] (id 7f3a)")
                .contains("access: hint: add a route")
                .doesNotContain("\u001b");
    }

    @Test
    void somethingElseThanHttpIsExplained() throws Exception {
        start(peer -> peer.respond("SSH-2.0-OpenSSH_9.9|"));
        assertThat(local.problem()).hasMessageContaining("not a WebSocket service");
    }

    @Test
    void aReaderThatWaitsStopsTheServer() throws Exception {
        int total = 64 << 20;
        byte[] piece = random(1 << 16, 5);
        AtomicLong sent = new AtomicLong();
        start(peer -> {
            peer.accept(true);
            for (int i = 0; i < total / piece.length; i++) {
                peer.send(piece);
                sent.addAndGet(piece.length);
            }
            peer.sendEnd();
            peer.readToEof();
        });
        awaitStill(sent);
        assertThat(sent.get()).isBetween(1L, 24L << 20);
        for (int i = 0; i < total / piece.length; i++) {
            assertThat(local.in().readNBytes(piece.length)).isEqualTo(piece);
        }
        assertThat(local.in().read()).isEqualTo(-1);
        local.endOutput();
        assertThat(local.problem()).isNull();
    }

    @Test
    void aServerThatWaitsStopsTheWriterButNotTheReader() throws Exception {
        int total = 64 << 20;
        byte[] piece = random(1 << 16, 6);
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        start(peer -> {
            peer.accept(true);
            peer.keep = false;
            peer.send("down".getBytes());
            peer.control((e, b) -> e.ping(java.nio.ByteBuffer.allocate(0), b));
            goOn.get(30, TimeUnit.SECONDS);
            peer.control((e, b) -> e.ping(java.nio.ByteBuffer.allocate(0), b));
            peer.send("more".getBytes());
            peer.readToEndOfData();
            assertThat(peer.received).isEqualTo(total);
            peer.sendEnd();
        });
        AtomicLong written = new AtomicLong();
        Thread writer =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                for (int i = 0; i < total / piece.length; i++) {
                                    local.out().write(piece);
                                    written.addAndGet(piece.length);
                                }
                                local.endOutput();
                            } catch (IOException e) {
                                written.set(-1);
                            }
                        });
        assertThat(local.in().readNBytes(4)).isEqualTo("down".getBytes());
        awaitStill(written);
        assertThat(written.get()).isBetween(1L, 24L << 20);
        goOn.complete(null);
        assertThat(local.in().readNBytes(4)).isEqualTo("more".getBytes());
        assertThat(local.in().read()).isEqualTo(-1);
        writer.join();
        edge.awaitPlayed();
        assertThat(local.problem()).isNull();
    }

    /// Waits until a counter has begun to move and has then stood still for half a second.
    private static void awaitStill(AtomicLong counter) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        long last = 0;
        int still = 0;
        while (still < 20) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(25_000_000);
            long now = counter.get();
            still = now == last && now > 0 ? still + 1 : 0;
            last = now;
        }
    }

    @Test
    void refusesACertificateOfAnUnknownAuthority() throws Exception {
        edge = new TestEdge(TestEdge.Peer::readRequest);
        ForwardOptions options = edge.options();
        options.cacert = TestCertificates.ONE.strangeAuthority.toString();
        local = open(Route.of(options, _ -> null));
        assertThat(local.problem()).hasMessageContaining("unknown authority");
    }

    @Test
    void refusesACertificateForAnotherName() throws Exception {
        edge = new TestEdge(TestEdge.Peer::readRequest);
        ForwardOptions options = edge.options();
        options.hostname = "https://other.localhost:" + edge.port();
        local = open(Route.of(options, _ -> null));
        assertThat(local.problem()).hasMessageContaining("is not for other.localhost");
    }

    @Test
    void connectToWithThreePartsStillVerifies() throws Exception {
        edge = new TestEdge(peer -> peer.accept(true).sendClose(1000, ""));
        ForwardOptions options = edge.options();
        options.hostname = "ssh.example.com";
        options.connectTo = "edge.localhost:" + edge.port() + ":127.0.0.1";
        local = open(Route.of(options, _ -> null));
        assertThat(local.problem()).isNull();
        local.close();
        options.connectTo = "other.localhost:" + edge.port() + ":127.0.0.1";
        local = open(Route.of(options, _ -> null));
        assertThat(local.problem()).hasMessageContaining("is not for other.localhost");
    }

    @Test
    void explainsARefusedConnectionAndAnUnknownName() throws Exception {
        edge = new TestEdge(peer -> {});
        ForwardOptions options = edge.options();
        // Nobody listens there; a port that was just closed may still reset.
        options.hostname = "localhost:1";
        local = open(Route.of(options, _ -> null));
        assertThat(local.problem()).hasMessageContaining("connection refused by localhost:");
        local.close();
        options.hostname = "no-such-name.invalid";
        local = open(Route.of(options, _ -> null));
        assertThat(local.problem()).hasMessageContaining("unknown name: no-such-name.invalid");
    }

    @ParameterizedTest
    @CsvSource({
        "200 OK, ",
        "407 Proxy Authentication Required, asks for a login",
        "403 No, refused"
    })
    void passesAProxy(String status, String shown) throws Exception {
        edge = new TestEdge(peer -> peer.accept(true).sendClose(1000, ""));
        try (java.net.ServerSocket proxy = new java.net.ServerSocket(0)) {
            CompletableFuture<String> asked = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> relay(proxy, status, asked));
            ForwardOptions options = edge.options();
            options.hostname = "ssh.example.com";
            options.connectTo = "edge.localhost:" + edge.port() + ":edge.example";
            String url = "http://u:p@127.0.0.1:" + proxy.getLocalPort();
            local = open(Route.of(options, name -> name.equals("HTTPS_PROXY") ? url : null));
            if (shown == null) {
                assertThat(local.problem()).isNull();
            } else {
                assertThat(local.problem()).hasMessageContaining(shown);
            }
            assertThat(asked.get(30, TimeUnit.SECONDS))
                    .startsWith("CONNECT edge.example:" + edge.port() + " HTTP/1.1")
                    .contains("Proxy-Authorization: Basic dTpw");
        }
    }

    private void relay(
            java.net.ServerSocket proxy, String status, CompletableFuture<String> asked) {
        try (java.net.Socket client = proxy.accept();
                java.net.Socket server = new java.net.Socket("127.0.0.1", edge.port())) {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) client.getInputStream().read());
            }
            asked.complete(head.toString());
            client.getOutputStream().write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes());
            Thread up = Thread.ofVirtual().start(() -> copy(client, server));
            copy(server, client);
            up.join();
        } catch (Exception e) {
            asked.completeExceptionally(e);
        }
    }

    private static void copy(java.net.Socket from, java.net.Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // The other direction has ended both.
        }
    }
}
