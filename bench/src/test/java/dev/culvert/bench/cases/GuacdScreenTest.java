package dev.culvert.bench.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GuacdScreenTest {
    private final GuacdScreen screen = new GuacdScreen();

    @Test
    void answersEverySyncAndCountsThoseAfterSomethingWasDrawn() throws Exception {
        assertThat(screen.hear("4.sync,2.10;4.copy,1.0;4.sync,2.11;4.sync,2.12;"))
                .containsExactly("4.sync,2.10;", "4.sync,2.11;", "4.sync,2.12;");

        assertThat(screen.frames()).isOne();
    }

    @Test
    void aFrameMayBeDrawnOverSeveralMessages() throws Exception {
        assertThat(screen.hear("3.img,1.1;4.blob,1.1,4.AAAA;")).isEmpty();
        assertThat(screen.hear("3.end,1.1;4.sync,1.7;")).hasSize(1);

        assertThat(screen.frames()).isOne();
    }

    @Test
    void lengthsAreCodePointsAndWordsHoldAnything() throws Exception {
        assertThat(screen.hear("4.name,3.a\uD83D\uDE00;;4.sync,1.7;"))
                .containsExactly("4.sync,1.7;");
        assertThat(GuacdScreen.instruction("name", "a\uD83D\uDE00;"))
                .isEqualTo("4.name,3.a\uD83D\uDE00;;");
    }

    @Test
    void tellsWhyGuacdEndedIt() {
        assertThatThrownBy(() -> screen.hear("5.error,4.gone,3.519;"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("gone");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"4.sync,2.1;", "4.sync", "sync;", "x.sync;", "-1.a;", "9999999.a;", "1.a!"})
    void rejects(String instructions) {
        assertThatThrownBy(() -> screen.hear(instructions))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("instruction: '");
    }
}
