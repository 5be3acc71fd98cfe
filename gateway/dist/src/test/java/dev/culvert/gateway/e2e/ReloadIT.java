package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Configuration that changes while the connector runs: by its file, and by the edge.
@Timeout(120)
final class ReloadIT {
    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static Nginx nginx;
    private static Path four;

    @BeforeAll
    static void start() throws Exception {
        nginx = new Nginx(programs);
        four = Scratch.randomFile(nginx.root.resolve("four"), 4);
        edge = Edge.start(programs, programs.freshDirectory("state"));
    }

    private static String rules(String... hostsAndServices) {
        StringBuilder text = new StringBuilder("ingress:\n");
        for (int i = 0; i < hostsAndServices.length; i += 2) {
            text.append("- hostname: %s\n".formatted(hostsAndServices[i]))
                    .append("  service: %s\n".formatted(hostsAndServices[i + 1]));
        }
        return text + "- service: http_status:418\n";
    }

    private static String web() {
        return "http://127.0.0.1:" + nginx.port;
    }

    private static void replace(Path file, String text) throws Exception {
        Path next = Files.writeString(file.resolveSibling("next"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void awaitStatus(String host, String status) throws Exception {
        Waiting.until(host + " says " + status, () -> edge.status(host).equals(status));
    }

    @Test
    void theFileIsReloadedAndNoStreamIsCut() throws Exception {
        String token = edge.createTunnel("file");
        edge.publish("*.file.localhost", "file");
        Path directory = programs.freshDirectory("reloaded");
        Path config =
                Scratch.write(directory.resolve("config.yml"), rules("slow.file.localhost", web()));
        Connector connector = Connector.of(edge, token, config);
        Path got = directory.resolve("got");
        Program download =
                programs.start(
                        edge.curl(
                                "-o",
                                got,
                                "-D",
                                "-",
                                edge.url("slow.file.localhost", "/slow/four")));
        download.await("^HTTP/2 200", Duration.ofSeconds(10));
        assertThat(edge.status("new.file.localhost")).isEqualTo("418");

        replace(config, rules("new.file.localhost", web()));

        awaitStatus("new.file.localhost", "200");
        assertThat(edge.status("slow.file.localhost")).isEqualTo("418");
        assertThat(connector.own("/metrics")).contains("culvert_config_draining 1.0");

        replace(config, rules("new.file.localhost", "htp://127.0.0.1:1"));

        connector.program.await(
                "not taken, the rules in force stay.*\\n.*config\\.yml:3:12 ingress\\[0\\]\\.service:"
                        + " .*did you mean http\\?");
        assertThat(edge.status("new.file.localhost")).isEqualTo("200");
        assertThat(connector.own("/metrics")).contains("culvert_config_reload_ok 0.0");

        replace(config, rules("hup.file.localhost", web()));
        awaitStatus("hup.file.localhost", "200");
        download.finish();
        assertThat(Scratch.sha256(got)).isEqualTo(Scratch.sha256(four));
        Waiting.until(
                "old rules are closed",
                () -> connector.own("/metrics").contains("culvert_config_draining 0.0"));
        assertThat(connector.own("/config"))
                .startsWith("200 {\"version\":-1,\"config\":{\"ingress\":[{\"hostname\":\"hup.");
        assertThat(connector.registrations()).as("nobody reconnected").isLessThanOrEqualTo(4);

        long taken = taken(connector);
        connector.program.signal("HUP");
        Waiting.until("read again by signal", () -> taken(connector) == taken + 1);
        assertThat(connector.program.isAlive()).isTrue();
    }

    @Test
    void aConnectorWithoutAFileServesWhatTheEdgeConfigured() throws Exception {
        String token = edge.createTunnel("edge");
        edge.publish("*.edge.localhost", "edge");
        Connector connector = Connector.withoutRules(edge, token);
        assertThat(edge.status("web.edge.localhost")).isEqualTo("503");
        Path file = programs.freshDirectory("rules").resolve("rules.yml");
        Files.writeString(file, rules("web.edge.localhost", web()));

        edge.gateway("tunnel", "configure", "edge", file).output();
        awaitStatus("web.edge.localhost", "200");
        configure("other.edge.localhost", web());
        awaitStatus("other.edge.localhost", "200");

        assertThat(edge.status("web.edge.localhost")).isEqualTo("418");
        assertThat(connector.own("/config")).startsWith("200 {\"version\":2,");
        configure("web.edge.localhost", "htp://127.0.0.1:1");
        Waiting.until("the refusal is shown", () -> ask("GET", "").contains("did you mean http?"));
        assertThat(edge.status("other.edge.localhost")).isEqualTo("200");
    }

    private static void configure(String host, String service) throws Exception {
        ask(
                "POST",
                "{\"config\":{\"ingress\":[{\"hostname\":\"%s\",\"service\":\"%s\"},{\"service\":\"http_status:418\"}]}}"
                        .formatted(host, service));
    }

    private static String ask(String method, String body) throws Exception {
        return AdminApi.of(edge.state).ask(method, "tunnels/edge/configuration", body);
    }

    private static long taken(Connector connector) throws Exception {
        return Pattern.compile("Configuration file taken")
                .matcher(connector.program.stderr())
                .results()
                .count();
    }
}
