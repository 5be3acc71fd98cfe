package dev.culvert.connector.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.config.YamlFile;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@ExtendWith(NoLeaks.class)
final class PushedConfigurationTest {
    @TempDir Path directory;

    private LiveConnector connector() throws Exception {
        return new LiveConnector(directory.resolve("config.yml"), "file");
    }

    private static String rule(String name) {
        return "{\"ingress\":[{\"service\":\"echo:" + name + "\"}]}";
    }

    private static String applied(int version) {
        return "200 {\"lastAppliedVersion\":" + version + ",\"err\":null}";
    }

    @Test
    void onlyAGreaterVersionIsApplied() throws Exception {
        try (LiveConnector connector = connector()) {
            assertThat(connector.push(-1, rule("a"))).isEqualTo(applied(-1));
            assertThat(connector.push(Integer.MIN_VALUE, rule("a"))).isEqualTo(applied(-1));
            assertThat(connector.origin("any.test")).isEqualTo("file");

            assertThat(connector.push(0, rule("b"))).isEqualTo(applied(0));
            assertThat(connector.origin("any.test")).isEqualTo("b");

            assertThat(connector.push(7, rule("c"))).isEqualTo(applied(7));
            assertThat(connector.push(7, rule("d"))).isEqualTo(applied(7));
            assertThat(connector.push(3, rule("e"))).isEqualTo(applied(7));
            assertThat(connector.push(6, "17")).isEqualTo(applied(7));
            assertThat(connector.origin("any.test")).isEqualTo("c");

            assertThat(connector.push(Integer.MAX_VALUE, rule("f")))
                    .isEqualTo(applied(Integer.MAX_VALUE));
            assertThat(connector.push(Integer.MIN_VALUE, rule("g")))
                    .isEqualTo(applied(Integer.MAX_VALUE));
            assertThat(connector.origin("any.test")).isEqualTo("f");
        }
    }

    @Test
    void aRejectedOneKeepsTheOldRulesAndItsVersionIsNotUsedUp() throws Exception {
        try (LiveConnector connector = connector()) {
            connector.push(1, rule("a"));

            assertThat(
                            connector.push(
                                    2,
                                    "{\"ingress\":[{\"hostname\":\"x.test\",\"service\":\"echo:bad\","
                                            + "\"originRequest\":{\"connectTimeout\":\"30s\"}}]}"))
                    .startsWith(
                            "200 {\"lastAppliedVersion\":1,\"err\":\"configuration of the edge:1:")
                    .contains("config.ingress[0].service: is bad")
                    .contains("connectTimeout: is text (expected: whole seconds, 1 to 3600)")
                    .contains("the last rule must match everything");
            assertThat(connector.push(2, rule("broken"))).contains("does not start: it is broken");
            assertThat(connector.push(2, "null")).contains("config: missing (expected: an object)");
            assertThat(connector.origin("any.test")).isEqualTo("a");
            assertThat(connector.meter("culvert.config.reload.ok")).isZero();
            assertThat(connector.logged())
                    .contains("Configuration of the edge not taken", "version=2 has=1 problems=3");

            assertThat(connector.push(2, rule("b"))).isEqualTo(applied(2));
            assertThat(connector.origin("any.test")).isEqualTo("b");
        }
    }

    @Test
    void keysOfAnotherVersionAreIgnoredWithANote() throws Exception {
        try (LiveConnector connector = connector()) {
            assertThat(
                            connector.push(
                                    "{\"version\":1,\"more\":1,\"config\":{\"later\":{},\"ingress\":"
                                            + "[{\"service\":\"echo:a\",\"originRequest\":{\"newKey\":1}}],"
                                            + "\"warp-routing\":{\"enabled\":false}}}"))
                    .isEqualTo(applied(1));

            assertThat(connector.origin("any.test")).isEqualTo("a");
            assertThat(connector.logged())
                    .contains("config.ingress[0].originRequest.newKey", "config.later");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"ingress\":[]}", "{\"ingress\":null}"})
    void withoutRulesEveryRequestIsAnswered503(String config) throws Exception {
        try (LiveConnector connector = connector()) {
            assertThat(connector.push(1, config)).isEqualTo(applied(1));

            assertThat(connector.origin("any.test")).isEqualTo("503");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ingress: []",
                "[]",
                "{\"version\":1",
                "{\"config\":{}}",
                "{\"version\":\"1\",\"config\":{}}",
                "{\"version\":1.5,\"config\":{}}",
                "{\"version\":2147483648,\"config\":{}}"
            })
    void anythingButSuchABodyIsAnswered502(String body) throws Exception {
        try (LiveConnector connector = connector()) {
            assertThat(connector.push(body)).isEqualTo("502");
            assertThat(connector.origin("any.test")).isEqualTo("file");
        }
    }

    @Test
    void aBodyBeyondTheLimitIsAnswered413() throws Exception {
        try (LiveConnector connector = connector()) {
            Side side = connector.open(StreamKind.CONFIGURATION, "edge", false);
            side.sendPattern(YamlFile.MAX_BYTES + 1, 16_000, true);

            assertThat(side.awaitResponse().status()).isEqualTo(413);
            side.awaitCredited(YamlFile.MAX_BYTES + 1);
        }
    }

    @Test
    void theFileHasNoEffectOnceTheEdgeHasSentRules() throws Exception {
        try (LiveConnector connector = connector()) {
            connector.push(4, rule("edge"));
            connector.write("changed");
            connector.updates.readFile();

            assertThat(connector.origin("any.test")).isEqualTo("edge");
            assertThat(connector.logged()).contains("the rules in force came from the edge", "=4");
            assertThat(connector.updates.json())
                    .startsWith("{\"version\":4,")
                    .contains("\"service\":\"echo:edge\"");
        }
    }
}
