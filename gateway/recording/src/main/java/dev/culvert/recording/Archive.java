package dev.culvert.recording;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The recordings there are, for administrators. Thread-safe. Blocking; of a running edge no question waits
/// longer than 5 s for the disk, and checking one no longer than a minute.
public final class Archive {
    private static final int PIECE = 256 * 1024;
    private static final Duration CHECKED_WITHIN = Duration.ofMinutes(1);

    private final Catalogue catalogue;
    private final RecordingFiles files;
    private final Disk disk;
    private final Predicate<RecordingId> isLive;

    /// Who reads.
    interface Disk {
        <T> T ask(Callable<T> work, Duration patience) throws IOException;
    }

    private static final Disk DIRECT =
            new Disk() {
                @Override
                public <T> T ask(Callable<T> work, Duration patience) throws IOException {
                    try {
                        return work.call();
                    } catch (IOException | RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new IOException(e);
                    }
                }
            };

    /// One of the two files.
    public enum Part {
        DATA,
        SIDECAR
    }

    Archive(RecordingFiles files, Disk disk, Predicate<RecordingId> isLive) {
        this.files = files;
        this.catalogue = new Catalogue(files);
        this.disk = disk;
        this.isLive = isLive;
    }

    /// Of files that no edge writes to.
    public static Archive of(RecordingFiles files) {
        return new Archive(files, DIRECT, id -> false);
    }

    /// The newest first.
    ///
    /// @param before only those that are older than this one, null for all
    /// @param limit at most so many
    public List<Summary> find(Predicate<Summary> wanted, @Nullable RecordingId before, int limit)
            throws IOException {
        return disk.ask(
                () ->
                        catalogue.find(summary -> wanted.test(now(summary)), before, limit).stream()
                                .map(this::now)
                                .toList(),
                RecordingDisk.PATIENCE);
    }

    public Optional<Summary> get(RecordingId id) throws IOException {
        return disk.ask(() -> catalogue.get(id), RecordingDisk.PATIENCE).map(this::now);
    }

    private Summary now(Summary summary) {
        return isLive.test(summary.about().id()) ? summary.live(summary.bytes()) : summary;
    }

    public Verification verify(About about) throws IOException {
        return disk.ask(() -> Verifier.verify(files.data(about)), CHECKED_WITHIN);
    }

    /// Where a recording is, or would be.
    public Path file(About about) {
        return files.data(about);
    }

    private Path file(About about, Part part) {
        Path data = files.data(about);
        return part == Part.DATA ? data : RecordingFiles.sidecar(data);
    }

    /// Copies what there is of a file now.
    public void copy(About about, Part part, OutputStream out) throws IOException {
        Path file = file(about, part);
        long from = 0;
        byte[] piece;
        do {
            long at = from;
            piece = disk.ask(() -> Catalogue.piece(file, at, PIECE), RecordingDisk.PATIENCE);
            out.write(piece);
            from += piece.length;
        } while (piece.length > 0);
    }

    /// Deletes those that began so long ago.
    ///
    /// @return how many there were
    public int prune(Instant now, Duration age) throws IOException {
        return disk.ask(() -> catalogue.prune(now, age, isLive), CHECKED_WITHIN);
    }
}
