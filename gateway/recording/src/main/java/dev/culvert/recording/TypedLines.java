package dev.culvert.recording;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Guesses from what is typed and what is shown which lines were entered, and which commands a shell was given.
///
/// # Input
///
/// What a line holds is given out once the line has ended and each printable character that was typed
/// on it has come back: among the first few that the host printed after it. A line of which one did not
/// come back, such as a password, is given out not at all.
///
/// # Commands
///
/// What stands on the terminal's line, from where the first key of it was typed, when Enter ends it.
/// So a line that was completed or fetched from the history counts as it was shown, and one that is not
/// shown does not. Programs that ask for a line look like a shell.
///
/// Nothing is guessed while a program has the whole screen. Confined to one thread.
final class TypedLines implements Guesses, ScreenLine.Watcher {
    /// Line editors may print what is no echo before it, when they draw a part anew.
    private static final int TRIES = 4;

    private static final int MOST_LINES = 32;

    /// No key was typed yet.
    private static final int NONE = -1;

    /// It was typed before the line was there.
    private static final int AHEAD = -2;

    private static final char ESCAPE = 0x1b;
    private static final char END_OF_TEXT = 3;
    private static final char END_OF_TRANSMISSION = 4;

    /// Told of what was found.
    interface Found {
        void input(String text);

        void command(String text);
    }

    private static final class Line {
        final StringBuilder typed = new StringBuilder();
        int echoed;
        int tries;
        boolean lost;
        boolean ended;
    }

    private final Found found;
    private final ScreenLine screen;
    private final Deque<Line> lines = new ArrayDeque<>();

    /// Column where the first key of the line was typed, or one of the two below.
    private int start = NONE;

    TypedLines(int columns, Found found) {
        this.found = found;
        this.screen = new ScreenLine(columns, this);
    }

    @Override
    public void resize(int columns) {
        screen.resize(columns);
    }

    @Override
    public void shown(String output) {
        screen.show(output);
        if (screen.isWholeScreen()) {
            lines.clear();
            start = NONE;
        }
    }

    @Override
    public void typed(String keys) {
        if (screen.isWholeScreen()) {
            return;
        }
        for (int i = 0; i < keys.length(); i++) {
            typed(keys.charAt(i));
        }
    }

    private void typed(char key) {
        if (start == NONE) {
            start = screen.column();
        }
        Line line = lines.peekLast();
        if (line == null || line.ended) {
            if (lines.size() == MOST_LINES) {
                lines.removeFirst();
            }
            line = new Line();
            lines.add(line);
        }
        if (line.typed.length() >= ScreenLine.LONGEST) {
            line.lost = true;
            line.typed.setLength(0);
            line.echoed = 0;
        }
        line.typed.append(key);
        line.ended = key == '\r' || key == '\n' || key == END_OF_TEXT || key == END_OF_TRANSMISSION;
    }

    private static boolean isPrintable(char key) {
        return key >= ' ' && key != 0x7f;
    }

    /// The character that is waited for; null when none is.
    private static @Nullable Character awaited(Line line) {
        while (line.echoed < line.typed.length()) {
            char next = line.typed.charAt(line.echoed);
            if (isPrintable(next)) {
                return next;
            }
            line.echoed = next == ESCAPE ? afterKey(line.typed, line.echoed) : line.echoed + 1;
        }
        return null;
    }

    /// Keys such as arrows are sequences: `ESC O A`, `ESC [ 1 ; 5 C`, `ESC x`.
    private static int afterKey(StringBuilder typed, int at) {
        int next = at + 1;
        if (next < typed.length() && typed.charAt(next) == 'O') {
            return Math.min(typed.length(), next + 2);
        }
        if (next < typed.length() && typed.charAt(next) == '[') {
            next++;
            while (next < typed.length() && typed.charAt(next) < '@') {
                next++;
            }
        }
        return Math.min(typed.length(), next + 1);
    }

    @Override
    public void printed(char character) {
        Line line = lines.peekFirst();
        Character awaited = line == null || line.lost ? null : awaited(line);
        if (line == null || awaited == null) {
            return;
        }
        if (awaited == character) {
            line.echoed++;
            line.tries = 0;
        } else {
            line.lost = ++line.tries > TRIES;
        }
    }

    @Override
    public void ended() {
        Line line = lines.peekFirst();
        if (line == null || !line.ended) {
            return;
        }
        lines.removeFirst();
        String command = start < 0 || screen.isWholeScreen() ? "" : screen.from(start);
        if (!line.lost && awaited(line) == null) {
            found.input(line.typed.toString());
        }
        if (!command.isEmpty() && line.typed.charAt(line.typed.length() - 1) == '\r') {
            found.command(command);
        }
        start = lines.isEmpty() ? NONE : AHEAD;
    }
}
