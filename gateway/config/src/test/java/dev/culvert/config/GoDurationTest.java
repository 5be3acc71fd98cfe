package dev.culvert.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "30s, PT30S",
        "1m30s, PT1M30S",
        "1.5h, PT1H30M",
        "500ms, PT0.5S",
        "1us, PT0.000001S",
        "1µs, PT0.000001S",
        ".5s, PT0.5S",
        "0, PT0S",
        "-1s, PT-1S"
    })
    void readsWhatGoReads(String text, Duration expected) {
        assertThat(GoDuration.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-", "30 s", "30S", "1d", "1s2", "s30", "9999999999h"})
    void rejectsWhatGoRejects(String text) {
        assertThatThrownBy(() -> GoDuration.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void saysThatABareNumberLacksItsUnit() {
        assertThatThrownBy(() -> GoDuration.parse("30"))
                .hasMessage("\"30\" has no unit (expected: a duration such as 30s)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"30s", "1m30s", "2h", "500ms", "0s", "1h0.5s", "-3m"})
    void formatsSoThatParsingGivesTheSame(String text) {
        assertThat(GoDuration.format(GoDuration.parse(text))).isEqualTo(text);
    }
}
