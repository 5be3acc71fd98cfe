package dev.culvert.edge.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.admin.AdminEndpointFile;
import dev.culvert.edge.admin.LoopbackServer;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

class CommandsTest {
    @TempDir Path temp;
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @CommandLine.Command(
            name = "gateway",
            subcommands = {TunnelCommand.class, RouteCommand.class})
    static final class Gateway {}

    private int run(String... words) {
        out = new StringWriter();
        err = new StringWriter();
        String[] line = Arrays.copyOf(words, words.length + 2);
        line[words.length] = "--state";
        line[words.length + 1] = temp.resolve("state").toString();
        return CommandErrors.on(new CommandLine(new Gateway()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(line);
    }

    @Test
    void createShowsBothConnectors() {
        assertThat(run("tunnel", "create", "home", "--edge", "edge.example.com:7844")).isZero();
        String text = out.toString();
        assertThat(run("tunnel", "token", "home")).isZero();
        String token = out.toString().strip();
        assertThat(text)
                .contains("gateway connector run --edge edge.example.com:7844 --cacert ca.pem")
                .contains(
                        "cloudflared tunnel --no-autoupdate --edge edge.example.com:7844"
                                + " --cacert ca.pem run --token "
                                + token);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void routeIsClosedUnlessPublicAndSaysSo() {
        run("tunnel", "create", "home");
        assertThat(run("route", "add", "a.example.com", "home")).isZero();
        assertThat(out.toString()).contains("added, closed.");
        assertThat(err.toString())
                .contains("gateway: warning: a.example.com answers \"closed\"")
                .contains("--public");
        assertThat(run("route", "add", "b.example.com", "home", "--public", "-o", "json")).isZero();
        assertThat(new JsonMapper().readTree(out.toString()).path("public").asBoolean()).isTrue();
        assertThat(err.toString()).isEmpty();
        assertThat(run("route", "list")).isZero();
        assertThat(out.toString().lines().skip(1))
                .satisfiesExactly(
                        line -> assertThat(line).matches("a\\.example\\.com +home +closed +\\S+"),
                        line -> assertThat(line).matches("b\\.example\\.com +home +public +\\S+"));
        assertThat(run("route", "remove", "A.example.com")).isZero();
        assertThat(run("tunnel", "list", "-o", "json")).isZero();
        assertThat(new JsonMapper().readTree(out.toString()).at("/0/routes").asInt()).isEqualTo(1);
        assertThat(run("tunnel", "delete", "home")).isEqualTo(1);
        assertThat(run("tunnel", "delete", "home", "--force")).isZero();
    }

    @Test
    void failuresHaveErrorHintAndExitCode() throws Exception {
        assertThat(run("tunnel", "token", "none")).isEqualTo(1);
        assertThat(err.toString()).matches("gateway: error: [^\n]+\ngateway: hint: [^\n]+\n");
        assertThat(run("tunnel", "create", "a b")).isEqualTo(2);
        assertThat(err.toString()).matches("gateway: error: [^\n]+\ngateway: hint: [^\n]+\n");
        assertThat(run("tunnel", "create")).isEqualTo(2);
        assertThat(err.toString()).matches("gateway: error: [^\n]+\ngateway: hint: [^\n]+\n");
        assertThat(run("tunnel", "list", "-o", "xml")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        Files.setPosixFilePermissions(
                temp.resolve("state"),
                java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(run("tunnel", "list")).isEqualTo(2);
        assertThat(err.toString()).contains("gateway: hint: chmod 700 ");
    }

    @Test
    void goesThroughTheRunningEdge() throws Exception {
        try (StateDirectory directory = StateDirectory.open(temp.resolve("state"));
                State state = State.open(directory, null);
                LoopbackServer server = new LoopbackServer(state);
                AdminEndpointFile file = AdminEndpointFile.write(directory, server.endpoint())) {
            assertThat(file).isNotNull();
            assertThat(run("tunnel", "create", "home")).isZero();
            assertThat(state.listTunnels()).hasSize(1);
            assertThat(run("tunnel", "rotate", "home")).isZero();
            assertThat(run("route", "add", "a.b:1", "home")).isEqualTo(2);
            assertThat(err.toString()).contains("has a port");
        }
    }

    @Test
    void configureTakesAFileAndShowsAllThatIsWrongWithIt() throws Exception {
        run("tunnel", "create", "home");
        Path file = temp.resolve("config.yml");
        Files.writeString(file, "token: secret\ningress: [{service: \"http://a\"}]\n");

        assertThat(run("tunnel", "configure", "home", file.toString())).isZero();
        assertThat(out.toString()).isEqualTo("Tunnel home configured, version 1, 1 rule.\n");
        assertThat(err.toString()).contains("left out").contains("token").doesNotContain("secret");
        assertThat(run("tunnel", "list")).isZero();
        assertThat(out.toString()).containsPattern("home .* version 1\\s");
        assertThat(run("tunnel", "configuration", "home")).isZero();
        assertThat(out.toString()).startsWith("Version 1\n").contains("\"service\" : \"http://a\"");
        assertThat(run("tunnel", "configuration", "home", "-o", "json")).isZero();
        assertThat(new JsonMapper().readTree(out.toString()).path("version").asInt()).isEqualTo(1);

        Files.writeString(file, "ingress: [{service: a}, {hostname: b}]\n");
        assertThat(run("tunnel", "configure", "home", file.toString())).isEqualTo(2);
        assertThat(err.toString().lines())
                .hasSizeGreaterThan(3)
                .allMatch(line -> line.matches("gateway: (error|hint): .+"));
        assertThat(run("tunnel", "configure", "home")).isEqualTo(2);
        assertThat(run("tunnel", "configure", "home", file.toString(), "--remove")).isEqualTo(2);

        assertThat(run("tunnel", "configure", "home", "--remove")).isZero();
        assertThat(run("tunnel", "configuration", "home")).isEqualTo(1);
        assertThat(run("tunnel", "list")).isZero();
        assertThat(out.toString()).contains("connector's");
    }

    @Test
    void onlyCreateBeginsANewState() {
        assertThat(run("tunnel", "list")).isEqualTo(1);
        assertThat(err.toString()).contains("there is no state in").contains("--state");
        assertThat(temp.resolve("state")).doesNotExist();
        assertThat(run("tunnel", "create", "home")).isZero();
        assertThat(run("tunnel", "list")).isZero();
    }
}
