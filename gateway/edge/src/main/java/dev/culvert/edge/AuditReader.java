package dev.culvert.edge;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Reads `audit` of the edge's configuration. Stateless.
final class AuditReader {
    private static final int MAX_DAYS = 3660;

    private AuditReader() {}

    /// How long events are kept. Days are the usual measure, which Go's durations do not have.
    static Duration kept(ConfigMap file) {
        ConfigMap audit = file.map("audit");
        if (audit == null) {
            return AccessConfig.DEFAULT_AUDIT_KEPT;
        }
        Duration kept = kept(audit, audit.text("keep"));
        audit.finish();
        return kept;
    }

    private static Duration kept(ConfigMap audit, @Nullable String text) {
        if (text == null) {
            return AccessConfig.DEFAULT_AUDIT_KEPT;
        }
        if (text.matches("[0-9]{1,4}d")) {
            int days = Integer.parseInt(text.substring(0, text.length() - 1));
            if (days >= 1 && days <= MAX_DAYS) {
                return Duration.ofDays(days);
            }
        }
        audit.problem(
                "keep", Shown.value(text) + " (expected: 1d to " + MAX_DAYS + "d, such as 90d)");
        return AccessConfig.DEFAULT_AUDIT_KEPT;
    }
}
