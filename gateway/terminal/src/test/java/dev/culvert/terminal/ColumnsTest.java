package dev.culvert.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnsTest {
    private static List<String> shown(int width) {
        return new Columns("NAME", "BYTES>", "WHERE")
                        .row(Line.of("wiki"), Line.of("12"), Line.of("wiki.example.com"))
                        .row(Line.of("データ"), Line.of("123456"), Line.of("d"))
                        .lines(width)
                        .stream()
                        .map(Line::text)
                        .toList();
    }

    @Test
    void alignsWideCharactersAndNumbers() {
        assertThat(shown(80))
                .containsExactly(
                        "NAME     BYTES  WHERE",
                        "wiki        12  wiki.example.com",
                        "データ  123456  d");
    }

    @Test
    void theWidestColumnGivesWay() {
        assertThat(shown(26)).contains("wiki        12  wiki.exam…");
    }

    @Test
    void whatATerminalWouldActUponIsReplaced() {
        assertThat(Line.of("a\u001b[2Jb\r\u202ec").text()).isEqualTo("a?[2Jb??c");
    }
}
