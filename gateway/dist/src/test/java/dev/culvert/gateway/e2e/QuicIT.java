package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Every kind of traffic with the tunnel's protocol chosen: over QUIC, and over HTTP/2 where QUIC is
/// switched off.
@Timeout(120)
final class QuicIT {
    private static final int MEGABYTES = 10;

    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static Connector connector;
    private static Nginx nginx;
    private static Sshd sshd;
    private static Path big;

    @BeforeAll
    static void start() throws Exception {
        nginx = new Nginx(programs);
        sshd = new Sshd(programs);
        big = Scratch.randomFile(nginx.root.resolve("big"), MEGABYTES);
        edge = Edge.start(programs, programs.freshDirectory("state"));
        connector = served(edge, "--protocol", "quic");
    }

    private static Connector served(Edge by, Object... options) throws Exception {
        String token = by.createTunnel("lan");
        by.publish("*.it.localhost", "lan");
        by.publish(Sshd.HOST, "lan");
        return Connector.start(
                by,
                token,
                """
                ingress:
                  - hostname: hello.it.localhost
                    service: hello_world
                  - hostname: %s
                    service: ssh://127.0.0.1:%d
                  - service: http://127.0.0.1:%d
                """
                        .formatted(Sshd.HOST, sshd.port, nginx.port),
                options);
    }

    private static void assertDownloadsArriveWhole(Edge from) throws Exception {
        Path got = programs.freshDirectory("got").resolve("big");
        programs.run(from.curl("-o", got, from.url("web.it.localhost", "/big"))).output();
        assertThat(Scratch.sha256(got)).isEqualTo(Scratch.sha256(big));
    }

    private static void assertUploadsArriveWhole(Edge to, String name) throws Exception {
        String status =
                programs.run(
                                to.curl(
                                        "-w",
                                        "%{http_code}",
                                        "-T",
                                        big,
                                        to.url("web.it.localhost", "/" + name)))
                        .output();
        assertThat(status).isEqualTo("201");
        assertThat(Scratch.sha256(nginx.root.resolve(name))).isEqualTo(Scratch.sha256(big));
    }

    @Test
    void theConnectorCameByQuic() throws Exception {
        edge.program.await("Tunnel connection registered .*protocol=quic");
        assertThat(connector.program.stderr()).contains("protocol=quic").doesNotContain("WARN");
    }

    @Test
    void bodiesArriveWholeBothWays() throws Exception {
        assertDownloadsArriveWhole(edge);
        assertUploadsArriveWhole(edge, "up-quic");
    }

    @Test
    void uploadsOfUnknownLengthArriveWhole() throws Exception {
        String status =
                programs.run(
                                edge.curl(
                                                "--http1.1",
                                                "-w",
                                                "%{http_code}",
                                                "-T",
                                                "-",
                                                edge.url("web.it.localhost", "/chunked-quic"))
                                        .reading(big))
                        .output();
        assertThat(status).isEqualTo("201");
        assertThat(Scratch.sha256(nginx.root.resolve("chunked-quic")))
                .isEqualTo(Scratch.sha256(big));
    }

    @Test
    void webSocketsCarryMessagesBothWays() throws Exception {
        try (WebSocketClient client = WebSocketClient.open(edge, "hello.it.localhost", "/ws")) {
            for (int i = 0; i < 3; i++) {
                client.send("message " + i);
                assertThat(client.receive("message " + i)).isNotEmpty();
            }
        }
    }

    @Test
    void sshWorksThroughAProxyCommandAndThroughALocalPort() throws Exception {
        Path command =
                sshd.clientConfig(
                        "quic_command",
                        Shipped.ACCESS
                                + " ssh --hostname %h:"
                                + edge.publicPort
                                + " --cacert "
                                + edge.authority(),
                        "");
        Finished ssh =
                programs.run(Command.of("ssh", "-F", command, Sshd.HOST, "sha256sum").reading(big));
        assertThat(ssh.output()).startsWith(Scratch.sha256(big));

        Program access = programs.start(edge.access("tcp", Sshd.HOST, "--url", "127.0.0.1:0"));
        String port = access.await("listening on 127.0.0.1:(\\d+)").group(1);
        Path direct =
                sshd.clientConfig(
                        "quic_port",
                        "",
                        "HostKeyAlias %s\nHostname 127.0.0.1\nPort %s\n"
                                .formatted(Sshd.HOST, port));
        Path back = programs.directory().resolve("scp-back-quic");
        programs.run(Command.of("scp", "-q", "-F", direct, Sshd.HOST + ":" + big, back)).output();
        assertThat(Scratch.sha256(back)).isEqualTo(Scratch.sha256(big));
    }

    @Test
    void withoutQuicAtTheEdgeTheConnectorComesByHttp2() throws Exception {
        Edge other = Edge.start(programs, programs.freshDirectory("no-quic"), "--no-quic");
        Connector falls = served(other);
        falls.program.await("QUIC is not answered, connections use HTTP/2");
        other.program.await("Tunnel connection registered .*protocol=http2");
        assertDownloadsArriveWhole(other);
        assertUploadsArriveWhole(other, "up-http2");
    }
}
