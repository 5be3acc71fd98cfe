package dev.culvert.edge.recordings;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the edge's configuration says about recordings. Immutable.
///
/// @param directory null for `recordings` in the state directory
/// @param keep how long recordings are kept
public record RecordingsConfig(@Nullable Path directory, Duration keep) {
    public static final RecordingsConfig DEFAULT = new RecordingsConfig(null, Duration.ofDays(90));

    Path directory(Path state) {
        Path chosen = directory == null ? state.resolve("recordings") : directory;
        return chosen.toAbsolutePath().normalize();
    }
}
