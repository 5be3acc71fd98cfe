package dev.culvert.edge.admin;

import dev.culvert.edge.identity.Session;
import dev.culvert.edge.state.StateException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `sessions`: the living ones.
final class SessionResource implements Resource {
    private static final int LIMIT = 1000;

    private final AccessParts parts;
    private final Administration administration;
    private final Live live;

    SessionResource(AccessParts parts, Administration administration, Live live) {
        this.parts = parts;
        this.administration = administration;
        this.live = live;
    }

    @Override
    public Answer answer(AdminRequest request) throws Refusal, StateException {
        if (request.isAt("sessions")) {
            return all(request);
        }
        if (!request.isAt("sessions", "*")) {
            throw request.unknown();
        }
        request.allow("DELETE");
        administration.endSession(request.segment(1), By.CLI);
        return Answer.NOTHING;
    }

    private Answer all(AdminRequest request) throws Refusal, StateException {
        request.path().queries("email", "limit");
        String email = request.path().query().text("email");
        ObjectNode json = Json.MAPPER.createObjectNode();
        if (request.is("DELETE")) {
            if (email.isEmpty()) {
                throw ResourcePath.query("email", "(expected: whose sessions are to end)");
            }
            return Answer.of(json.put("ended", administration.endSessionsOf(email, By.CLI)));
        }
        request.allow("GET", "DELETE");
        List<Session> sessions =
                email.isEmpty() ? parts.sessions().living() : parts.sessions().livingOf(email);
        Map<UUID, Long> streams = live.streamsBySession();
        ArrayNode list = json.put("count", sessions.size()).putArray("sessions");
        sessions.stream()
                .limit(request.path().number("limit", LIMIT))
                .forEach(session ->
                        list.add(AccessJson.of(session, streams.getOrDefault(session.id(), 0L))));
        return Answer.of(json);
    }
}
