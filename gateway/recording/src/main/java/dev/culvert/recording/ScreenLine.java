package dev.culvert.recording;

/// What stands on the line of a terminal that the cursor is on, followed as far as line editors of shells
/// need it: they print, go back, erase, insert and wrap. Not a terminal: programs that use the whole screen
/// are only noticed ([#isWholeScreen]).
///
/// Confined to one thread.
final class ScreenLine {
    /// Longer lines are no commands.
    static final int LONGEST = 4096;

    private static final int TAB = 8;
    private static final int LONGEST_NUMBER = 4;

    /// Told of what is shown.
    interface Watcher {
        /// A character was printed.
        void printed(char character);

        /// The cursor leaves the line for the one below.
        void ended();
    }

    private enum Mode {
        TEXT,
        ESCAPE,
        /// `ESC (` and the like: one more byte.
        CHARSET,
        CONTROL,
        /// Title, clipboard and other strings, up to BEL or `ESC \`.
        STRING,
        STRING_ESCAPE
    }

    private final Watcher watcher;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder parameters = new StringBuilder();
    private int columns;
    private int column;
    private Mode mode = Mode.TEXT;
    private boolean wholeScreen;

    ScreenLine(int columns, Watcher watcher) {
        this.columns = Math.max(1, columns);
        this.watcher = watcher;
    }

    void resize(int width) {
        columns = Math.max(1, width);
    }

    /// Where the cursor is, counted through the rows that one line takes.
    int column() {
        return column;
    }

    /// Whether a program has the other screen, as editors and pagers do.
    boolean isWholeScreen() {
        return wholeScreen;
    }

    /// What stands from a column on, without blanks at both ends.
    String from(int start) {
        return start >= text.length() ? "" : text.substring(start).strip();
    }

    void show(String output) {
        for (int i = 0; i < output.length(); i++) {
            show(output.charAt(i));
        }
    }

    private void show(char character) {
        switch (mode) {
            case TEXT -> plain(character);
            case ESCAPE -> escape(character);
            case CHARSET -> mode = Mode.TEXT;
            case CONTROL -> control(character);
            case STRING -> {
                if (character == 0x07) {
                    mode = Mode.TEXT;
                } else if (character == 0x1b) {
                    mode = Mode.STRING_ESCAPE;
                }
            }
            case STRING_ESCAPE -> mode = character == '\\' ? Mode.TEXT : Mode.STRING;
        }
    }

    private void plain(char character) {
        switch (character) {
            case 0x1b -> mode = Mode.ESCAPE;
            case '\b' -> column = Math.max(0, column - 1);
            case '\r' -> column -= column % columns;
            case '\n' -> {
                watcher.ended();
                clear();
            }
            case '\t' -> column = Math.min(LONGEST, (column / TAB + 1) * TAB);
            default -> {
                if (character >= ' ' && character != 0x7f) {
                    print(character);
                }
            }
        }
    }

    private void print(char character) {
        if (column < LONGEST) {
            pad(column + 1);
            text.setCharAt(column++, character);
        }
        watcher.printed(character);
    }

    private void pad(int length) {
        while (text.length() < length) {
            text.append(' ');
        }
    }

    private void clear() {
        text.setLength(0);
        column = 0;
    }

    private void escape(char character) {
        parameters.setLength(0);
        mode =
                switch (character) {
                    case '[' -> Mode.CONTROL;
                    case ']', 'P', '_', '^', 'X' -> Mode.STRING;
                    case '(', ')', '*', '+', '#', '%', ' ' -> Mode.CHARSET;
                    default -> Mode.TEXT;
                };
    }

    private void control(char character) {
        if (character == 0x1b) {
            mode = Mode.ESCAPE;
        } else if (character >= 0x40 && character <= 0x7e) {
            mode = Mode.TEXT;
            act(character);
        } else if (parameters.length() < 32) {
            parameters.append(character);
        }
    }

    private void act(char action) {
        int number = Math.max(1, number());
        switch (action) {
            case 'C' -> column = Math.min(LONGEST, column + number);
            case 'D' -> column = Math.max(0, column - number);
            case 'A' -> column = Math.max(column % columns, column - number * columns);
            case 'G' -> column = column - column % columns + Math.min(number, columns) - 1;
            case 'H', 'f' -> clear();
            case 'K' -> erase(number());
            case 'J' -> erase(number());
            case 'P' -> delete(number);
            case '@' -> insert(number);
            case 'h', 'l' -> screen(action == 'h');
            default -> {}
        }
    }

    private void erase(int which) {
        if (which == 0) {
            text.setLength(Math.min(text.length(), column));
        } else if (which == 1) {
            for (int i = 0; i < Math.min(text.length(), column + 1); i++) {
                text.setCharAt(i, ' ');
            }
        } else {
            text.setLength(0);
        }
    }

    /// The cursor may stand behind what is shown: after a tab, or when it was moved there.
    private void delete(int number) {
        if (column < text.length()) {
            text.delete(column, Math.min(text.length(), column + number));
        }
    }

    private void insert(int number) {
        if (column < LONGEST) {
            pad(column);
            text.insert(column, " ".repeat(Math.min(number, LONGEST)));
            text.setLength(Math.min(text.length(), LONGEST));
        }
    }

    private void screen(boolean on) {
        String which = parameters.toString();
        if (which.equals("?1049") || which.equals("?1047") || which.equals("?47")) {
            wholeScreen = on;
            clear();
        }
    }

    private int number() {
        int end = 0;
        while (end < parameters.length() && Character.isDigit(parameters.charAt(end))) {
            end++;
        }
        return end == 0 || end > LONGEST_NUMBER ? 0 : Integer.parseInt(parameters, 0, end, 10);
    }
}
