package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Web origins: nginx and the built-in page, asked by curl.
@Timeout(120)
final class HttpIT {
    private static final int MEGABYTES = 50;
    private static final int EVENT_LOOPS = Math.min(4, Runtime.getRuntime().availableProcessors());

    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static Connector connector;
    private static Nginx nginx;
    private static Path big;

    @BeforeAll
    static void start() throws Exception {
        nginx = new Nginx(programs);
        big = Scratch.randomFile(nginx.root.resolve("big"), MEGABYTES);
        edge = Edge.start(programs, programs.freshDirectory("state"));
        String token = edge.createTunnel("web");
        edge.publish("*.it.localhost", "web");
        connector =
                Connector.start(
                        edge,
                        token,
                        """
                        ingress:
                          - hostname: hello.it.localhost
                            service: hello_world
                          - service: http://127.0.0.1:%d
                        """
                                .formatted(nginx.port));
    }

    private static String web(String path) {
        return edge.url("web.it.localhost", path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void downloadsArriveWhole(String version) throws Exception {
        Path got = programs.directory().resolve("got" + version);

        String seen =
                programs.run(
                                edge.curl(
                                        version,
                                        "-o",
                                        got,
                                        "-w",
                                        "%{http_version} %{http_code}",
                                        web("/big")))
                        .output();

        assertThat(seen).isEqualTo(version.substring("--http".length()) + " 200");
        assertThat(Scratch.sha256(got)).isEqualTo(Scratch.sha256(big));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void uploadsArriveWhole(String version) throws Exception {
        String name = "up" + version;

        String status =
                programs.run(edge.curl(version, "-w", "%{http_code}", "-T", big, web("/" + name)))
                        .output();

        assertThat(status).isEqualTo("201");
        assertThat(Scratch.sha256(nginx.root.resolve(name))).isEqualTo(Scratch.sha256(big));
    }

    @Test
    void uploadsOfUnknownLengthArriveWhole() throws Exception {
        Path part = Scratch.randomFile(programs.directory().resolve("part"), 5);

        Finished curl =
                programs.run(
                        edge.curl(
                                        "--http1.1",
                                        "-v",
                                        "-w",
                                        "%{http_code}",
                                        "-T",
                                        "-",
                                        web("/chunked"))
                                .reading(part));

        assertThat(curl.output()).isEqualTo("201");
        assertThat(curl.stderr()).containsIgnoringCase("> Transfer-Encoding: chunked");
        assertThat(Scratch.sha256(nginx.root.resolve("chunked"))).isEqualTo(Scratch.sha256(part));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void aConnectionServesSeveralRequests(String version) throws Exception {
        String connects =
                programs.run(
                                edge.curl(
                                        version,
                                        "-w",
                                        "%{num_connects}/%{http_code} ",
                                        "-o",
                                        "/dev/null",
                                        "-o",
                                        "/dev/null",
                                        "-o",
                                        "/dev/null",
                                        web("/"),
                                        web("/missing"),
                                        web("/headers")))
                        .output();

        assertThat(connects).isEqualTo("1/200 0/404 0/200 ");
    }

    /// A kept connection belongs to an event loop, one a processor, and four tunnel connections are on them.
    @Test
    void theConnectorKeepsItsConnectionsToTheOrigin() throws Exception {
        Set<String> connections = new HashSet<>();
        for (int round = 0; round < 2 * EVENT_LOOPS; round++) {
            connections.add(header("connection", "--http1.1"));
            connections.add(header("connection", "--http2"));
        }

        assertThat(connections).hasSizeLessThanOrEqualTo(EVENT_LOOPS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void aHeadHasTheLengthAndNoBody(String version) throws Exception {
        String head = programs.run(edge.curl(version, "--head", web("/big"))).output();

        assertThat(head).containsIgnoringCase("content-length: " + (MEGABYTES << 20) + "\r\n");
        assertThat(head.lines().filter(line -> line.startsWith("HTTP/"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void rangesAreThePartsAskedFor(String version) throws Exception {
        Path got = programs.directory().resolve("range" + version);

        Finished curl =
                programs.run(
                        edge.curl(
                                version,
                                "-r",
                                "1000000-1999999",
                                "-o",
                                got,
                                "-w",
                                "%{http_code}",
                                web("/big")));

        assertThat(curl.output()).isEqualTo("206");
        byte[] wanted;
        try (var in = Files.newInputStream(big)) {
            in.skipNBytes(1_000_000);
            wanted = in.readNBytes(1_000_000);
        }
        assertThat(Files.readAllBytes(got)).isEqualTo(wanted);
    }

    @Test
    void whatOnlyTheEdgeMaySayIsNotTakenFromTheClient() throws Exception {
        String seen =
                programs.run(
                                edge.curl(
                                        "-H",
                                        "CF-Connecting-IP: 6.6.6.6",
                                        "-H",
                                        "Cf-Access-Jwt-Assertion: forged",
                                        "-H",
                                        "X-Forwarded-For: 6.6.6.6",
                                        "-H",
                                        "X-Forwarded-Proto: http",
                                        "-H",
                                        "X-Real-IP: 6.6.6.6",
                                        "-H",
                                        "X-Kept: yes",
                                        web("/headers")))
                        .output();

        assertThat(seen.lines())
                .contains(
                        "host=web.it.localhost:" + edge.publicPort,
                        "cf-connecting-ip=127.0.0.1",
                        "cf-access-jwt-assertion=",
                        "x-forwarded-for=127.0.0.1",
                        "x-forwarded-proto=https",
                        "x-real-ip=",
                        "x-kept=yes");
        assertThat(seen).doesNotContain("6.6.6.6", "forged").containsPattern("cf-ray=[0-9a-f]{16}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void eventsArriveAsTheyAreSent(String version) throws Exception {
        Program curl =
                programs.start(
                        edge.curl(
                                version, "-N", edge.url("hello.it.localhost", "/sse?freq=300ms")));

        curl.await("^data:.*\\n(.*\\n)*?data:.*$", Duration.ofSeconds(10));

        assertThat(curl.isAlive()).as("the stream goes on").isTrue();
    }

    /// For longer than a connector waits for a sign of the edge, which here sends nothing of its own accord.
    @Test
    void whoOnlyReceivesKeepsTheirConnection() throws Exception {
        Program curl =
                programs.start(edge.curl("-N", edge.url("hello.it.localhost", "/sse?freq=1s")));

        curl.await("^(data:.*\\n(.*\\n)*?){15}", Duration.ofSeconds(60));

        assertThat(connector.program.stderr()).doesNotContain("Tunnel connection silent");
    }

    @Test
    void webSocketMessagesComeBack() throws Exception {
        try (WebSocketClient socket = WebSocketClient.open(edge, "hello.it.localhost", "/ws")) {
            socket.send("over the tunnel and back");

            assertThat(socket.receive("over the tunnel and back"))
                    .contains("over the tunnel and back");
        }
    }

    private static String header(String name, String version) throws Exception {
        return programs.run(edge.curl(version, web("/headers")))
                .output()
                .lines()
                .filter(line -> line.startsWith(name + "="))
                .findFirst()
                .orElseThrow();
    }
}
