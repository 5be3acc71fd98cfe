package dev.culvert.recording;

import java.io.IOException;
import java.time.Duration;

/// A recording that is made right now, as an administrator sees it. Thread-safe.
public final class LiveRecording {
    private final SessionRecorder recorder;
    private final RecordingDisk disk;

    LiveRecording(SessionRecorder recorder, RecordingDisk disk) {
        this.recorder = recorder;
        this.disk = disk;
    }

    public About about() {
        return recorder.about();
    }

    /// Whether nothing of it can be written at the moment.
    public boolean isFailing() {
        return recorder.isFailed();
    }

    /// Of the terminal now.
    ///
    /// @throws IllegalStateException when it is of no terminal
    public Size size() {
        if (recorder instanceof CastRecorder terminal) {
            return terminal.size();
        }
        throw new IllegalStateException("no terminal: " + about().id());
    }

    /// Bytes of its data file so far: whole records.
    public long bytes() {
        return recorder.growth().bytes();
    }

    /// Whether nothing follows what [#bytes] says.
    public boolean isEnded() {
        return recorder.growth().isEnded();
    }

    /// Ends the session that is recorded.
    ///
    /// @param why for people
    /// @return false when it is ending already
    public boolean end(String why) {
        return recorder.end(why);
    }

    /// Waits until there is more.
    ///
    /// @return how many bytes there are
    public long await(long beyond, Duration atMost) throws InterruptedException {
        return recorder.growth().await(beyond, atMost);
    }

    /// A piece of its data file that has been written. Blocking, at most 5 s.
    public byte[] read(long from, int most) throws IOException {
        int length = (int) Math.clamp(bytes() - from, 0, most);
        return disk.ask(
                () -> Catalogue.piece(recorder.path(), from, length), RecordingDisk.PATIENCE);
    }
}
