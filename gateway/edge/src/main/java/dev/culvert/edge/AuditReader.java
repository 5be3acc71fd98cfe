package dev.culvert.edge;

import dev.culvert.config.ConfigMap;
import java.time.Duration;

/// Reads `audit` of the edge's configuration. Stateless.
final class AuditReader {
    private AuditReader() {}

    /// How long events are kept.
    static Duration kept(ConfigMap file) {
        ConfigMap audit = file.map("audit");
        if (audit == null) {
            return AccessConfig.DEFAULT_AUDIT_KEPT;
        }
        Duration kept = DaysReader.read(audit, "keep", AccessConfig.DEFAULT_AUDIT_KEPT);
        audit.finish();
        return kept;
    }
}
