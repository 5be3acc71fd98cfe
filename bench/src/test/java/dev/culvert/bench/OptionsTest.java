package dev.culvert.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.bench.cases.Case;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionsTest {
    private static Options parse(String line) throws Options.Wrong {
        return Options.parse(line.isEmpty() ? new String[0] : line.split(" "), Path.of("/results"));
    }

    @Test
    void measuresEverythingByDefault() throws Exception {
        Options options = parse("");

        assertThat(options.only()).isEmpty();
        assertThat(options.systems()).isEmpty();
        assertThat(options.pairs()).isEqualTo(5);
        assertThat(options.load().time()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.load().bulkBytes()).isEqualTo(1_000_000_000);
        assertThat(options.load().idleStreams()).isEqualTo(2000);
        assertThat(options.load().desktops()).isEqualTo(20);
        assertThat(options.out().getParent()).isEqualTo(Path.of("/results"));
    }

    @Test
    void whatIsSaidWinsOverQuickWhereverItStands() throws Exception {
        Options options = parse("--seconds 0.5 --only small,bulk --quick --pairs 4 --out here");

        assertThat(options.only()).isEqualTo(List.of("small", "bulk"));
        assertThat(options.pairs()).isEqualTo(4);
        assertThat(options.load().time()).isEqualTo(Duration.ofMillis(500));
        assertThat(options.load().bulkBytes()).isEqualTo(256_000_000);
        assertThat(options.out()).isEqualTo(Path.of("here").toAbsolutePath());
    }

    @Test
    void thereIsADesktopAtLeastAndAsManyAsAUserMayHaveAtMost() throws Exception {
        assertThat(parse("--quick").load().desktops()).isEqualTo(3);
        assertThat(parse("--quick --scale 0.01").load().desktops()).isOne();
        assertThat(parse("--scale 100").load().desktops()).isEqualTo(100);
    }

    @Test
    void onlyDesktopsNeedTheirHosts() throws Exception {
        assertThat(Main.chosenCases(List.of()).stream().filter(Case::needsDesktops))
                .extracting(Case::name)
                .containsExactly(
                        "desktop-sessions-built-in",
                        "desktop-sessions-guacd-rdp",
                        "desktop-sessions-guacd-vnc");
    }

    @Test
    void casesAreChosenByTheBeginningOfTheirNames() throws Exception {
        assertThat(Main.chosenCases(List.of("bulk", "idle")))
                .extracting(Case::name)
                .containsExactly("bulk-down", "bulk-up", "idle");
    }

    @Test
    void rejectsCaseThatIsNone() {
        assertThatThrownBy(() -> Main.chosenCases(List.of("bulk", "fast")))
                .isInstanceOf(Options.Wrong.class)
                .hasMessageStartingWith("--only: fast (expected: some of [small-1, small-32,");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--seconds 0",
                "--seconds -1",
                "--seconds 601",
                "--seconds soon",
                "--seconds NaN",
                "--pairs 0",
                "--pairs 1.5",
                "--pairs 101",
                "--scale 0",
                "--pairs",
                "--fast 1",
                "fast"
            })
    void rejects(String line) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOf(Options.Wrong.class)
                .hasMessageStartingWith(line.split(" ")[0]);
    }
}
