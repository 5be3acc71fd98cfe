package dev.culvert.edge;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import java.time.Duration;

/// Reads how many days something is kept: the usual measure, which Go's durations do not have. Stateless.
final class DaysReader {
    private static final int MAX_DAYS = 3660;

    private DaysReader() {}

    /// @param otherwise when the key is missing
    static Duration read(ConfigMap map, String key, Duration otherwise) {
        String text = map.text(key);
        if (text == null) {
            return otherwise;
        }
        if (text.matches("[0-9]{1,4}d")) {
            int days = Integer.parseInt(text.substring(0, text.length() - 1));
            if (days >= 1 && days <= MAX_DAYS) {
                return Duration.ofDays(days);
            }
        }
        map.problem(key, Shown.value(text) + " (expected: 1d to " + MAX_DAYS + "d, such as 90d)");
        return otherwise;
    }
}
