package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.desktop.session.DesktopSession;
import dev.culvert.plugin.edge.DesktopRecorder;
import dev.culvert.plugin.edge.OneLine;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recordings;
import dev.culvert.plugin.edge.SshSettings.Recording;
import dev.culvert.protocols.ProtocolException;
import java.io.IOException;
import org.apache.guacamole.protocol.GuacamoleInstruction;
import org.jspecify.annotations.Nullable;

/// A session's recording, as guacd would make it: what the browser got, and mouse and keys with the time of the last
/// frame. Without sound and the bytes of files.
///
/// Thread-safe.
final class Tape implements AutoCloseable {
    private static final int PIECE = 32 * 1024;
    private static final int LONGEST = 500;

    private final DesktopRecorder recorder;
    private final boolean keys;
    private final StringBuilder pending = new StringBuilder();
    private String frame = "0";

    private Tape(DesktopRecorder recorder, boolean keys) {
        this.recorder = recorder;
        this.keys = keys;
    }

    /// @return null when the session is not to be recorded
    /// @throws dev.culvert.plugin.edge.RefusedException when it must be and cannot
    static @Nullable Tape begin(Recordings recordings, DesktopSession session) throws IOException {
        Recording recording = session.settings().recording();
        if (recording == Recording.OFF) {
            return null;
        }
        boolean keys = session.settings().recordKeys();
        Recordings.Subject subject =
                new Recordings.Subject(
                        session.admitted(),
                        session.admitted().kind(),
                        session.login().user(),
                        "browser",
                        80,
                        24,
                        "",
                        keys);
        DesktopRecorder recorder =
                recordings.beginDesktop(
                        subject,
                        recording == Recording.REQUIRED
                                ? Recorder.Mode.REQUIRED
                                : Recorder.Mode.BEST_EFFORT);
        recorder.onFailure(why ->
                session.end("The session has ended because it cannot be recorded: " + why + "."));
        recorder.onEnd(session::end);
        session.recordedAs(recorder.isFailed() ? "" : recorder.id());
        return new Tape(recorder, keys);
    }

    /// Whether what is pasted may be on it.
    boolean holdsKeys() {
        return keys;
    }

    /// The browser gets it.
    synchronized void shown(GuacamoleInstruction instruction) {
        pending.append(instruction);
        boolean isFrame = instruction.getOpcode().equals("sync");
        if (isFrame && !instruction.getArgs().isEmpty()) {
            frame = instruction.getArgs().getFirst();
        }
        if (isFrame || pending.length() > PIECE) {
            flush();
        }
    }

    /// The host gets it: kept when it is of the mouse, or a key and keys are kept.
    synchronized void done(Arguments input) throws ProtocolException {
        switch (input.opcode()) {
            case "mouse" -> pending.append(timed("mouse", input, 3));
            case "key" -> {
                if (keys) {
                    pending.append(timed("key", input, 2));
                }
            }
            default -> {}
        }
        if (pending.length() > PIECE) {
            flush();
        }
    }

    private GuacamoleInstruction timed(String opcode, Arguments input, int numbers)
            throws ProtocolException {
        String[] arguments = new String[numbers + 1];
        for (int i = 0; i < numbers; i++) {
            arguments[i] = Integer.toString(input.number(i));
        }
        arguments[numbers] = frame;
        return new GuacamoleInstruction(opcode, arguments);
    }

    void event(String kind, String text) {
        recorder.event(kind, OneLine.spaced(text, LONGEST));
    }

    private void flush() {
        recorder.instructions(pending.toString());
        pending.setLength(0);
    }

    @Override
    public synchronized void close() {
        if (!pending.isEmpty()) {
            flush();
        }
        recorder.close();
    }
}
