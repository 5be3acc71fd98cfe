package dev.culvert.edge.web;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How errors are said in JSON: `{"error":{"code","message","next","id"}}`. Stateless.
public final class ErrorJson {
    private static final JsonMapper MAPPER = new JsonMapper();

    private ErrorJson() {}

    /// @param next what to do
    /// @param id also in the log
    public static ObjectNode of(String code, String message, String next, String id) {
        ObjectNode body = MAPPER.createObjectNode();
        body.putObject("error")
                .put("code", code)
                .put("message", message)
                .put("next", next)
                .put("id", id);
        return body;
    }
}
