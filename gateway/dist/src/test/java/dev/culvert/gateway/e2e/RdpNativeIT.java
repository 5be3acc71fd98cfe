package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.testkit.hosts.RdpHost;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// FreeRDP through `access rdp`, the edge and the connector to a real xrdp.
@Timeout(300)
final class RdpNativeIT {
    private static final String HOST = "office.it.localhost";
    private static final String STRICT = "strict.it.localhost";

    @RegisterExtension static final Programs programs = new Programs();

    private static RdpHost host;
    private static Edge edge;
    private static Connector connector;

    @BeforeAll
    static void start() throws Exception {
        host = RdpHost.xrdp();
        edge = Edge.start(programs, programs.freshDirectory("state"));
        String token = edge.createTunnel("lan");
        edge.publish("*.it.localhost", "lan");
        connector =
                Connector.start(
                        edge,
                        token,
                        """
                        ingress:
                          - hostname: %s
                            service: rdp://127.0.0.1:%d
                            originRequest: {rdpSecurity: [tls, credssp]}
                          - hostname: %s
                            service: rdp://127.0.0.1:%d
                            originRequest: {rdpSecurity: [credssp]}
                          - service: http_status:404
                        """
                                .formatted(HOST, host.port(), STRICT, host.port()),
                        "--loglevel",
                        "debug");
    }

    @AfterAll
    static void stop() throws Exception {
        host.close();
    }

    private static int listener(String name) throws Exception {
        Program access = programs.start(edge.access("rdp", name, "--url", "127.0.0.1:0"));
        return Integer.parseInt(access.await("listening on 127.0.0.1:(\\d+)").group(1));
    }

    private static Program freeRdp(int port, String security) throws Exception {
        Program screen =
                programs.start(
                        Command.line("Xvfb -displayfd 1 -screen 0 1024x768x24 -nolisten tcp"));
        String display = ":" + screen.await("^(\\d+)$").group(1);
        return programs.start(
                Command.of(
                                "xfreerdp",
                                "/v:127.0.0.1:" + port,
                                "/u:" + RdpHost.USER,
                                "/p:" + RdpHost.PASSWORD,
                                "/cert:ignore",
                                "/sec:" + security,
                                "/size:800x600")
                        .with("DISPLAY", display));
    }

    @Test
    void aPersonSignsInToADesktop() throws Exception {
        Program client = freeRdp(listener(HOST), "tls");

        connector.program.await("cookie=\\\\?\"rdptest\\\\?\" security=tls");
        connector.program.await("security=tls");
        Waiting.until(
                "a desktop of xrdp",
                () ->
                        host.log().contains("login successful for user " + RdpHost.USER)
                                && host.log().contains("connected ok"));
        client.kill();
    }

    @Test
    void whoAsksForLessThanTheRuleTakesIsRefused() throws Exception {
        Program old = freeRdp(listener(HOST), "rdp");
        connector.program.await("the client asks for rdp, this service takes tls,credssp");
        assertThat(old.finish(Waiting.LONG).exit()).isNotZero();

        Program tls = freeRdp(listener(STRICT), "tls");
        connector.program.await("the client asks for tls, this service takes credssp");
        assertThat(tls.finish(Waiting.LONG).exit()).isNotZero();

        // Asks for both, and the host knows no CredSSP.
        byte[] both = HexFormat.of().parseHex("030000130ee000000000000100080003000000");
        assertThat(answer(listener(STRICT), both)).isEmpty();
        connector.program.await("the origin chose tls, this service takes credssp");
    }

    @Test
    void whatIsNoRdpIsRefused() throws Exception {
        byte[] request = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(answer(listener(HOST), request)).isEmpty();
        connector.program.await("the client sent an HTTP request, this service speaks RDP");
    }

    private static byte[] answer(int port, byte[] request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request);
            return socket.getInputStream().readAllBytes();
        }
    }
}
