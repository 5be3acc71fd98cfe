package dev.culvert.plugin.edge.web;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Whole answers in JSON, which nobody keeps. Stateless.
public final class JsonAnswer {
    private static final JsonMapper JSON = new JsonMapper();

    private JsonAnswer() {}

    public static void give(HttpExchange exchange, int status, JsonNode body) throws IOException {
        HeaderList headers =
                HeaderList.of(
                        "Content-Type", "application/json",
                        "Cache-Control", "no-store",
                        "X-Content-Type-Options", "nosniff");
        exchange.respond(status, headers, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// As in `docs/errors.md`.
    public static void refuse(
            HttpExchange exchange, int status, Admitted admitted, RefusedException refused)
            throws IOException {
        refuse(exchange, status, admitted, refused, JSON.createObjectNode());
    }

    /// As in `docs/errors.md`.
    ///
    /// @param more to stand beside `error`; an object
    public static void refuse(
            HttpExchange exchange,
            int status,
            Admitted admitted,
            RefusedException refused,
            ObjectNode more)
            throws IOException {
        ObjectNode body = more.deepCopy();
        body.putObject("error")
                .put("code", refused.code())
                .put("message", refused.getMessage())
                .put("next", refused.next())
                .put("id", admitted.id());
        give(exchange, status, body);
    }
}
