package dev.culvert.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever a host writes: what throws here ends a recording.
final class ScreenLineTest {
    private static final String LETTERS = "\033[[[?;0123456789PP@@KJDCAGHfhl\b\r\n\tab ";

    private static ScreenLine line(int columns) {
        return new ScreenLine(
                columns,
                new ScreenLine.Watcher() {
                    @Override
                    public void printed(char character) {}

                    @Override
                    public void ended() {}
                });
    }

    @Test
    void nothingIsDeletedBehindTheText() {
        ScreenLine line = line(80);

        line.show("a\t\033[P\033[50C\033[9P\r\033[P");
        assertThat(line.from(0)).isEmpty();
    }

    @Test
    void blanksAreInsertedUpToTheLongestLine() {
        ScreenLine line = line(10_000);

        line.show("\033[9999G\033[9999@");
        assertThat(line.from(0)).isEmpty();
    }

    @Test
    void noSequenceBreaksIt() {
        Random random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            ScreenLine line = line(1 + random.nextInt(300));
            StringBuilder output = new StringBuilder();
            for (int j = 0; j < 30; j++) {
                if (random.nextInt(3) == 0) {
                    output.append("\033[")
                            .append(random.nextInt(10_000))
                            .append("PKJDCAGHf@".charAt(random.nextInt(10)));
                } else {
                    output.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
                }
            }
            line.resize(1 + random.nextInt(10_000));
            assertThatCode(() -> line.show(output.toString()))
                    .as(output.toString())
                    .doesNotThrowAnyException();
        }
    }
}
