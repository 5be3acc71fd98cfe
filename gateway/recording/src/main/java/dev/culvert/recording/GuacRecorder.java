package dev.culvert.recording;

import dev.culvert.plugin.edge.DesktopRecorder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The recording of a desktop while it is made. Thread-safe.
final class GuacRecorder extends SessionRecorder implements DesktopRecorder {
    GuacRecorder(About about, Path path, RecordingDisk disk, SigningKey key, Memory memory) {
        super(about, path, disk, key, memory, new GuacEncoder(about.title()));
    }

    @Override
    public void instructions(String instructions) {
        byte[] utf8 = instructions.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        for (int end : Instructions.pieces(utf8, Entry.Bytes.LARGEST)) {
            give(new Entry.Bytes(nanos(), false, utf8, from, end - from));
            from = end;
        }
    }

    @Override
    public void event(String kind, String text) {
        give(new Entry.Happened(nanos(), kind, text, true));
    }
}
