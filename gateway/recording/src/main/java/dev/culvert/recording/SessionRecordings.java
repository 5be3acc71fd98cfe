package dev.culvert.recording;

import dev.culvert.plugin.edge.DesktopRecorder;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recorder.Mode;
import dev.culvert.plugin.edge.Recordings;
import dev.culvert.plugin.edge.RefusedException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The recordings of an edge: makes them, and knows those that are made right now.
///
/// Thread-safe. However long the disk hangs, nothing here waits longer than it says.
public final class SessionRecordings implements Recordings, AutoCloseable {
    /// Recordings that are made at a time, and those that wait for a disk that hangs.
    private static final int MOST = 4096;

    private static final long REQUIRED_MILLIS = 4500;

    /// One of best effort only has to know whether it could be begun.
    private static final long EFFORT_MILLIS = 1000;

    private final RecordingFiles files;
    private final SigningKey key;
    private final InstantSource clock;
    private final Memory memory;
    private final RecordingDisk disk;
    private final Archive archive;

    /// @param memoryBytes what all recordings together may hold that is not written yet
    public SessionRecordings(
            RecordingFiles files, SigningKey key, InstantSource clock, long memoryBytes) {
        this(files, key, clock, memoryBytes, AppendedFile::make);
    }

    SessionRecordings(
            RecordingFiles files,
            SigningKey key,
            InstantSource clock,
            long memoryBytes,
            AppendedFile.Maker maker) {
        this.files = files;
        this.key = key;
        this.clock = clock;
        this.memory = new Memory(memoryBytes);
        this.disk = new RecordingDisk(maker, clock).start();
        this.archive = new Archive(files, disk, id -> disk.recorder(id.text()) != null);
    }

    public RecordingFiles files() {
        return files;
    }

    public PublicKey publicKey() {
        return key.publicKey();
    }

    /// What is given and not written yet, of all recordings together.
    public long waitingBytes() {
        return memory.held();
    }

    @Override
    public Recorder begin(Subject subject, Mode mode) throws RefusedException {
        if (isFull(mode)) {
            return new NoRecorder(RecordingId.make(clock.instant()));
        }
        About about = about(Format.CAST, subject, mode);
        return begun(new CastRecorder(about, subject, files.data(about), disk, key, memory));
    }

    @Override
    public DesktopRecorder beginDesktop(Subject subject, Mode mode) throws RefusedException {
        if (isFull(mode)) {
            return new NoRecorder(RecordingId.make(clock.instant()));
        }
        About about = about(Format.GUAC, subject, mode);
        return begun(new GuacRecorder(about, files.data(about), disk, key, memory));
    }

    private boolean isFull(Mode mode) throws RefusedException {
        boolean full = disk.recorders().size() >= MOST;
        if (full && mode == Mode.REQUIRED) {
            throw refused("there are " + MOST + " recordings already");
        }
        return full;
    }

    private About about(Format format, Subject subject, Mode mode) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return About.of(RecordingId.make(now), format, now, subject, mode, key.publicKey());
    }

    private <R extends SessionRecorder> R begun(R recorder) throws RefusedException {
        disk.add(recorder);
        recorder.schedule();
        await(recorder, recorder.about().mode());
        return recorder;
    }

    private static void await(SessionRecorder recorder, Mode mode) throws RefusedException {
        boolean begun = false;
        try {
            begun = recorder.awaitBegun(mode == Mode.REQUIRED ? REQUIRED_MILLIS : EFFORT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (mode == Mode.REQUIRED && !begun) {
            recorder.giveUp();
            throw refused("the disk of the recordings refuses or does not answer");
        }
    }

    private static RefusedException refused(String why) {
        return new RefusedException(
                "recording_failed",
                "This session has to be recorded, and cannot be: " + why + ".",
                "Try again in a minute. If the edge is yours, see its log and its recordings' disk.");
    }

    /// Those there are, with those that are made right now.
    public Archive archive() {
        return archive;
    }

    /// Told of each recording that has its end, for a record elsewhere that it was that long. Must be quick.
    public void onComplete(Consumer<Completed> listener) {
        disk.onComplete(listener);
    }

    /// Those that are made right now, the newest first.
    public List<LiveRecording> live() {
        return disk.recorders().stream()
                .sorted((a, b) -> b.about().id().compareTo(a.about().id()))
                .map(recorder -> new LiveRecording(recorder, disk))
                .toList();
    }

    public Optional<LiveRecording> live(RecordingId id) {
        return Optional.ofNullable(disk.recorder(id.text()))
                .map(recorder -> new LiveRecording(recorder, disk));
    }

    /// Ends every recording that is made. Idempotent. Blocking, at most 5 s.
    @Override
    public void close() {
        disk.close();
    }
}
