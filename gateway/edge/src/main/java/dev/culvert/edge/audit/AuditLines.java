package dev.culvert.edge.audit;

import dev.culvert.edge.state.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The copy of the audit log for other programs: JSON lines in `audit.jsonl` (0600), renamed at the first
/// line of a new day (UTC) to `audit-20261129T000003.512Z.jsonl`: when it was renamed, so that all its lines are
/// older, and names sort by time.
///
/// The file is opened for each piece and holds whole lines only: what was cut, by a full disk or a crash, is
/// taken off again before the next line. A rename is atomic and the next piece makes a new file, so a crash at
/// any point leaves every line in one of the files.
///
/// Confined to one thread, except [#prune]. Blocking.
final class AuditLines {
    private static final String CURRENT = "audit.jsonl";
    private static final String ROTATED = "audit-*.jsonl";
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'audit-'uuuuMMdd'T'HHmmss.SSS'Z.jsonl'", Locale.ROOT);

    private static final int PIECE = 4096;
    private static final int LONGEST_LINE = 4 << 20;

    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path directory;
    private final Path file;
    private final InstantSource clock;

    /// The day of the newest line, when it was written by this process.
    private @Nullable LocalDate written;

    AuditLines(Path directory, InstantSource clock) {
        this.directory = directory;
        this.file = directory.resolve(CURRENT);
        this.clock = clock;
    }

    Path file() {
        return file;
    }

    /// Id of the newest event that there is a line of; -1 when no line is left that says so.
    long lastId() throws IOException {
        long last = lastId(file);
        List<Path> rotated = rotated();
        return last >= 0 || rotated.isEmpty() ? last : lastId(rotated.getLast());
    }

    private static long lastId(Path of) throws IOException {
        try (FileChannel channel = FileChannel.open(of, StandardOpenOption.READ)) {
            long end = lastNewline(channel, channel.size());
            long start = lastNewline(channel, end) + 1;
            return end < 0 || end - start > LONGEST_LINE
                    ? -1
                    : MAPPER.readTree(read(channel, start, end)).path("id").asLong(-1);
        } catch (NoSuchFileException | JacksonException e) {
            return -1;
        }
    }

    private static byte[] read(FileChannel channel, long from, long to) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) (to - from));
        while (piece.hasRemaining()) {
            if (channel.read(piece, from + piece.position()) < 0) {
                throw new IOException("the file became shorter");
            }
        }
        return piece.array();
    }

    /// Where the last one before a position is; -1 when there is none.
    private static long lastNewline(FileChannel channel, long before) throws IOException {
        for (long end = before; end > 0; ) {
            long start = Math.max(0, end - PIECE);
            byte[] piece = read(channel, start, end);
            for (int i = piece.length - 1; i >= 0; i--) {
                if (piece[i] == '\n') {
                    return start + i;
                }
            }
            end = start;
        }
        return -1;
    }

    /// Writes all of them, or none and fails.
    void append(List<AuditEvent> events) throws IOException {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(AuditJson.of(event)).append('\n'));
        rotate();
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        PrivateFiles.FILE)) {
            long size = wholeLines(channel);
            boolean written = false;
            try {
                ByteBuffer bytes =
                        ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
                for (long at = size; bytes.hasRemaining(); ) {
                    at += channel.write(bytes, at);
                }
                written = true;
            } finally {
                if (!written) {
                    channel.truncate(size);
                }
            }
        }
    }

    /// Takes off what follows the last whole line.
    ///
    /// @return the size now
    private static long wholeLines(FileChannel channel) throws IOException {
        long size = lastNewline(channel, channel.size()) + 1;
        channel.truncate(size);
        return size;
    }

    private void rotate() throws IOException {
        LocalDateTime now = LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
        LocalDate newest = written();
        if (newest != null && newest.isBefore(now.toLocalDate()) && !isEmptyWhenWhole()) {
            Path name = directory.resolve(NAME.format(now));
            for (int i = 1; Files.exists(name); i++) {
                name = directory.resolve(NAME.format(now.plusNanos(i * 1_000_000L)));
            }
            Files.move(file, name, StandardCopyOption.ATOMIC_MOVE);
        }
        written = now.toLocalDate();
    }

    private boolean isEmptyWhenWhole() throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return wholeLines(channel) == 0;
        }
    }

    /// The day of the newest line; null when there is none.
    private @Nullable LocalDate written() throws IOException {
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            return written != null
                    ? written
                    : LocalDate.ofInstant(modified.toInstant(), ZoneOffset.UTC);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /// By name, so the oldest first.
    private List<Path> rotated() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, ROTATED)) {
            for (Path path : files) {
                if (renamedAt(path) != null) {
                    found.add(path);
                }
            }
        }
        found.sort(null);
        return found;
    }

    private static @Nullable Instant renamedAt(Path path) {
        try {
            return LocalDateTime.parse(path.getFileName().toString(), NAME)
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /// Deletes files all of whose lines are older. Thread-safe.
    void prune(Instant before) throws IOException {
        for (Path path : rotated()) {
            Instant renamed = renamedAt(path);
            if (renamed != null && renamed.isBefore(before)) {
                Files.deleteIfExists(path);
            }
        }
    }
}
