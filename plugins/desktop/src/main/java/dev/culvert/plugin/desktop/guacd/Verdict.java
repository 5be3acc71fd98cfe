package dev.culvert.plugin.desktop.guacd;

import org.apache.guacamole.protocol.GuacamoleInstruction;

/// What becomes of an instruction.
sealed interface Verdict {
    Verdict PASS = new Pass(true);

    /// It goes on, and is of no interest to a recording: sound, the bytes of files.
    Verdict PASS_UNRECORDED = new Pass(false);

    /// It goes no further, which nobody has to be told.
    Verdict DROP = new Drop();

    record Pass(boolean recorded) implements Verdict {}

    record Drop() implements Verdict {}

    /// Policy forbids it.
    ///
    /// @param what in a word: `clipboard_in`
    /// @param answer for whoever sent it
    record Deny(String what, GuacamoleInstruction answer) implements Verdict {}

    /// Policy forbids it, and its sender waits for nothing.
    record DenySilently(String what) implements Verdict {}
}
