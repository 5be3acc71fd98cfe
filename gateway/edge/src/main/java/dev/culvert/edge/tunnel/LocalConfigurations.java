package dev.culvert.edge.tunnel;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What connectors with rules of their own say of them, for display: the last word of each connection,
/// while it is there. Bounded: 64 KiB each and 16 MiB in all; beyond that nothing new is kept.
///
/// Thread-safe.
final class LocalConfigurations {
    static final int MAX_BYTES = 64 * 1024;
    static final int MAX_ALL = 16 << 20;

    private final Map<UUID, String> byConnection = new HashMap<>();
    private int kept;

    /// @param json not looked into
    synchronized void put(UUID connection, byte[] json) {
        remove(connection);
        if (json.length <= MAX_BYTES && kept + json.length <= MAX_ALL) {
            String text = new String(json, StandardCharsets.UTF_8);
            byConnection.put(connection, text);
            kept += text.length();
        }
    }

    synchronized void remove(UUID connection) {
        String old = byConnection.remove(connection);
        if (old != null) {
            kept -= old.length();
        }
    }

    synchronized @Nullable String get(UUID connection) {
        return byConnection.get(connection);
    }
}
