package dev.culvert.recording;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// The recordings that are on the disk. The files are the only truth: there is no index that could say
/// something else.
///
/// Thread-safe. Blocking, and as long as the disk hangs: what the edge has of it goes through [RecordingDisk].
final class Catalogue {
    private static final int REMEMBERED = 10_000;

    /// Looked at for one question at most.
    private static final int MOST_LOOKED_AT = 20_000;

    private final RecordingFiles files;

    /// Those that do not change any more.
    private final Map<RecordingId, Summary> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<RecordingId, Summary> eldest) {
                    return size() > REMEMBERED;
                }
            };

    Catalogue(RecordingFiles files) {
        this.files = files;
    }

    /// The newest first.
    ///
    /// @param before only those that are older than this one, null for all
    /// @param limit at most so many
    List<Summary> find(Predicate<Summary> wanted, @Nullable RecordingId before, int limit)
            throws IOException {
        List<Summary> found = new ArrayList<>();
        int looked = 0;
        for (LocalDate day : days()) {
            if (before != null && day.isAfter(before.day())) {
                continue;
            }
            for (RecordingId id : of(day)) {
                if (found.size() == limit || looked++ == MOST_LOOKED_AT) {
                    return found;
                }
                if (before == null || id.compareTo(before) < 0) {
                    get(id).filter(wanted).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /// Empty when there is none, or its sidecar does not say what it is.
    Optional<Summary> get(RecordingId id) throws IOException {
        synchronized (known) {
            Summary summary = known.get(id);
            if (summary != null) {
                return Optional.of(summary);
            }
        }
        Optional<Summary> read = read(id, Format.CAST);
        if (read.isEmpty()) {
            read = read(id, Format.GUAC);
        }
        if (read.isPresent() && read.get().state() == Summary.State.COMPLETE) {
            synchronized (known) {
                known.put(id, read.get());
            }
        }
        return read;
    }

    private Optional<Summary> read(RecordingId id, Format format) throws IOException {
        Path data = files.data(id, format);
        Path sidecar = RecordingFiles.sidecar(data);
        try {
            About about = about(sidecar);
            if (about == null || !about.id().equals(id) || about.format() != format) {
                return Optional.empty();
            }
            long bytes = Files.size(data);
            SidecarFormat.Mark last = last(format, sidecar);
            return Optional.of(
                    last == null
                            ? new Summary(
                                    about, Summary.State.UNFINISHED, Duration.ZERO, bytes, 0, 0)
                            : new Summary(
                                    about,
                                    last.end() ? Summary.State.COMPLETE : Summary.State.UNFINISHED,
                                    length(last.seconds()),
                                    bytes,
                                    last.gaps(),
                                    last.missing()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static @Nullable About about(Path sidecar) throws IOException {
        try (PieceReader lines = PieceReader.open(sidecar, SidecarFormat.LONGEST_LINE)) {
            PieceReader.Piece first = lines.line();
            return first == null || !first.whole()
                    ? null
                    : About.read(SidecarFormat.MAPPER.readTree(first.start()));
        } catch (JacksonException e) {
            return null;
        }
    }

    /// What the last line says that is whole; null when it says nothing of the kind.
    private static SidecarFormat.@Nullable Mark last(Format format, Path sidecar)
            throws IOException {
        byte[] tail = tail(sidecar);
        int end = tail.length - 1;
        while (end >= 0 && tail[end] != '\n') {
            end--;
        }
        int start = end - 1;
        while (start >= 0 && tail[start] != '\n') {
            start--;
        }
        if (end <= 0) {
            return null;
        }
        SidecarFormat.Marked marked =
                SidecarFormat.read(format, Arrays.copyOfRange(tail, start + 1, end));
        return marked == null ? null : marked.mark();
    }

    private static byte[] tail(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long from = Math.max(0, channel.size() - 2L * SidecarFormat.LONGEST_LINE);
            return piece(channel, from, 2 * SidecarFormat.LONGEST_LINE);
        }
    }

    /// At most so many bytes of a file, fewer at its end.
    static byte[] piece(Path file, long from, int most) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return piece(channel, from, most);
        }
    }

    private static byte[] piece(FileChannel channel, long from, int most) throws IOException {
        int length = (int) Math.clamp(channel.size() - from, 0, most);
        ByteBuffer piece = ByteBuffer.allocate(length);
        while (piece.hasRemaining() && channel.read(piece, from + piece.position()) >= 0) {
            // Until it is whole.
        }
        byte[] read = new byte[piece.position()];
        piece.flip().get(read);
        return read;
    }

    private static Duration length(String seconds) {
        try {
            return Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1000));
        } catch (NumberFormatException e) {
            return Duration.ZERO;
        }
    }

    private List<LocalDate> days() throws IOException {
        List<LocalDate> days = new ArrayList<>();
        for (Path year : numbered(files.directory(), 4)) {
            for (Path month : numbered(year, 2)) {
                for (Path day : numbered(month, 2)) {
                    LocalDate date = date(year, month, day);
                    if (date != null) {
                        days.add(date);
                    }
                }
            }
        }
        return days;
    }

    private static @Nullable LocalDate date(Path year, Path month, Path day) {
        try {
            return LocalDate.of(number(year), number(month), number(day));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static int number(Path named) {
        return Integer.parseInt(named.getFileName().toString());
    }

    /// What of a directory is called by so many digits, the greatest first.
    private static List<Path> numbered(Path directory, int digits) throws IOException {
        String pattern = "\\d{" + digits + "}";
        return names(directory).stream()
                .filter(name -> name.matches(pattern))
                .sorted(Comparator.reverseOrder())
                .map(directory::resolve)
                .toList();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// The newest first.
    private List<RecordingId> of(LocalDate day) throws IOException {
        return names(files.day(day)).stream()
                .flatMap(name -> id(name).stream())
                .filter(id -> id.day().equals(day))
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /// Whose data file is called this.
    private static Optional<RecordingId> id(String name) {
        return Arrays.stream(Format.values())
                .map(Format::ending)
                .filter(name::endsWith)
                .map(ending -> name.substring(0, name.length() - ending.length()))
                .filter(RecordingId::isId)
                .map(RecordingId::new)
                .findFirst();
    }

    /// Deletes those that began so long ago, by whole days.
    ///
    /// @param kept those that are needed yet
    /// @return how many there were
    int prune(Instant now, Duration age, Predicate<RecordingId> kept) throws IOException {
        LocalDate oldest = now.minus(age).atZone(ZoneOffset.UTC).toLocalDate();
        int deleted = 0;
        for (LocalDate day : days()) {
            if (!day.isBefore(oldest)) {
                continue;
            }
            for (RecordingId id : of(day)) {
                if (!kept.test(id)) {
                    delete(id);
                    deleted++;
                }
            }
            deleteEmpty(files.day(day));
        }
        return deleted;
    }

    private void delete(RecordingId id) throws IOException {
        for (Format format : Format.values()) {
            Path data = files.data(id, format);
            Files.deleteIfExists(data);
            Files.deleteIfExists(RecordingFiles.sidecar(data));
        }
    }

    /// Directories that nothing is in any more, up to that of all recordings.
    private void deleteEmpty(Path directory) throws IOException {
        Path at = directory;
        while (at != null && !at.equals(files.directory())) {
            try {
                Files.deleteIfExists(at);
            } catch (DirectoryNotEmptyException e) {
                return;
            }
            at = at.getParent();
        }
    }
}
