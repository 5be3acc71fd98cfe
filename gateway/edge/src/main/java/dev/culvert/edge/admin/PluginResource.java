package dev.culvert.edge.admin;

import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/plugins/{name}/…`: what a plugin answers its owner. Thread-safe. Blocking.
final class PluginResource implements Resource {
    private final Live live;

    PluginResource(Live live) {
        this.live = live;
    }

    @Override
    public Answer answer(AdminRequest request) throws Refusal, StateException {
        List<String> segments = request.path().segments();
        if (segments.size() < 2) {
            throw request.unknown();
        }
        request.allow("GET", "POST", "DELETE");
        String answer =
                live.plugin(
                        segments.get(1),
                        request.method(),
                        String.join("/", segments.subList(2, segments.size())),
                        request.body().toString());
        JsonNode json = Json.MAPPER.readTree(answer);
        if (json instanceof ObjectNode object) {
            return new Answer.Json(200, object);
        }
        throw new StateException(
                Code.STORAGE,
                "the plugin " + segments.get(1) + " did not answer with a JSON object",
                "report it to whoever made the plugin");
    }
}
