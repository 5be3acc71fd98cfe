package dev.culvert.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a service says on stderr: one line each, with the priority in front that systemd's journal reads
/// (sd-daemon(3)) when stderr is the journal.
///
/// Immutable.
final class Notices {
    private static final String ERROR = "<3>";
    private static final String WARNING = "<4>";
    private static final String INFO = "<6>";

    private final boolean journal;

    private Notices(boolean journal) {
        this.journal = journal;
    }

    static Notices ofSystem() {
        return new Notices(isJournal(System.getenv("JOURNAL_STREAM"), Path.of("/proc/self/fd/2")));
    }

    /// A child of a service inherits the variable, but perhaps not the stream.
    ///
    /// @param named device and inode as systemd names them, or null
    static boolean isJournal(@org.jspecify.annotations.Nullable String named, Path stream) {
        if (named == null) {
            return false;
        }
        try {
            String own =
                    Files.getAttribute(stream, "unix:dev")
                            + ":"
                            + Files.getAttribute(stream, "unix:ino");
            return named.equals(own);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    void say(String text) {
        write(INFO, text);
    }

    void warn(String text) {
        write(WARNING, text);
    }

    void error(String text) {
        write(ERROR, "error: " + text);
    }

    void hint(String text) {
        write(ERROR, "hint: " + text);
    }

    private void write(String priority, String text) {
        String shown = Problem.printable(text);
        Main.say((journal ? priority : "") + "access: " + shown + System.lineSeparator());
    }
}
