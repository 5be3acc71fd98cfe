package dev.culvert.plugin.edge;

import java.io.IOException;

/// Where recordings of sessions are made. Thread-safe.
public interface Recordings {
    /// Begins one. Blocking, at most 5 s, also when its disk hangs.
    ///
    /// @throws RefusedException (`recording_failed`) when it is required and cannot be begun; one of best effort
    ///     is begun all the same, and says [Recorder#isFailed]
    Recorder begin(Subject subject, Recorder.Mode mode) throws IOException;

    /// Begins one of a desktop. As [#begin(Subject, Recorder.Mode)], of which it says everything else.
    ///
    /// @param subject without columns, rows, command; `input` is whether keys are among what is given
    DesktopRecorder beginDesktop(Subject subject, Recorder.Mode mode) throws IOException;

    /// What is recorded. Immutable.
    ///
    /// @param kind `ssh`, `rdp`, …
    /// @param login name on the host
    /// @param via `browser`, `gateway`
    /// @param columns of the terminal, 80 when there is none yet
    /// @param command of exec, which is recorded as its first event; empty for a shell
    /// @param input whether what [Recorder#input] is given is kept, as far as the output echoes it; it is wanted
    ///     either way, to guess the commands of shells
    record Subject(
            Admitted admitted,
            String kind,
            String login,
            String via,
            int columns,
            int rows,
            String command,
            boolean input) {}
}
