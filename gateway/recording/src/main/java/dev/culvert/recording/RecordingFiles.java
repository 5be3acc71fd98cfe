package dev.culvert.recording;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;

/// Where recordings are: `<directory>/YYYY/MM/DD/<id>.cast` or `.guac`, and beside it the sidecar `<id>.cast.sig`.
/// Immutable.
///
/// @param directory absolute
public record RecordingFiles(Path directory) {
    static final String SIDECAR = ".sig";

    Path data(RecordingId id, Format format) {
        return day(id.day()).resolve(id.text() + format.ending());
    }

    /// The file that players play.
    public Path data(About about) {
        return data(about.id(), about.format());
    }

    Path day(LocalDate day) {
        return directory
                .resolve(String.format(Locale.ROOT, "%04d", day.getYear()))
                .resolve(String.format(Locale.ROOT, "%02d", day.getMonthValue()))
                .resolve(String.format(Locale.ROOT, "%02d", day.getDayOfMonth()));
    }

    /// Of a data file.
    public static Path sidecar(Path data) {
        return data.resolveSibling(data.getFileName() + SIDECAR);
    }
}
