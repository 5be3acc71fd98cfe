package dev.culvert.plugin.edge;

import java.util.function.Consumer;

/// The recording of one desktop session while it is made: the instructions of Guacamole's protocol that its
/// browser got, with mouse and keys among them as guacd records them. Bounds and modes are those of [Recorder].
///
/// Thread-safe.
public interface DesktopRecorder extends AutoCloseable {
    /// Stable name of the recording, in the audit log and the admin area.
    String id();

    /// Whole instructions in their order, such as up to a `sync`. Copied.
    ///
    /// @throws IllegalArgumentException when they are none, or one has more than 64 KiB; nothing of them is recorded
    ///     then
    void instructions(String instructions);

    /// Something that happened: a file, somebody who watches.
    ///
    /// @param kind `file`, `clipboard`, `note`
    /// @param text one line for people
    void event(String kind, String text);

    /// As [Recorder#isFailed].
    boolean isFailed();

    /// As [Recorder#onFailure].
    void onFailure(Consumer<String> failed);

    /// As [Recorder#onEnd].
    void onEnd(Consumer<String> ended);

    /// Completes it. Idempotent.
    @Override
    void close();
}
