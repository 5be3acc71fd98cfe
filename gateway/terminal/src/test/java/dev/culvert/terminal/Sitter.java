package dev.culvert.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jline.utils.ScreenTerminal;

/// Somebody at a terminal, which is emulated: types, and looks at what stands on the screen.
public final class Sitter implements AutoCloseable {
    private final String type;
    private final int columns;
    private final int rows;
    private final Map<String, String> environment;
    private final PipedOutputStream keys = new PipedOutputStream();
    private final ScreenTerminal glass;
    private final StringBuilder raw = new StringBuilder();

    public Sitter(String type, int columns, int rows, Map<String, String> environment) {
        this.type = type;
        this.columns = columns;
        this.rows = rows;
        this.environment = environment;
        glass = new ScreenTerminal(columns, rows);
    }

    public Sitter() {
        this("xterm-256color", 80, 24, Map.of());
    }

    public Screen screen(String program, Path history) throws IOException {
        return Screen.over(
                new PipedInputStream(keys),
                new Glass(),
                type,
                columns,
                rows,
                program,
                history,
                environment::get);
    }

    /// What the program writes, in UTF-8 of whole characters: JLine flushes at those.
    private final class Glass extends OutputStream {
        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            String text = new String(bytes, from, count, StandardCharsets.UTF_8);
            synchronized (raw) {
                raw.append(text);
            }
            glass.write(text);
        }
    }

    public void type(String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    /// What stands on the screen, without blanks at the ends of lines.
    public String seen() {
        return glass.toString()
                .lines()
                .map(String::stripTrailing)
                .reduce("", (a, b) -> a + b + "\n");
    }

    /// All that was ever written to the terminal.
    public String written() {
        synchronized (raw) {
            return raw.toString();
        }
    }

    public void waitFor(String text) {
        waitUntil(text, seen -> seen.contains(text));
    }

    public void waitUntil(String what, Predicate<String> seen) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!seen.test(seen())) {
            assertThat(System.nanoTime())
                    .as(() -> what + " on this screen:\n" + seen() + "\nwritten: " + written())
                    .isLessThan(deadline);
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        keys.close();
    }
}
