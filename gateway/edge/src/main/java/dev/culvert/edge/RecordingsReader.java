package dev.culvert.edge;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import dev.culvert.edge.recordings.RecordingsConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Reads `recordings` of the edge's configuration. Stateless.
final class RecordingsReader {
    private RecordingsReader() {}

    static RecordingsConfig read(ConfigMap file) {
        ConfigMap recordings = file.map("recordings");
        if (recordings == null) {
            return RecordingsConfig.DEFAULT;
        }
        Path directory = directory(recordings, recordings.text("directory"));
        Duration keep = DaysReader.read(recordings, "keep", RecordingsConfig.DEFAULT.keep());
        recordings.finish();
        return new RecordingsConfig(directory, keep);
    }

    private static @Nullable Path directory(ConfigMap recordings, @Nullable String text) {
        if (text == null) {
            return null;
        }
        if (text.isEmpty() || text.indexOf('\0') >= 0) {
            recordings.problem("directory", Shown.value(text) + " (expected: a path)");
            return null;
        }
        return Path.of(text);
    }
}
