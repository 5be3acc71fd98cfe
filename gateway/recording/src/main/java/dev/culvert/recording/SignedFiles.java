package dev.culvert.recording;

import dev.culvert.recording.Records.Whole;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The two files of a recording that is made. What fails may be tried again.
///
/// The data file is on the disk before the sidecar vouches for it: after a crash, also of the machine, it holds
/// at least what was signed.
///
/// Two threads use it at the same time, one for [#write], one for [#seal]; between them are the segments.
/// Anybody may ask for its state, without waiting for the disk. Blocking.
final class SignedFiles implements Closeable {
    /// Records of so many segments may wait for their checkpoint.
    private static final int MOST_SEGMENTS = 64;

    private static final FileAttribute<?> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final AppendedFile data;
    private final AppendedFile sidecar;
    private final byte[] head;
    private final SigningKey key;
    private final About about;
    private final Records waiting;

    /// The sealing thread's.
    private boolean endIsWritten;

    /// Guarded by `this`, as all below.
    private final Deque<Segment> segments = new ArrayDeque<>();

    private List<Whole> segment = new ArrayList<>();
    private byte[] chain;
    private long records;
    private long bytes;
    private long micros;
    private long gaps;
    private long missing;
    private long unsealedSince = -1;
    private long sealingSince = -1;
    private boolean ended;

    private SignedFiles(
            AppendedFile data, AppendedFile sidecar, About about, SigningKey key, Records waiting) {
        this.data = data;
        this.sidecar = sidecar;
        this.key = key;
        this.about = about;
        this.waiting = waiting;
        this.head = Hashes.sha256(SidecarFormat.utf8(about.json().toString()));
        this.chain = head;
    }

    /// Makes both files, and the directories above that are missing.
    ///
    /// @param waiting holds the first record of the data file
    static SignedFiles create(
            AppendedFile.Maker maker, Path path, About about, SigningKey key, Records waiting)
            throws IOException {
        Path directory = path.getParent();
        if (directory != null) {
            Files.createDirectories(directory, DIRECTORY);
        }
        AppendedFile data = new AppendedFile(maker.make(path));
        boolean usable = false;
        try {
            AppendedFile sidecar = sidecar(maker, RecordingFiles.sidecar(path), about, key);
            usable = true;
            return new SignedFiles(data, sidecar, about, key, waiting);
        } finally {
            if (!usable) {
                data.close();
                Files.deleteIfExists(path);
            }
        }
    }

    /// With what it is of, so that lists have it from the beginning.
    private static AppendedFile sidecar(
            AppendedFile.Maker maker, Path path, About about, SigningKey key) throws IOException {
        AppendedFile sidecar = new AppendedFile(maker.make(path));
        boolean usable = false;
        try {
            sidecar.append(SidecarFormat.beginning(about.json(), key));
            usable = true;
            return sidecar;
        } finally {
            if (!usable) {
                sidecar.close();
                Files.deleteIfExists(path);
            }
        }
    }

    /// Writes what waits.
    void write() throws IOException {
        if (waiting.list().isEmpty()) {
            return;
        }
        synchronized (this) {
            if (segments.size() >= MOST_SEGMENTS) {
                throw new IOException("its checkpoints cannot be written");
            }
        }
        data.append(waiting.bytes());
        take(waiting.list());
        waiting.written();
    }

    private synchronized void take(List<Whole> wholes) {
        if (unsealedSince < 0) {
            unsealedSince = wholes.getFirst().micros() * 1000;
        }
        gaps = waiting.gaps();
        missing = waiting.missing();
        for (Whole whole : wholes) {
            chain = Hashes.chained(chain, whole.digest());
            segment.add(whole);
            records++;
            bytes += whole.length();
            micros = whole.micros();
            if (segment.size() == Segment.MOST_RECORDS) {
                closeSegment();
            }
        }
    }

    private void closeSegment() {
        segments.add(new Segment(records, bytes, micros, chain, segment));
        segment = new ArrayList<>();
    }

    /// Nothing more is written.
    synchronized void end() {
        ended = true;
    }

    /// Whether all that it will ever hold is written.
    synchronized boolean isEnded() {
        return ended;
    }

    synchronized Completed completed() {
        return new Completed(about, records, Hashes.text(chain), gaps, missing);
    }

    /// How much of the data file is written.
    synchronized long written() {
        return bytes;
    }

    /// When the oldest record was given that no checkpoint vouches for; -1 when there is none.
    synchronized long unsealedNanos() {
        return sealingSince >= 0 ? sealingSince : unsealedSince;
    }

    /// Whether [#seal] has something to do.
    synchronized boolean isUnsealed() {
        return ended || unsealedSince >= 0;
    }

    private record Due(List<Segment> segments, boolean end, long gaps, long missing) {}

    /// Signs what was written until now.
    ///
    /// @return whether that was the end: both files are whole
    boolean seal(Instant now) throws IOException {
        Due due = due();
        boolean done = false;
        try {
            data.force();
            for (Segment segment : due.segments()) {
                put(segment, due, now);
            }
            sidecar.force();
            done = true;
        } finally {
            sealed(done);
        }
        return due.end();
    }

    private synchronized Due due() {
        if (!segment.isEmpty() || (ended && segments.isEmpty() && !endIsWritten)) {
            closeSegment();
        }
        sealingSince = unsealedSince;
        unsealedSince = -1;
        return new Due(List.copyOf(segments), ended, gaps, missing);
    }

    private void put(Segment segment, Due due, Instant now) throws IOException {
        boolean end = due.end() && segment == due.segments().getLast();
        sidecar.append(
                SidecarFormat.line(
                        SidecarFormat.mark(segment, end, now, due.gaps(), due.missing()),
                        SidecarFormat.listed(about.format(), segment),
                        head,
                        key));
        endIsWritten = end;
        synchronized (this) {
            segments.remove();
        }
    }

    private synchronized void sealed(boolean done) {
        if (!done && sealingSince >= 0) {
            unsealedSince = sealingSince;
        }
        sealingSince = -1;
    }

    @Override
    public void close() throws IOException {
        try (data) {
            sidecar.close();
        }
    }
}
