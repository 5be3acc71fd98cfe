package dev.culvert.edge.audit;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Audit events as JSON: one object a line, fields that are not known left out. Thread-safe.
public final class AuditJson {
    private static final JsonMapper MAPPER = new JsonMapper();

    private AuditJson() {}

    public static ObjectNode of(AuditEvent event) {
        ObjectNode json =
                MAPPER.createObjectNode()
                        .put("id", event.id())
                        .put("at", event.at().toString())
                        .put("kind", event.kind().word())
                        .put("actor", event.actor())
                        .put("outcome", event.outcome());
        put(json, "application", event.application());
        put(json, "host", event.host());
        put(json, "policy", event.policy());
        put(json, "address", event.address());
        put(json, "country", event.country());
        put(json, "request_id", event.requestId());
        String detail = event.detail();
        if (detail != null) {
            try {
                json.set("detail", MAPPER.readTree(detail));
            } catch (JacksonException e) {
                json.put("detail", detail);
            }
        }
        return json;
    }

    private static void put(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    static String object(Object... namesAndValues) {
        ObjectNode json = MAPPER.createObjectNode();
        for (int i = 0; i + 1 < namesAndValues.length; i += 2) {
            String name = namesAndValues[i].toString();
            switch (namesAndValues[i + 1]) {
                case Long number -> json.put(name, number);
                case Integer number -> json.put(name, number);
                case Boolean flag -> json.put(name, flag);
                case Collection<?> values -> {
                    ArrayNode array = json.putArray(name);
                    values.forEach(value -> array.add(String.valueOf(value)));
                }
                case Object text -> json.put(name, text.toString());
            }
        }
        return json.toString();
    }
}
