package dev.culvert.plugin.edge;

import java.util.function.Consumer;

/// One recording while it is made. What is given is copied, queued (at most 1 MiB) and written by a thread
/// of the edge's.
///
/// Thread-safe. With a full queue a recording of best effort drops what comes and marks the gap; a
/// required one waits at most 5 s, then has failed.
public interface Recorder extends AutoCloseable {
    enum Mode {
        BEST_EFFORT,
        REQUIRED
    }

    /// Stable name of the recording, in the audit log and the admin area.
    String id();

    /// Bytes the host wrote to the terminal.
    void output(byte[] bytes, int offset, int length);

    /// Bytes the user typed, all of them: what is kept is the recording's to decide.
    void input(byte[] bytes, int offset, int length);

    void resize(int columns, int rows);

    /// Something that happened: a command, a file, a forwarded port.
    ///
    /// @param kind `sftp`, `forward`, `note`; `exec` and `command` (what a shell seems to have run) are found by
    ///     the recording itself
    /// @param text one line for people
    /// @param exact false when it was guessed from a shell's output
    void event(String kind, String text, boolean exact);

    /// Whether nothing is written at the moment; with a required one, any more.
    boolean isFailed();

    /// Calls back once when a required recording has failed: the session must end. At once when it has
    /// already.
    void onFailure(Consumer<String> failed);

    /// An administrator ends the session: calls back once, with the reason for people.
    void onEnd(Consumer<String> ended);

    /// Completes it. Idempotent.
    @Override
    void close();
}
