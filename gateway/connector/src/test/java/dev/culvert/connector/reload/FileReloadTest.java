package dev.culvert.connector.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.connector.reload.EchoPlugin.Echo;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@ExtendWith(NoLeaks.class)
final class FileReloadTest {
    private static final int HALF = 40_000;

    @TempDir Path directory;

    private LiveConnector connector(String... rules) throws Exception {
        return new LiveConnector(directory.resolve("config.yml"), rules);
    }

    @Test
    void twoHundredStreamsOpenAcrossTenReloadsLoseNoByte() throws Exception {
        try (LiveConnector connector = connector("g0")) {
            List<Side> streams = new ArrayList<>();
            for (int reload = 0; reload < 10; reload++) {
                for (int i = 0; i < 20; i++) {
                    Side side = connector.open(StreamKind.HTTP, "any.test", false);
                    side.sendPattern(HALF, 7_000, false);
                    streams.add(side);
                }
                for (Side side : streams.subList(reload * 20, streams.size())) {
                    assertThat(side.awaitResponse().headers().first("x-origin"))
                            .isEqualTo("g" + reload);
                }
                connector.write("g" + (reload + 1));
                connector.updates.readFile();
            }
            assertThat(connector.draining()).isEqualTo(10);
            assertThat(connector.plugin.made).extracting(e -> e.closed.get()).containsOnly(0);

            for (Side side : streams) {
                side.sendPattern(2L * HALF, 7_000, true);
            }

            for (Side side : streams) {
                side.awaitEnd();
                assertThat(side.received()).isEqualTo(2L * HALF);
                assertThat(side.patternBroken()).isFalse();
                assertThat(side.faults()).isEmpty();
                assertThat(side.breaches()).isEmpty();
            }
            Eventually.until("no stream is counted", () -> connector.router.openStreams() == 0);
            connector.awaitNothingDraining();
            Echo current = connector.plugin.last("g10");
            Eventually.until(
                    "the old origins are closed",
                    () ->
                            connector.plugin.made.stream()
                                    .allMatch(e -> e == current || e.closed.get() == 1));
            assertThat(connector.plugin.made).hasSize(11);
            for (Echo echo : connector.plugin.made) {
                assertThat(echo.started.get()).isEqualTo(1);
                assertThat(echo.closed.get()).isEqualTo(echo == current ? 0 : 1);
                assertThat(echo.runningAtClose).isLessThanOrEqualTo(0);
            }
            assertThat(
                            connector.meter(
                                    "culvert.config.reload", "source", "file", "result", "applied"))
                    .isEqualTo(10);
        }
    }

    @Test
    void anAddedRuleServesWithoutARestart() throws Exception {
        try (LiveConnector connector = connector("rest")) {
            assertThat(connector.origin("new.test")).isEqualTo("rest");

            connector.write("new", "rest");
            connector.updates.readFile();

            assertThat(connector.origin("new.test")).isEqualTo("new");
            assertThat(connector.origin("other.test")).isEqualTo("rest");
            assertThat(connector.logged())
                    .contains("Configuration file taken file=" + connector.file + " rules=2");
        }
    }

    @Test
    void aWrongFileKeepsTheRulesAndNamesEverythingWrong() throws Exception {
        try (LiveConnector connector = connector("good")) {
            connector.writeText(
                    """
                    ingress:
                    - hostname: a*b.test
                      service: echo:bad
                    - service: echo:new
                      orginRequest: {}
                    retries: many
                    """);
            connector.updates.readFile();

            assertThat(connector.origin("any.test")).isEqualTo("good");
            assertThat(connector.logged())
                    .contains("the rules in force stay", "problems=4")
                    .contains(connector.file + ":2:13 ingress[0].hostname: \"a*b.test\"")
                    .contains(connector.file + ":3:12 ingress[0].service: is bad")
                    .contains(connector.file + ":5:3 ingress[1].orginRequest: unknown key")
                    .contains(connector.file + ":6:10 retries: is text");
            assertThat(connector.meter("culvert.config.reload.ok")).isZero();
            assertThat(connector.plugin.last("new").closed.get()).isEqualTo(1);
            assertThat(connector.plugin.last("good").closed.get()).isZero();

            connector.write("better");
            connector.updates.readFile();

            assertThat(connector.origin("any.test")).isEqualTo("better");
            assertThat(connector.meter("culvert.config.reload.ok")).isEqualTo(1);
        }
    }

    @Test
    void anOriginThatDoesNotStartKeepsTheRules() throws Exception {
        try (LiveConnector connector = connector("good")) {
            connector.write("fine", "broken");
            connector.updates.readFile();

            assertThat(connector.origin("fine.test")).isEqualTo("good");
            assertThat(connector.logged())
                    .contains("service echo:broken does not start: it is broken");
            assertThat(connector.plugin.last("fine").closed.get()).isEqualTo(1);
            assertThat(connector.plugin.last("broken").closed.get()).isEqualTo(1);
        }
    }

    @Test
    void aFileThatIsGoneOrUnreadableOrEmptyKeepsTheRules() throws Exception {
        try (LiveConnector connector = connector("good")) {
            Files.delete(connector.file);
            connector.updates.readFile();
            assertThat(connector.logged()).contains(connector.file + ": no such file");

            Files.createDirectory(connector.file);
            connector.updates.readFile();
            assertThat(connector.logged()).contains(connector.file + ": cannot be read");
            Files.delete(connector.file);

            connector.writeText("");
            connector.updates.readFile();
            assertThat(connector.logged()).contains("no rules are left");

            assertThat(connector.origin("any.test")).isEqualTo("good");
            assertThat(
                            connector.meter(
                                    "culvert.config.reload",
                                    "source",
                                    "file",
                                    "result",
                                    "rejected"))
                    .isEqualTo(3);
        }
    }

    @Test
    void keysThatAreReadAtTheStartOnlyAreNamed() throws Exception {
        try (LiveConnector connector = connector("one")) {
            connector.writeText(
                    """
                    edge: other:7844
                    token: eyJhIjoiYSJ9
                    no-autoupdate: true
                    originRequest: {connectTimeout: 1s}
                    ingress: [{service: "echo:two"}]
                    """);
            connector.updates.readFile();

            assertThat(connector.origin("any.test")).isEqualTo("two");
            assertThat(connector.logged())
                    .contains("Changed keys take effect at the next start keys=[edge, token] file=")
                    .doesNotContain("eyJhIjoiYSJ9");
        }
    }

    @Test
    void whatIsInForceIsShownAsCloudflaredShowsIt() throws Exception {
        try (LiveConnector connector = connector("one")) {
            connector.writeText(
                    """
                    originRequest: {connectTimeout: 1m, tlsTimeout: 1500ms}
                    ingress:
                    - hostname: a.test
                      path: ^/x
                      service: echo:two
                      originRequest:
                        noTLSVerify: true
                        ipRules: [{prefix: 10.0.0.0/8, ports: [22], allow: true}]
                    - service: echo:three
                    """);
            connector.updates.readFile();

            assertThat(connector.updates.json())
                    .startsWith(
                            "{\"version\":-1,\"config\":{\"ingress\":[{\"hostname\":\"a.test\",")
                    .contains("\"path\":\"^/x\",\"service\":\"echo:two\",\"originRequest\":{")
                    .contains("\"connectTimeout\":60,\"tlsTimeout\":1.5,\"tcpKeepAlive\":30,")
                    .contains("\"noTLSVerify\":true", "\"warp-routing\":{}")
                    .contains(
                            "\"ipRules\":[{\"prefix\":\"10.0.0.0/8\",\"ports\":[22],\"allow\":true}]");
            assertThat(connector.updates.ownJson())
                    .isEqualTo(
                            "{\"__configuration_flags\":{},\"ingress\":[{\"hostname\":\"a.test\","
                                    + "\"path\":\"^/x\",\"service\":\"echo:two\",\"originRequest\":"
                                    + "{\"connectTimeout\":60,\"tlsTimeout\":1.5,\"noTLSVerify\":true,"
                                    + "\"ipRules\":[{\"prefix\":\"10.0.0.0/8\",\"ports\":[22],"
                                    + "\"allow\":true}]}},{\"service\":\"echo:three\",\"originRequest\":"
                                    + "{\"connectTimeout\":60,\"tlsTimeout\":1.5}}],\"warp-routing\":{}}");
        }
    }
}
