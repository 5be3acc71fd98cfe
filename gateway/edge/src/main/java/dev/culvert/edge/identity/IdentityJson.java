package dev.culvert.edge.identity;

import dev.culvert.edge.state.StateException;
import dev.culvert.policy.Identity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An [Identity] as JSON, for the database and `get-identity`. Thread-safe.
public final class IdentityJson {
    private static final JsonMapper MAPPER = new JsonMapper();

    private IdentityJson() {}

    public static ObjectNode of(Identity identity) {
        ObjectNode json =
                MAPPER.createObjectNode()
                        .put("id", identity.id())
                        .put("email", identity.email())
                        .put("name", identity.name())
                        .put("login_method", identity.loginMethod());
        identity.amr().forEach(json.putArray("amr")::add);
        identity.groups().forEach(json.putArray("groups")::add);
        ObjectNode claims = json.putObject("claims");
        identity.claims()
                .forEach((name, values) -> {
                    ArrayNode array = claims.putArray(name);
                    values.forEach(array::add);
                });
        return json;
    }

    static String write(Identity identity) {
        return of(identity).toString();
    }

    static Identity read(String text) throws StateException {
        JsonNode json;
        try {
            json = MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new StateException(
                    StateException.Code.STORAGE,
                    "the identity of a session is not JSON",
                    "restore the state from a backup, or delete the rows of table sessions",
                    e);
        }
        Map<String, List<String>> claims = new LinkedHashMap<>();
        json.path("claims")
                .properties()
                .forEach(claim -> claims.put(claim.getKey(), texts(claim.getValue())));
        return new Identity(
                json.path("id").asString(""),
                json.path("email").asString(""),
                json.path("name").asString(""),
                json.path("login_method").asString(""),
                texts(json.path("amr")),
                texts(json.path("groups")),
                claims);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(value -> texts.add(value.asString("")));
        return texts;
    }
}
