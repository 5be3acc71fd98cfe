package dev.culvert.edge.admin;

import dev.culvert.edge.state.StateException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `users`: the local accounts. Links are answered once, when they are made.
final class UserResource implements Resource {
    private final AccessParts parts;
    private final Administration administration;

    UserResource(AccessParts parts, Administration administration) {
        this.parts = parts;
        this.administration = administration;
    }

    @Override
    public Answer answer(AdminRequest request) throws Refusal, StateException {
        if (request.isAt("users")) {
            return all(request);
        }
        if (request.isAt("users", "*")) {
            request.allow("DELETE");
            administration.delete(request.segment(1), By.CLI);
            return Answer.NOTHING;
        }
        if (!request.isAt("users", "*", "*")) {
            throw request.unknown();
        }
        String user = request.segment(1);
        return Answer.of(
                switch (request.segment(2)) {
                    case "reset" -> {
                        posted(request);
                        yield AccessJson.of(administration.reset(user, By.CLI));
                    }
                    case "disable" -> {
                        posted(request);
                        yield AccessJson.of(administration.disable(user, By.CLI));
                    }
                    case "enable" -> {
                        posted(request);
                        yield AccessJson.of(administration.enable(user, By.CLI));
                    }
                    case "admin" -> {
                        request.allow("POST");
                        request.fields("admin");
                        yield AccessJson.of(
                                administration.setAdmin(user, request.flag("admin"), By.CLI));
                    }
                    default -> throw request.unknown();
                });
    }

    private static void posted(AdminRequest request) throws Refusal {
        request.allow("POST");
        request.fields();
    }

    private Answer all(AdminRequest request) throws Refusal, StateException {
        if (request.is("POST")) {
            request.fields("email", "name", "admin");
            String name = request.textOrNull("name");
            return new Answer.Json(
                    201,
                    AccessJson.of(
                            administration.invite(
                                    request.text("email"),
                                    name == null ? "" : name,
                                    request.flag("admin"),
                                    By.CLI)));
        }
        request.allow("GET", "POST");
        ObjectNode json = Json.MAPPER.createObjectNode();
        ArrayNode list = json.putArray("users");
        parts.users().list().forEach(user -> list.add(AccessJson.of(user)));
        return Answer.of(json);
    }
}
