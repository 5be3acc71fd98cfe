package dev.culvert.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushedJsonTest {
    private final ProblemList problems = new ProblemList();
    private final List<String> unknown = new ArrayList<>();

    private @Nullable ConfigMap parse(String text) {
        return PushedJson.parse(
                "pushed", text.getBytes(StandardCharsets.UTF_8), problems, unknown::add);
    }

    private List<String> problems() {
        return problems.problems().stream().map(ConfigProblem::toString).toList();
    }

    private static Duration wait(ConfigMap map) {
        return map.duration("wait", Duration.ZERO, Duration.ofMillis(1), Duration.ofHours(1));
    }

    @Test
    void readsEachType() {
        ConfigMap map =
                parse(
                        """
                        {"name": "a\\u0062\\/\\ud83d\\ude00", "count": 4, "on": true, "wait": 90,
                        \t"many": ["x", "y"], "inner": {"y": 1}, "none": null}
                        """);

        assertThat(map.text("name")).isEqualTo("ab/\ud83d\ude00");
        assertThat(map.integer("count", 1, 0, 9)).isEqualTo(4);
        assertThat(map.bool("on", false)).isTrue();
        assertThat(wait(map)).isEqualTo(Duration.ofSeconds(90));
        assertThat(map.texts("many")).containsExactly("x", "y");
        assertThat(map.map("inner").integer("y", 0, 0, 9)).isEqualTo(1);
        assertThat(map.has("none")).isFalse();
        assertThat(problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'\"30s\"', is text",
        "30.5, is a number",
        "0, '\"0\"'",
        "3601, '\"3601\"'",
        "99999999999999999999, '\"99999999999999999999\"'"
    })
    void rejectsDurationsThatAreNotWholeSecondsInRange(String value, String shown) {
        wait(parse("{\"a\": 1,\n  \"wait\": " + value + "}"));

        assertThat(problems())
                .containsExactly(
                        "pushed:2:11 wait: " + shown + " (expected: whole seconds, 1 to 3600)");
    }

    @Test
    void handsUnknownKeysOverAndReportsNone() {
        ConfigMap map = parse("{\"known\": {\"new\": 1}, \"other\": 2}");
        map.map("known").finish();
        map.finish();

        assertThat(unknown).containsExactlyInAnyOrder("known.new", "other");
        assertThat(problems()).isEmpty();
    }

    @Test
    void reportsKeysGivenTwice() {
        parse("{\"a\": 1, \"a\": 2}");

        assertThat(problems()).containsExactly("pushed:1:10 a: given twice, first in line 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "\"text\"",
                "{\"a\": 1",
                "{a: 1}",
                "{\"a\": 1} {}",
                "{\"a\": 01}",
                "a: 1"
            })
    void rejectsWhatIsNoJsonObject(String text) {
        assertThat(parse(text)).isNull();
        assertThat(problems()).hasSize(1);
    }

    @Test
    void rejectsNestingDeeperThanTheLimit() {
        int depth = YamlFile.MAX_DEPTH + 1;

        assertThat(parse("{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}")).isNull();
        assertThat(problems()).hasSize(1);
    }

    @Test
    void rejectsTextLongerThanTheLimit() {
        assertThat(parse("{\"a\":\"" + "x".repeat(YamlFile.MAX_BYTES) + "\"}")).isNull();
        assertThat(problems()).containsExactly("pushed: longer than 1 MiB");
    }

    @Test
    void hashesTellWhichKeysDiffer() {
        ConfigMap one = YamlFile.parse("c.yml", "a: {x: 1, y: [2]}\nb: 1\nc: t", problems);
        ConfigMap other = YamlFile.parse("c.yml", "b: '1'\na: {y: [2], x: 1}\nc: t", problems);

        assertThat(one.valueHashes().get("a")).isEqualTo(other.valueHashes().get("a"));
        assertThat(one.valueHashes().get("b")).isNotEqualTo(other.valueHashes().get("b"));
        assertThat(one.valueHashes().get("c")).isEqualTo(other.valueHashes().get("c"));
    }
}
