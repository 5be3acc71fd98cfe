package dev.culvert.plugin.ssh.edge.terminal;

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
final class JsonAnswer {
    private static final JsonMapper JSON = new JsonMapper();

    private JsonAnswer() {}

    static void give(HttpExchange exchange, int status, JsonNode body) throws IOException {
        HeaderList headers =
                HeaderList.of(
                        "Content-Type", "application/json",
                        "Cache-Control", "no-store",
                        "X-Content-Type-Options", "nosniff");
        exchange.respond(status, headers, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// As in `docs/errors.md`.
    static void refuse(HttpExchange exchange, Admitted admitted, RefusedException refused)
            throws IOException {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("error")
                .put("code", refused.code())
                .put("message", refused.getMessage())
                .put("next", refused.next())
                .put("id", admitted.id());
        give(exchange, status(refused.code()), body);
    }

    private static int status(String code) {
        return switch (code) {
            case "websocket_expected" -> 426;
            case "unknown_session", "file_not_found" -> 404;
            case "method_not_allowed" -> 405;
            case "invalid", "file_is_directory", "upload_cut" -> 400;
            case "too_many_transfers" -> 429;
            case "host_failed", "sftp_refused", "file_failed" -> 502;
            case "file_no_space" -> 507;
            default -> 403;
        };
    }
}
