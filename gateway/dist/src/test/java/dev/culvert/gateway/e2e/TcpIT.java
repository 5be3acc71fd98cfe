package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Byte services through `access tcp`: PostgreSQL, and streams of which one direction ends before the other.
@Timeout(120)
final class TcpIT {
    private static final byte[] BYTES = new byte[3 << 20];

    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static final CompletableFuture<String> lateHash = new CompletableFuture<>();

    @BeforeAll
    static void start() throws Exception {
        new Random(3).nextBytes(BYTES);
        Postgres postgres = new Postgres(programs);
        Origin answersAfterTheEnd =
                programs.closing(
                        new Origin(client -> {
                            String hash = hash(client.getInputStream());
                            client.getOutputStream()
                                    .write(hash.getBytes(StandardCharsets.US_ASCII));
                            client.shutdownOutput();
                        }));
        Origin endsFirst =
                programs.closing(
                        new Origin(client -> {
                            client.getOutputStream().write(BYTES);
                            client.shutdownOutput();
                            lateHash.complete(
                                    new String(
                                            client.getInputStream().readAllBytes(),
                                            StandardCharsets.US_ASCII));
                        }));
        edge = Edge.start(programs, programs.freshDirectory("state"));
        String token = edge.createTunnel("lan");
        edge.publish("*.it.localhost", "lan");
        Connector.start(
                edge,
                token,
                """
                ingress:
                  - hostname: db.it.localhost
                    service: tcp://127.0.0.1:%d
                  - hostname: answers-after-the-end.it.localhost
                    service: tcp://127.0.0.1:%d
                  - hostname: ends-first.it.localhost
                    service: tcp://127.0.0.1:%d
                  - service: http_status:404
                """
                        .formatted(postgres.port, answersAfterTheEnd.port(), endsFirst.port()));
    }

    private static String hash(InputStream in) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        new DigestInputStream(in, digest).transferTo(java.io.OutputStream.nullOutputStream());
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String hash() throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(BYTES));
    }

    private static int listener(String host) throws Exception {
        Program access = programs.start(edge.access("tcp", host, "--url", "127.0.0.1:0"));
        return Integer.parseInt(access.await("listening on 127.0.0.1:(\\d+)").group(1));
    }

    @Test
    void psqlWorksThroughALocalPort() throws Exception {
        int port = listener("db.it.localhost");

        String answer =
                programs.run(
                                Command.of(
                                        "psql",
                                        "-At",
                                        "-v",
                                        "ON_ERROR_STOP=1",
                                        "postgresql://postgres@127.0.0.1:" + port + "/postgres",
                                        "-c",
                                        "create table numbers as select generate_series(1,100000) n",
                                        "-c",
                                        "select sum(n) from numbers",
                                        "-c",
                                        "select length(string_agg(n::text, ',')) from numbers"))
                        .output();

        assertThat(answer).isEqualTo("SELECT 100000\n5000050000\n588894\n");
    }

    @Test
    void theClientEndsAndTheAnswerStillComes() throws Exception {
        int port = listener("answers-after-the-end.it.localhost");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(BYTES);
            socket.shutdownOutput();

            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo(hash());
        }
    }

    @Test
    void theServiceEndsAndTheClientStillSends() throws Exception {
        int port = listener("ends-first.it.localhost");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            String got = hash(socket.getInputStream());
            socket.getOutputStream().write(got.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();

            assertThat(got).isEqualTo(hash());
            assertThat(lateHash.get(30, TimeUnit.SECONDS)).isEqualTo(got);
        }
    }

    @Test
    void theEndOfStandardInputIsNotTheEndOfTheAnswer() throws Exception {
        Path file = programs.directory().resolve("bytes");
        java.nio.file.Files.write(file, BYTES);

        Finished access =
                programs.run(
                        edge.access("tcp", "answers-after-the-end.it.localhost").reading(file));

        assertThat(access.output()).isEqualTo(hash());
        assertThat(access.stderr()).isEmpty();
    }

    @Test
    void severalConnectionsShareAListener() throws Exception {
        int port = listener("answers-after-the-end.it.localhost");
        try (Socket first = new Socket(InetAddress.getLoopbackAddress(), port);
                Socket second = new Socket(InetAddress.getLoopbackAddress(), port)) {
            first.setSoTimeout(30_000);
            second.setSoTimeout(30_000);
            first.getOutputStream().write(1);
            second.getOutputStream().write(2);
            first.shutdownOutput();
            byte[] hash = new byte[64];
            new DataInputStream(first.getInputStream()).readFully(hash);
            second.shutdownOutput();

            assertThat(new String(hash, StandardCharsets.US_ASCII))
                    .matches(Pattern.compile("[0-9a-f]{64}"));
            assertThat(second.getInputStream().readAllBytes()).hasSize(64);
        }
    }
}
