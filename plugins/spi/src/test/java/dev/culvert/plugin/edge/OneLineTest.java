package dev.culvert.plugin.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OneLineTest {
    /// Of C0, DEL, of C1 (NEL and CSI), separators of lines, marks of direction, blanks without width, and a tag.
    @ParameterizedTest
    @ValueSource(
            ints = {
                0, '\t', '\n', '\r', 0x1b, 0x7f, 0x85, 0x9b, 0x2028, 0x2029, 0x200e, 0x200f, 0x202e,
                0x2066, 0x2069, 0x200b, 0xfeff, 0xe0041
            })
    void whatIsNotSeenGoes(int control) {
        String text = "a" + Character.toString(control).repeat(2) + "b";

        assertThat(OneLine.spaced(text, 10)).isEqualTo("a b");
        assertThat(OneLine.marked(text, 10)).isEqualTo("a??b");
    }

    @Test
    void otherTextStays() {
        String text = "Zoë's größte 漢字 🙂 — “x”";

        assertThat(OneLine.spaced(text, 100)).isEqualTo(text);
        assertThat(OneLine.marked(text, 100)).isEqualTo(text);
    }

    @Test
    void sentencesHaveNoBlanksAtTheirEnds() {
        assertThat(OneLine.spaced("\r\n said \u0085", 100)).isEqualTo("said");
        assertThat(OneLine.spaced("\n", 100)).isEmpty();
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        assertThat(OneLine.spaced("abcd", 4)).isEqualTo("abcd");
        assertThat(OneLine.spaced("abcde", 4)).isEqualTo("abcd...");
        assertThat(OneLine.marked("abc🙂", 4)).isEqualTo("abc...");
    }
}
