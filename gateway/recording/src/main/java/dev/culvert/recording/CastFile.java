package dev.culvert.recording;

import dev.culvert.recording.CastEncoder.Line;
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
import tools.jackson.databind.node.ObjectNode;

/// The two files of a recording that is made. What fails may be tried again.
///
/// The `.cast` is on the disk before the sidecar vouches for it: after a crash, also of the machine, it holds
/// at least what was signed.
///
/// Two threads use it at the same time, one for [#write], one for [#seal]; between them are the segments.
/// Anybody may ask for its state, without waiting for the disk. Blocking.
final class CastFile implements Closeable {
    /// Records of so many segments may wait for their checkpoint.
    private static final int MOST_SEGMENTS = 64;

    private static final FileAttribute<?> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final AppendedFile cast;
    private final AppendedFile sidecar;
    private final byte[] head;
    private final SigningKey key;
    private final CastEncoder encoder;

    /// The sealing thread's.
    private boolean endIsWritten;

    /// Guarded by `this`, as all below.
    private final Deque<Segment> segments = new ArrayDeque<>();

    private List<byte[]> digests = new ArrayList<>();
    private byte[] chain;
    private long records;
    private long bytes;
    private long micros;
    private long gaps;
    private long missing;
    private long unsealedSince = -1;
    private long sealingSince = -1;
    private boolean ended;

    private CastFile(
            AppendedFile cast,
            AppendedFile sidecar,
            ObjectNode about,
            SigningKey key,
            CastEncoder encoder) {
        this.cast = cast;
        this.sidecar = sidecar;
        this.key = key;
        this.encoder = encoder;
        this.head = Hashes.sha256(SidecarFormat.utf8(about.toString()));
        this.chain = head;
    }

    /// Makes both files, and the directories above that are missing.
    ///
    /// @param about the sidecar's first line
    /// @param encoder holds the header of the `.cast`
    static CastFile create(
            AppendedFile.Maker maker,
            Path path,
            ObjectNode about,
            SigningKey key,
            CastEncoder encoder)
            throws IOException {
        Path directory = path.getParent();
        if (directory != null) {
            Files.createDirectories(directory, DIRECTORY);
        }
        AppendedFile cast = new AppendedFile(maker.make(path));
        boolean usable = false;
        try {
            AppendedFile sidecar = sidecar(maker, RecordingFiles.sidecar(path), about, key);
            usable = true;
            return new CastFile(cast, sidecar, about, key, encoder);
        } finally {
            if (!usable) {
                cast.close();
                Files.deleteIfExists(path);
            }
        }
    }

    /// With what it is of, so that lists have it from the beginning.
    private static AppendedFile sidecar(
            AppendedFile.Maker maker, Path path, ObjectNode about, SigningKey key)
            throws IOException {
        AppendedFile sidecar = new AppendedFile(maker.make(path));
        boolean usable = false;
        try {
            sidecar.append(SidecarFormat.beginning(about, key));
            usable = true;
            return sidecar;
        } finally {
            if (!usable) {
                sidecar.close();
                Files.deleteIfExists(path);
            }
        }
    }

    /// Writes what the encoder holds.
    void write() throws IOException {
        if (encoder.lines().isEmpty()) {
            return;
        }
        synchronized (this) {
            if (segments.size() >= MOST_SEGMENTS) {
                throw new IOException("its checkpoints cannot be written");
            }
        }
        cast.append(encoder.bytes());
        take(encoder.lines());
        encoder.written();
    }

    private synchronized void take(List<Line> lines) {
        if (unsealedSince < 0) {
            unsealedSince = lines.getFirst().micros() * 1000;
        }
        gaps = encoder.gaps();
        missing = encoder.missing();
        for (Line line : lines) {
            chain = Hashes.chained(chain, line.digest());
            digests.add(line.digest());
            records++;
            bytes += line.length();
            micros = line.micros();
            if (digests.size() == Segment.MOST_RECORDS) {
                closeSegment();
            }
        }
    }

    private void closeSegment() {
        segments.add(new Segment(records, bytes, micros, chain, digests));
        digests = new ArrayList<>();
    }

    /// Nothing more is written.
    synchronized void end() {
        ended = true;
    }

    /// Whether all that it will ever hold is written.
    synchronized boolean isEnded() {
        return ended;
    }

    synchronized Completed completed(About about) {
        return new Completed(about, records, Hashes.text(chain), gaps, missing);
    }

    /// How much of the `.cast` is written.
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
            cast.force();
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
        if (!digests.isEmpty() || (ended && segments.isEmpty() && !endIsWritten)) {
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
                        segment.digests(),
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
        try (cast) {
            sidecar.close();
        }
    }
}
