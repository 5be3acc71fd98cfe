package dev.culvert.edge.admin;

import dev.culvert.edge.state.StateException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A request to the admin endpoint that was admitted. Immutable.
///
/// @param body empty when it has none
record AdminRequest(String method, ResourcePath path, ObjectNode body) {
    private static final String SEE = "see the table of requests in docs/admin-api.md";
    private static final long MAX_SECONDS = Duration.ofDays(36_500).toSeconds();

    /// Whether the path is these segments; `*` stands for any.
    boolean isAt(String... segments) {
        List<String> named = path.segments();
        if (named.size() != segments.length) {
            return false;
        }
        for (int i = 0; i < segments.length; i++) {
            if (!segments[i].equals("*") && !segments[i].equals(named.get(i))) {
                return false;
            }
        }
        return true;
    }

    boolean is(String wanted) {
        return method.equals(wanted);
    }

    String segment(int index) {
        return path.segments().get(index);
    }

    void allow(String... allowed) throws Refusal {
        if (!List.of(allowed).contains(method)) {
            String list = String.join(", ", allowed);
            throw new Refusal(
                    405,
                    "method_not_allowed",
                    "method " + StateException.quoted(method) + " (expected: " + list + ")",
                    SEE,
                    list);
        }
    }

    Refusal unknown() {
        return ResourcePath.unknown("/api/v1/" + String.join("/", path.segments()));
    }

    /// Refuses fields that are not among these.
    void fields(String... known) throws Refusal {
        for (String field : body.propertyNames()) {
            if (!List.of(known).contains(field)) {
                throw Refusal.invalid(
                        StateException.quoted(field)
                                + ": unknown (expected: one of "
                                + List.of(known)
                                + ")");
            }
        }
    }

    String text(String field) throws Refusal {
        String value = textOrNull(field);
        if (value == null) {
            throw Refusal.invalid(field + ": missing or not a string (expected: a string)");
        }
        return value;
    }

    @Nullable String textOrNull(String field) throws Refusal {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw Refusal.invalid(field + ": missing or not a string (expected: a string)");
        }
        return value.stringValue();
    }

    /// False when it is missing.
    boolean flag(String field) throws Refusal {
        JsonNode value = body.path(field);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw Refusal.invalid(field + ": (expected: true or false)");
        }
        return value.asBoolean(false);
    }

    /// Whole seconds; null when it is missing.
    @Nullable Duration seconds(String field) throws Refusal {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        long seconds = value.isIntegralNumber() && value.canConvertToLong() ? value.asLong() : -1;
        if (seconds < 0 || seconds > MAX_SECONDS) {
            throw Refusal.invalid(field + ": (expected: whole seconds, at most 100 years)");
        }
        return Duration.ofSeconds(seconds);
    }
}
