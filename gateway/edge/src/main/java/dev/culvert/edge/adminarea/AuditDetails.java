package dev.culvert.edge.adminarea;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Details of audit events for people: `reason: expired, seconds: 12`. Thread-safe.
final class AuditDetails {
    private static final JsonMapper MAPPER = new JsonMapper();

    private AuditDetails() {}

    /// @param detail a JSON object as text
    static String shown(@Nullable String detail) {
        if (detail == null) {
            return "";
        }
        try {
            JsonNode json = MAPPER.readTree(detail);
            return String.join(
                    ", ",
                    json.properties().stream()
                            .map(field -> field.getKey() + ": " + text(field.getValue()))
                            .toList());
        } catch (JacksonException e) {
            return detail;
        }
    }

    private static String text(JsonNode value) {
        return value.isString() ? value.asString() : value.toString();
    }
}
