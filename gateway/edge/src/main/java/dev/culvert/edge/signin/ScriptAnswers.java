package dev.culvert.edge.signin;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The JSON of pages' scripts. Stateless.
final class ScriptAnswers {
    static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_BYTES = 64 * 1024;

    private ScriptAnswers() {}

    /// The body as it came. Blocking.
    ///
    /// @return empty when it is too long or not JSON
    static String text(HttpExchange http) throws IOException {
        String type = http.requestHeaders().first("content-type");
        byte[] bytes = http.body().readNBytes(MAX_BYTES + 1);
        return type == null || !type.startsWith("application/json") || bytes.length > MAX_BYTES
                ? ""
                : new String(bytes, StandardCharsets.UTF_8);
    }

    /// The body's object, or null when it is none. Blocking.
    static @Nullable ObjectNode object(HttpExchange http) throws IOException {
        try {
            return JSON.readTree(text(http)) instanceof ObjectNode object ? object : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    static void answer(HttpExchange http, int status, ObjectNode body) throws IOException {
        http.respond(
                status,
                HeaderList.of(
                        "Content-Type", "application/json",
                        "Cache-Control", "no-store",
                        "X-Content-Type-Options", "nosniff"),
                body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// `{"error":{"message","next"}}`
    static void refuse(HttpExchange http, int status, String message, String next)
            throws IOException {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("error").put("message", message).put("next", next);
        answer(http, status, body);
    }
}
