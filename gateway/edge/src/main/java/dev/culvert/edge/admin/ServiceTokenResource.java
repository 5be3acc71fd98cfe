package dev.culvert.edge.admin;

import dev.culvert.edge.identity.ServiceTokens;
import dev.culvert.edge.state.StateException;
import java.time.Duration;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `service-tokens`. Secrets are answered once, when they are made.
final class ServiceTokenResource implements Resource {
    private final AccessParts parts;
    private final Administration administration;

    ServiceTokenResource(AccessParts parts, Administration administration) {
        this.parts = parts;
        this.administration = administration;
    }

    @Override
    public Answer answer(AdminRequest request) throws Refusal, StateException {
        if (request.isAt("service-tokens")) {
            return all(request);
        }
        if (request.isAt("service-tokens", "*")) {
            request.allow("DELETE");
            administration.revokeToken(request.segment(1), By.CLI);
            return Answer.NOTHING;
        }
        if (!request.isAt("service-tokens", "*", "rotate")) {
            throw request.unknown();
        }
        request.allow("POST");
        request.fields("overlap", "expires");
        Duration overlap = request.seconds("overlap");
        return made(
                200,
                administration.rotateToken(
                        request.segment(1),
                        overlap == null ? ServiceTokens.OVERLAP : overlap,
                        request.seconds("expires"),
                        By.CLI));
    }

    private Answer all(AdminRequest request) throws Refusal, StateException {
        if (request.is("POST")) {
            request.fields("name", "expires");
            return made(
                    201,
                    administration.createToken(
                            request.text("name"), request.seconds("expires"), By.CLI));
        }
        request.allow("GET", "POST");
        ObjectNode json = Json.MAPPER.createObjectNode();
        ArrayNode list = json.putArray("serviceTokens");
        parts.serviceTokens().list().forEach(token -> list.add(AccessJson.of(token)));
        return Answer.of(json);
    }

    private static Answer made(int status, ServiceTokens.Made made) {
        return new Answer.Json(status, AccessJson.of(made.token()).put("secret", made.secret()));
    }
}
