package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What goes wrong at the start: the message says what and what to do, the exit code says whose turn it is,
/// and nothing is left half started.
@Timeout(120)
final class FailuresIT {
    private static final int FAILED = 1;
    private static final int CONFIGURATION = 2;

    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static String token;
    private static Pki pki;
    private static Path ingress;

    @BeforeAll
    static void start() throws Exception {
        pki = new Pki(programs);
        edge = Edge.start(programs, programs.freshDirectory("state"));
        token = edge.createTunnel("main");
        edge.publish("*.it.localhost", "main");
        ingress =
                Scratch.write(
                        programs.directory().resolve("hello.yml"),
                        "ingress: [{service: hello_world}]\n");
    }

    private static Finished fails(int exit, Command command, String error, String hint)
            throws Exception {
        Finished ended = programs.run(command).expectExit(exit);
        String program = command.name();
        assertThat(ended.stderr())
                .as(ended::toString)
                .containsPattern("(?m)^" + program + ": error: .*" + error)
                .containsPattern("(?m)^" + program + ": hint: .*" + hint)
                .doesNotContain("\tat ", "Exception");
        assertThat(ended.stdout()).isEmpty();
        return ended;
    }

    private static Command connector(String token) {
        return Connector.command(edge, token, ingress);
    }

    @Test
    void aConnectorWithAWrongTokenEnds() throws Exception {
        String wrong =
                new String(java.util.Base64.getDecoder().decode(token))
                        .replaceFirst("\"s\":\"..", "\"s\":\"AA");
        fails(
                FAILED,
                connector(java.util.Base64.getEncoder().encodeToString(wrong.getBytes())),
                "refused the tunnel: Unauthorized",
                "gateway tunnel token");
    }

    @Test
    void aConnectorOfADeletedTunnelEnds() throws Exception {
        String gone = edge.createTunnel("gone");
        AdminApi.of(edge.state).ask("DELETE", "tunnels/gone", "");

        fails(FAILED, connector(gone), "refused the tunnel: Unauthorized", "gateway tunnel token");
    }

    @Test
    void textThatIsNoTokenIsAConfigurationError() throws Exception {
        fails(CONFIGURATION, connector("not-a-token"), "token", "nothing was started");
    }

    @Test
    void aConnectorThatTrustsAnotherAuthorityEnds() throws Exception {
        fails(
                FAILED,
                connector(token).replacing(edge.authority().toString(), pki.authority.toString()),
                "authority this connector does not trust",
                "ca.pem with --cacert");
    }

    @Test
    void aConnectorThatMeetsACertificateOfAnotherNameEnds() throws Exception {
        int port = pki.serve("other.example");

        fails(
                FAILED,
                connector(token)
                        .replacing(edge.authority().toString(), pki.authority.toString())
                        .replacing("127.0.0.1:" + edge.tunnelPort, "127.0.0.1:" + port),
                "not valid for h2.cftunnel.com",
                "tunnel port of a Culvert edge");
    }

    @Test
    void aConnectorKeepsTryingAnEdgeThatIsNotThere() throws Exception {
        int port = Scratch.freePort();
        Program connector =
                programs.start(
                        connector(token)
                                .replacing("127.0.0.1:" + edge.tunnelPort, "127.0.0.1:" + port));

        connector.await("nothing accepts connections at 127.0.0.1:" + port + ".* retryIn=");

        assertThat(connector.isAlive()).isTrue();
        connector.signal("TERM");
        connector.finish(Duration.ofSeconds(10));
    }

    @Test
    void anOriginsCertificateIsVerifiedChainAndName() throws Exception {
        int wrongName = pki.serve("other.example");
        int unknownAuthority = pki.serve("localhost");
        String own = edge.createTunnel("https");
        edge.publish("wrong-name.https.localhost", "https");
        edge.publish("unknown.https.localhost", "https");
        edge.publish("right.https.localhost", "https");
        Connector.start(
                edge,
                own,
                """
                ingress:
                  - hostname: wrong-name.https.localhost
                    service: https://localhost:%1$d
                    originRequest: {caPool: "%3$s"}
                  - hostname: unknown.https.localhost
                    service: https://localhost:%2$d
                  - hostname: right.https.localhost
                    service: https://localhost:%2$d
                    originRequest: {caPool: "%3$s"}
                  - service: http_status:404
                """
                        .formatted(wrongName, unknownAuthority, pki.authority));

        for (String host : new String[] {"wrong-name.https.localhost", "unknown.https.localhost"}) {
            String answer = programs.run(edge.curl(edge.url(host, "/"))).output();
            assertThat(AdminApi.value("code", answer)).isEqualTo("origin_tls");
        }
        assertThat(edge.status("right.https.localhost")).isEqualTo("200");
    }

    @Test
    void aPortInUseStopsTheStart() throws Exception {
        Path state = programs.freshDirectory("state");
        fails(
                FAILED,
                Edge.command(state, edge.publicPort, 0),
                "public listener cannot listen on 127.0.0.1:" + edge.publicPort + ".*in use",
                "stop the program");

        assertThat(state.resolve("admin.json")).doesNotExist();
        // Nothing holds the state.
        Edge.gateway(programs, state, "tunnel", "list").output();
    }

    @Test
    void badYamlIsShownWithItsPlace() throws Exception {
        Path bad = Scratch.write(programs.directory().resolve("bad.yml"), "ingress:\n  - [\n");

        Finished ended =
                fails(
                        CONFIGURATION,
                        Connector.command(edge, token, bad),
                        "bad.yml:\\d+:\\d+",
                        "nothing was started");
        assertThat(ended.stderr()).doesNotContain("Starting connector");
    }

    @Test
    void unknownKeysAreAllShownWithTheNearestName() throws Exception {
        Path edgeFile =
                Scratch.write(
                        programs.directory().resolve("edge.yml"),
                        "lisen: 127.0.0.1:0\ngrace-perod: 3s\n");
        Path connectorFile =
                Scratch.write(
                        programs.directory().resolve("connector.yml"),
                        "ingres: []\ningress:\n  - service: hello_world\n    orginRequest: {}\n");

        Finished ofEdge =
                fails(
                        CONFIGURATION,
                        Command.gateway("edge", "--config", edgeFile),
                        "edge.yml:1:1 lisen: .*did you mean \"listen\"",
                        "nothing was started");
        assertThat(ofEdge.stderr()).contains("did you mean \"grace-period\"");
        Finished ofConnector =
                fails(
                        CONFIGURATION,
                        Connector.command(edge, token, connectorFile),
                        "did you mean \"ingress\"",
                        "nothing was started");
        assertThat(ofConnector.stderr()).contains("did you mean \"originRequest\"");
    }

    @Test
    void aStateThatOthersCanReadIsRefused() throws Exception {
        Path state = programs.freshDirectory("state");
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));

        fails(
                CONFIGURATION,
                Edge.command(state, 0, 0),
                "permissions rwxr-xr-x",
                "chmod 700 " + state);
        assertThat(state).isEmptyDirectory();
    }

    @Test
    void aSecondEdgeOnTheSameStateEnds() throws Exception {
        fails(
                FAILED,
                Edge.command(edge.state, 0, 0),
                "in use by process " + edge.program.pid(),
                "");
        assertThat(edge.status("nobody.localhost")).isEqualTo("404");
    }

    @Test
    void anotherJdkIsNamedWithItsPlace() throws Exception {
        Path old = programs.freshDirectory("jdk-17");
        Scratch.write(old.resolve("release"), "JAVA_VERSION=\"17.0.9\"\n");
        Files.createFile(
                Files.createDirectory(old.resolve("bin")).resolve("java"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (Command command :
                new Command[] {Command.gateway("--version"), Command.access("version")}) {
            fails(
                    CONFIGURATION,
                    command.with("CULVERT_JAVA_HOME", old)
                            .with("PATH", "/bin:/usr/bin")
                            .with("CULVERT_JVM_DIRECTORY", old),
                    "found no JDK 25",
                    "CULVERT_JAVA_HOME");
        }
    }

    @Test
    void aWrongCommandLineIsExplained() throws Exception {
        fails(CONFIGURATION, Command.gateway("edge", "--lisen", "x"), "--lisen", "--help");
        fails(CONFIGURATION, Command.gateway("connector"), "gateway connector run", "--help");
        fails(CONFIGURATION, Command.gateway("tunnel"), "", "--help");
    }
}
