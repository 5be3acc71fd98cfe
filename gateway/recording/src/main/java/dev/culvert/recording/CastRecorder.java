package dev.culvert.recording;

import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recordings.Subject;
import java.nio.file.Path;

/// The recording of a terminal while it is made. Thread-safe.
final class CastRecorder extends SessionRecorder implements Recorder {
    private volatile Size size;

    CastRecorder(
            About about,
            Subject subject,
            Path path,
            RecordingDisk disk,
            SigningKey key,
            Memory memory) {
        super(about, path, disk, key, memory, encoder(about, subject));
        this.size = new Size(subject.columns(), subject.rows());
    }

    private static CastEncoder encoder(About about, Subject subject) {
        CastEncoder encoder =
                new CastEncoder(about.id().text(), subject.columns(), subject.input());
        encoder.header(about.header(subject.columns(), subject.rows()));
        if (!subject.command().isEmpty()) {
            encoder.add(new Entry.Happened(0, "exec", subject.command(), true));
        }
        return encoder;
    }

    /// Of the terminal now.
    Size size() {
        return size;
    }

    @Override
    public void output(byte[] bytes, int offset, int length) {
        bytes(false, bytes, offset, length);
    }

    @Override
    public void input(byte[] bytes, int offset, int length) {
        bytes(true, bytes, offset, length);
    }

    private void bytes(boolean typed, byte[] bytes, int offset, int length) {
        for (int from = 0; from < length; from += Entry.Bytes.LARGEST) {
            int piece = Math.min(Entry.Bytes.LARGEST, length - from);
            give(new Entry.Bytes(nanos(), typed, bytes, offset + from, piece));
        }
    }

    @Override
    public void resize(int columns, int rows) {
        size = new Size(columns, rows);
        give(new Entry.Resized(nanos(), columns, rows));
    }

    @Override
    public void event(String kind, String text, boolean exact) {
        give(new Entry.Happened(nanos(), kind, text, exact));
    }
}
