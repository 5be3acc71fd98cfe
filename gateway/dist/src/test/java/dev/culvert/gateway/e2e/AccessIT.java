package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The exit codes of `access`: 0 ok, 1 failed, 2 usage or configuration, 3 login needed, 4 denied. Its
/// standard output carries the tunnel's bytes and nothing else.
@Timeout(120)
final class AccessIT {
    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static Pki pki;

    @BeforeAll
    static void start() throws Exception {
        pki = new Pki(programs);
        Origin echo =
                programs.closing(
                        new Origin(client -> {
                            client.getInputStream().transferTo(client.getOutputStream());
                            client.shutdownOutput();
                        }));
        Origin login =
                programs.closing(
                        new Origin(client -> {
                            client.getInputStream().read(new byte[4096]);
                            client.getOutputStream()
                                    .write(
                                            ("HTTP/1.1 302 Found\r\nLocation: https://auth.example"
                                                            + "/cdn-cgi/access/login/x\r\nContent-Length:"
                                                            + " 0\r\n\r\n")
                                                    .getBytes());
                        }));
        edge = Edge.start(programs, programs.freshDirectory("state"));
        String token = edge.createTunnel("main");
        edge.publish("echo.it.localhost", "main");
        edge.publish("login.it.localhost", "main");
        edge.publish("refused.it.localhost", "main");
        AdminApi.of(edge.state)
                .ask(
                        "POST",
                        "routes",
                        "{\"hostname\":\"closed.it.localhost\",\"tunnel\":\"main\"}");
        Connector.start(
                edge,
                token,
                """
                ingress:
                  - hostname: echo.it.localhost
                    service: tcp://127.0.0.1:%d
                  - hostname: login.it.localhost
                    service: http://127.0.0.1:%d
                  - hostname: refused.it.localhost
                    service: tcp://127.0.0.1:%d
                  - service: http_status:404
                """
                        .formatted(echo.port(), login.port(), Scratch.freePort()));
    }

    private static void ends(int exit, Command command, String error, String hint)
            throws Exception {
        Finished ended = programs.run(command).expectExit(exit);
        assertThat(ended.stdout()).isEmpty();
        assertThat(ended.stderr())
                .as(ended::toString)
                .containsPattern("^access: error: .*" + error)
                .containsPattern("(?m)^access: hint: .*" + hint);
        assertThat(ended.stderr().lines()).hasSize(2);
    }

    @Test
    void bytesThatCameBackEndWith0() throws Exception {
        Finished ended =
                programs.run(
                        edge.access("tcp", "echo.it.localhost")
                                .reading(
                                        Scratch.write(
                                                programs.directory().resolve("said"), "said\n")));

        assertThat(ended.output()).isEqualTo("said\n");
        assertThat(ended.stderr()).isEmpty();
    }

    @Test
    void failuresEndWith1() throws Exception {
        ends(1, edge.access("tcp", "nobody.it.localhost"), "404.*unknown_host", "route add");
        ends(1, edge.access("tcp", "refused.it.localhost"), "502.*origin_refused", "");
        ends(
                1,
                Command.access("tcp", "--hostname", "a.localhost:" + Scratch.freePort()),
                "connection refused",
                "edge is running");
    }

    @Test
    void anUnknownAuthorityIsNamed() throws Exception {
        ends(
                1,
                edge.access("ssh", "echo.it.localhost")
                        .replacing(edge.authority().toString(), pki.authority.toString()),
                "unknown authority",
                "--cacert");
    }

    @Test
    void aCertificateOfAnotherNameIsNamed() throws Exception {
        int port = pki.serve("other.example");
        ends(
                1,
                Command.access("ssh", "--hostname", "ssh.localhost:" + port)
                        .and("--cacert", pki.authority),
                "not for ssh.localhost",
                "");
    }

    @Test
    void wrongUseEndsWith2() throws Exception {
        Finished alone = programs.run(Command.access()).expectExit(2);
        assertThat(alone.stdout()).isEmpty();
        assertThat(alone.stderr())
                .startsWith("access: error: no command")
                .contains("access: hint: ", "Usage: access");
        ends(2, Command.access("tcp", "--hostnam", "x"), "--hostnam", "--help");
        ends(2, Command.access("tcp", "--hostname", "a b"), "--hostname", "");
        ends(
                2,
                edge.access("tcp", "echo.it.localhost")
                        .replacing(edge.authority().toString(), "/does/not/exist"),
                "--cacert",
                "");
    }

    @Test
    void aLoginPageEndsWith3() throws Exception {
        ends(3, edge.access("tcp", "login.it.localhost"), "needs a login", "service-token");
    }

    @Test
    void aClosedRouteEndsWith4() throws Exception {
        ends(4, edge.access("tcp", "closed.it.localhost"), "403.*closed", "");
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ends(
                    1,
                    edge.access("tcp", "echo.it.localhost", "--url")
                            .and("127.0.0.1:" + taken.getLocalPort()),
                    "cannot listen on 127.0.0.1:" + taken.getLocalPort(),
                    "choose another port");
        }
    }
}
