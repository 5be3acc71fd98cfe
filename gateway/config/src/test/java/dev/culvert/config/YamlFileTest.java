package dev.culvert.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlFileTest {
    private final ProblemList problems = new ProblemList();

    private @Nullable ConfigMap parse(String text) {
        return YamlFile.parse("c.yml", text, problems);
    }

    private ConfigMap map(String text) {
        ConfigMap map = parse(text);
        assertThat(map).isNotNull();
        return map;
    }

    private List<String> problems() {
        return problems.problems().stream().map(ConfigProblem::toString).toList();
    }

    @Test
    void readsEachType() {
        ConfigMap map =
                map(
                        """
                        name: app
                        count: 4
                        on: true
                        wait: 1m30s
                        one: a
                        many: [a, b]
                        colour: red
                        inner: {x: 1}
                        """);
        assertThat(map.text("name")).isEqualTo("app");
        assertThat(map.integer("count", 1, 0, 9)).isEqualTo(4);
        assertThat(map.bool("on", false)).isTrue();
        assertThat(map.duration("wait", Duration.ZERO, Duration.ZERO, Duration.ofHours(1)))
                .isEqualTo(Duration.ofSeconds(90));
        assertThat(map.texts("one")).containsExactly("a");
        assertThat(map.texts("many")).containsExactly("a", "b");
        assertThat(map.choice("colour", 0, Map.of("red", 1, "blue", 2))).isEqualTo(1);
        assertThat(map.map("inner").integer("x", 0, 0, 9)).isEqualTo(1);
        map.finish();
        assertThat(problems()).isEmpty();
    }

    @Test
    void reportsEveryProblemWithItsPlaceInOrder() {
        ConfigMap map =
                map(
                        """
                        wait: 30
                        count: 12
                        list:
                          - nmae: x
                        on: "true"
                        colour: rde
                        """);
        map.choice("colour", 0, Map.of("red", 1, "blue", 2));
        map.bool("on", false);
        for (ConfigMap element : map.maps("list")) {
            element.text("name");
            element.finish();
        }
        map.duration("wait", Duration.ZERO, Duration.ZERO, Duration.ofHours(1));
        map.integer("count", 1, 0, 9);
        map.finish();
        assertThat(problems())
                .containsExactly(
                        "c.yml:1:7 wait: \"30\" has no unit (expected: a duration such as 30s)",
                        "c.yml:2:8 count: \"12\" (expected: a whole number, 0 to 9)",
                        "c.yml:4:5 list[0].nmae: unknown key (did you mean \"name\"?)",
                        "c.yml:5:5 on: is text (expected: true or false)",
                        "c.yml:6:9 colour: \"rde\" (expected: blue, red) (did you mean \"red\"?)");
    }

    @Test
    void reportsDuplicateKeysWithTheFirstLine() {
        map("a: 1\nb: 2\na: 3\n");
        assertThat(problems()).containsExactly("c.yml:3:1 a: given twice, first in line 1");
    }

    @Test
    void namesTheSuccessorOfARetiredKey() {
        ConfigMap map = map("old: 1\n");
        map.retired("old", "new");
        map.finish();
        assertThat(problems()).containsExactly("c.yml:1:1 old: no longer exists; use \"new\"");
    }

    @Test
    void takesAKeyWithoutValueAsAbsent() {
        ConfigMap map = map("a:\n  # b: 1\n");
        assertThat(map.map("a")).isNull();
        map.finish();
        assertThat(problems()).isEmpty();
    }

    @Test
    void doesNotRepeatAValueOfTheWrongType() {
        map("token: 1234567\n").text("token");
        assertThat(problems())
                .containsExactly("c.yml:1:8 token: is a number (expected: text; put it in quotes)");
    }

    @Test
    void placesAPluginsProblemAtTheNestedKey() {
        ConfigMap map = map("service: x\noriginRequest:\n  caPool: /none\n");
        map.problems().add("originRequest.caPool", "bad");
        map.problems().add("originRequest.other", "absent");
        map.problems().add("nothing", "nowhere");
        assertThat(problems())
                .containsExactly(
                        "c.yml:1:1 nothing: nowhere",
                        "c.yml:3:3 originRequest.other: absent",
                        "c.yml:3:11 originRequest.caPool: bad");
    }

    @Test
    void anEmptyFileIsAnEmptyMapping() {
        map("# nothing\n").finish();
        assertThat(problems()).isEmpty();
    }

    @Test
    void reportsBrokenYamlWithItsPlace() {
        assertThat(parse("a: [1, 2\nb: 3\n")).isNull();
        assertThat(problems()).singleElement().asString().startsWith("c.yml:2:2: not valid YAML: ");
    }

    @Test
    void rejectsDeepNesting() {
        assertThat(parse("a: " + "[".repeat(50_000))).isNull();
        assertThat(problems()).singleElement().asString().contains("nested deeper than 32 levels");
    }

    @Test
    void rejectsManyAliasesOfCollections() {
        assertThat(parse("a: &x [1]\nb: [" + "*x, ".repeat(60) + "*x]\n")).isNull();
        assertThat(problems()).singleElement().asString().contains("aliases");
    }

    @Test
    void rejectsASecondDocumentAndAList() {
        assertThat(parse("a: 1\n---\nb: 2\n")).isNull();
        assertThat(parse("- a\n")).isNull();
        assertThat(problems()).hasSize(2);
    }

    @Test
    void rejectsFilesThatAreTooLongOrNotText(@TempDir Path directory) throws Exception {
        Path tooLong = Files.write(directory.resolve("long.yml"), new byte[YamlFile.MAX_BYTES + 1]);
        Path binary = Files.write(directory.resolve("binary.yml"), new byte[] {(byte) 0xff, 0x00});
        assertThat(YamlFile.read(tooLong, problems)).isNull();
        assertThat(YamlFile.read(binary, problems)).isNull();
        assertThat(YamlFile.read(directory.resolve("none.yml"), problems)).isNull();
        assertThat(problems())
                .satisfiesExactlyInAnyOrder(
                        p -> assertThat(p).endsWith("long.yml: longer than 1 MiB"),
                        p -> assertThat(p).endsWith("binary.yml: not UTF-8 text"),
                        p -> assertThat(p).endsWith("none.yml: no such file"));
    }

    @Test
    void stopsCountingProblemsAtAHundred() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 150; i++) {
            text.append("key").append(i).append(": 1\n");
        }
        map(text.toString()).finish();
        assertThat(problems()).hasSize(101).last().asString().contains("50 more problems");
    }
}
