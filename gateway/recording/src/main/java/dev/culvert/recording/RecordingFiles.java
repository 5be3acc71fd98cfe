package dev.culvert.recording;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;

/// Where recordings are: `<directory>/YYYY/MM/DD/<id>.cast`, and beside it the sidecar `<id>.cast.sig`. Immutable.
///
/// @param directory absolute
public record RecordingFiles(Path directory) {
    static final String CAST = ".cast";
    static final String SIDECAR = ".sig";

    /// The file that players play.
    public Path cast(RecordingId id) {
        return day(id.day()).resolve(id.text() + CAST);
    }

    Path day(LocalDate day) {
        return directory
                .resolve(String.format(Locale.ROOT, "%04d", day.getYear()))
                .resolve(String.format(Locale.ROOT, "%02d", day.getMonthValue()))
                .resolve(String.format(Locale.ROOT, "%02d", day.getDayOfMonth()));
    }

    /// Of a `.cast` file.
    public static Path sidecar(Path cast) {
        return cast.resolveSibling(cast.getFileName() + SIDECAR);
    }
}
