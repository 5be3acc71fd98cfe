package dev.culvert.edge.admin;

import dev.culvert.edge.plugins.LiveSessions;
import dev.culvert.edge.state.StateException;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.LiveSession;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `desktops`: those that run, and ending one.
final class DesktopResource implements Resource {
    private final LiveSessions desktops;
    private final Administration administration;

    DesktopResource(LiveSessions desktops, Administration administration) {
        this.desktops = desktops;
        this.administration = administration;
    }

    @Override
    public Answer answer(AdminRequest request) throws Refusal, StateException {
        if (request.isAt("desktops")) {
            request.allow("GET");
            return Answer.of(list());
        }
        if (!request.isAt("desktops", "*", "end")) {
            throw request.unknown();
        }
        request.allow("POST");
        administration.endDesktop(request.segment(1), By.CLI);
        return Answer.NOTHING;
    }

    private ObjectNode list() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        ArrayNode list = json.putArray("desktops");
        desktops.all().forEach(session -> list.add(json(session)));
        return json;
    }

    private static ObjectNode json(LiveSession session) {
        Admitted admitted = session.admitted();
        return Json.MAPPER
                .createObjectNode()
                .put("id", session.id())
                .put("startedAt", session.startedAt().toString())
                .put("who", admitted.actor())
                .put("application", admitted.application())
                .put("host", admitted.host())
                .put("kind", admitted.kind())
                .put("engine", session.engine())
                .put("address", admitted.address())
                .put("requestId", admitted.id())
                .put("recording", session.recording())
                .put("watchers", session.watchers())
                .put("unwatchable", session.unwatchable());
    }
}
