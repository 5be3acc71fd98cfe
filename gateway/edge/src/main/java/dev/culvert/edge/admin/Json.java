package dev.culvert.edge.admin;

import dev.culvert.edge.state.RouteSummary;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.TunnelSummary;
import dev.culvert.edge.tunnel.ConfigurationPush;
import dev.culvert.edge.web.ErrorJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The JSON of the admin endpoint, both ways. Thread-safe.
final class Json {
    static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private Json() {}

    static ObjectNode of(TunnelSummary tunnel) {
        ObjectNode json =
                MAPPER.createObjectNode()
                        .put("id", tunnel.id().toString())
                        .put("name", tunnel.name())
                        .put("createdAt", tunnel.createdAt().toString())
                        .put("rotation", tunnel.rotation())
                        .put("routes", tunnel.routes());
        TunnelSummary.Configured rules = tunnel.configuration();
        if (rules == null) {
            return json.putNull("configuration");
        }
        json.putObject("configuration")
                .put("version", rules.version())
                .put("connections", rules.connections())
                .put("applied", rules.applied());
        return json;
    }

    static ObjectNode of(ConfigurationPush.Told told) {
        return MAPPER.createObjectNode()
                .put("connector", told.connector().toString())
                .put("index", told.index())
                .put("version", told.version())
                .put("problem", told.problem());
    }

    /// JSON of somebody else's making; null when it is none.
    static JsonNode shown(@Nullable String text) {
        try {
            return text == null ? MAPPER.nullNode() : MAPPER.readTree(text);
        } catch (JacksonException e) {
            return MAPPER.nullNode();
        }
    }

    private static TunnelSummary.@Nullable Configured configured(JsonNode json) {
        return json.isObject()
                ? new TunnelSummary.Configured(
                        json.path("version").asInt(0),
                        json.path("connections").asInt(0),
                        json.path("applied").asInt(0))
                : null;
    }

    static ObjectNode of(RouteSummary route) {
        return MAPPER.createObjectNode()
                .put("hostname", route.hostname())
                .put("tunnelId", route.tunnelId().toString())
                .put("tunnelName", route.tunnelName())
                .put("public", route.isPublic())
                .put("closed", route.isClosed())
                .put("createdAt", route.createdAt().toString());
    }

    static ObjectNode of(StateException problem, String id) {
        return ErrorJson.of(
                problem.code().word(), String.valueOf(problem.getMessage()), problem.next(), id);
    }

    /// @throws IllegalArgumentException when it is not what [#of(TunnelSummary)] writes
    static TunnelSummary tunnel(JsonNode json) {
        return new TunnelSummary(
                UUID.fromString(json.path("id").asString("")),
                json.path("name").asString(""),
                instant(json),
                json.path("rotation").asLong(0),
                json.path("routes").asInt(0),
                configured(json.path("configuration")));
    }

    /// @throws IllegalArgumentException when it is not what [#of(RouteSummary)] writes
    static RouteSummary route(JsonNode json) {
        return new RouteSummary(
                json.path("hostname").asString(""),
                UUID.fromString(json.path("tunnelId").asString("")),
                json.path("tunnelName").asString(""),
                json.path("public").asBoolean(false),
                json.path("closed").asBoolean(true),
                instant(json));
    }

    private static Instant instant(JsonNode json) {
        try {
            return Instant.parse(json.path("createdAt").asString(""));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("createdAt", e);
        }
    }
}
