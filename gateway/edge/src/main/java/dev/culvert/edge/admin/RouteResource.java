package dev.culvert.edge.admin;

import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `routes`: what each method does to each.
final class RouteResource implements Resource {
    private final State state;
    private final Changes changes;

    RouteResource(State state, Changes changes) {
        this.state = state;
        this.changes = changes;
    }

    @Override
    public Answer answer(AdminRequest request) throws Refusal, StateException {
        if (request.isAt("routes", "*")) {
            request.allow("DELETE");
            String hostname = request.segment(1);
            changes.make(
                    By.CLI,
                    "route_remove",
                    () -> {
                        state.removeRoute(hostname);
                        return true;
                    },
                    "hostname",
                    hostname);
            return Answer.NOTHING;
        }
        if (!request.isAt("routes")) {
            throw request.unknown();
        }
        if (request.is("POST")) {
            return add(request);
        }
        request.allow("GET", "POST");
        ObjectNode answer = Json.MAPPER.createObjectNode();
        ArrayNode list = answer.putArray("routes");
        state.listRoutes().forEach(route -> list.add(Json.of(route)));
        return Answer.of(answer);
    }

    private Answer add(AdminRequest request) throws Refusal, StateException {
        request.fields("hostname", "tunnel", "public");
        boolean isPublic = request.flag("public");
        String hostname = request.text("hostname");
        String tunnel = request.text("tunnel");
        return new Answer.Json(
                201,
                Json.of(
                        changes.make(
                                By.CLI,
                                "route_add",
                                () -> state.addRoute(hostname, tunnel, isPublic),
                                "hostname",
                                hostname,
                                "tunnel",
                                tunnel,
                                "public",
                                isPublic)));
    }
}
