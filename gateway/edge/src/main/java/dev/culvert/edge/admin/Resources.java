package dev.culvert.edge.admin;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.edge.admin.AdminApi.Answer;
import dev.culvert.edge.admin.AdminApi.Refusal;
import dev.culvert.edge.rules.RuleFile;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.TunnelConfiguration;
import dev.culvert.edge.state.TunnelSummary;
import dev.culvert.edge.tunnel.ConfigurationPush;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Tunnels and routes as resources: what each method does to each. Thread-safe. Blocking.
final class Resources {
    private final State state;

    private final Function<UUID, List<ConfigurationPush.Told>> connections;

    Resources(State state, Function<UUID, List<ConfigurationPush.Told>> connections) {
        this.state = state;
        this.connections = connections;
    }

    Answer answer(ResourcePath path, String method, ObjectNode body)
            throws Refusal, StateException {
        List<String> segments = path.segments();
        String kind = segments.getFirst();
        String name = segments.size() > 1 ? segments.get(1) : "";
        if (segments.size() == 1 && kind.equals("tunnels")) {
            return tunnels(method, body);
        }
        if (segments.size() == 1 && kind.equals("routes")) {
            return routes(method, body);
        }
        if (segments.size() == 2 && kind.equals("tunnels")) {
            allow(method, "DELETE");
            state.deleteTunnel(name, path.force());
            return new Answer(204, null);
        }
        if (segments.size() == 2 && kind.equals("routes")) {
            allow(method, "DELETE");
            state.removeRoute(name);
            return new Answer(204, null);
        }
        if (segments.size() == 3 && kind.equals("tunnels") && segments.get(2).equals("rotate")) {
            allow(method, "POST");
            fields(body, Set.of());
            return new Answer(200, Json.of(state.rotateTunnel(name)));
        }
        if (segments.size() == 3 && kind.equals("tunnels") && segments.get(2).equals("token")) {
            allow(method, "GET");
            return new Answer(200, Json.MAPPER.createObjectNode().put("token", state.token(name)));
        }
        if (segments.size() == 3
                && kind.equals("tunnels")
                && segments.get(2).equals("connections")) {
            allow(method, "GET");
            ObjectNode answer = Json.MAPPER.createObjectNode();
            ArrayNode list = answer.putArray("connections");
            connections
                    .apply(state.tunnelId(name))
                    .forEach(told -> list.add(Json.of(told).set("own", Json.shown(told.own()))));
            return new Answer(200, answer);
        }
        if (segments.size() == 3
                && kind.equals("tunnels")
                && segments.get(2).equals("configuration")) {
            return configuration(name, method, body);
        }
        throw ResourcePath.unknown("/api/v1/" + String.join("/", segments));
    }

    private Answer tunnels(String method, ObjectNode body) throws Refusal, StateException {
        if (method.equals("POST")) {
            fields(body, Set.of("name"));
            return new Answer(201, Json.of(state.createTunnel(text(body, "name"))));
        }
        allow(method, "GET", "POST");
        ObjectNode answer = Json.MAPPER.createObjectNode();
        ArrayNode list = answer.putArray("tunnels");
        state.listTunnels().forEach(tunnel -> list.add(Json.of(counted(tunnel))));
        return new Answer(200, answer);
    }

    private TunnelSummary counted(TunnelSummary tunnel) {
        TunnelSummary.Configured rules = tunnel.configuration();
        if (rules == null) {
            return tunnel;
        }
        List<ConfigurationPush.Told> told = connections.apply(tunnel.id());
        long applied = told.stream().filter(one -> one.version() == rules.version()).count();
        return tunnel.with(
                new TunnelSummary.Configured(rules.version(), told.size(), (int) applied));
    }

    private Answer configuration(String name, String method, ObjectNode body)
            throws Refusal, StateException {
        if (method.equals("DELETE")) {
            state.removeConfiguration(name);
            return new Answer(204, null);
        }
        if (method.equals("POST")) {
            fields(body, Set.of("config"));
            String config = checked(Json.MAPPER.writeValueAsBytes(body.path("config")));
            return new Answer(
                    200,
                    Json.MAPPER
                            .createObjectNode()
                            .put("version", state.configureTunnel(name, config).version()));
        }
        allow(method, "GET", "POST", "DELETE");
        TunnelConfiguration rules = state.configuration(name);
        ObjectNode answer = Json.MAPPER.createObjectNode().put("version", rules.version());
        answer.set("config", Json.MAPPER.readTree(rules.json()));
        ArrayNode list = answer.putArray("connections");
        UUID tunnel = state.tunnelId(name);
        connections.apply(tunnel).forEach(told -> list.add(Json.of(told)));
        return new Answer(200, answer);
    }

    private static String checked(byte[] config) throws Refusal {
        try {
            return Json.MAPPER.writeValueAsString(RuleFile.parse("config", config).config());
        } catch (InvalidConfigException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private Answer routes(String method, ObjectNode body) throws Refusal, StateException {
        if (method.equals("POST")) {
            fields(body, Set.of("hostname", "tunnel", "public"));
            JsonNode isPublic = body.path("public");
            if (!isPublic.isMissingNode() && !isPublic.isBoolean()) {
                throw invalid("public: (expected: true or false)");
            }
            return new Answer(
                    201,
                    Json.of(
                            state.addRoute(
                                    text(body, "hostname"),
                                    text(body, "tunnel"),
                                    isPublic.asBoolean(false))));
        }
        allow(method, "GET", "POST");
        ObjectNode answer = Json.MAPPER.createObjectNode();
        ArrayNode list = answer.putArray("routes");
        state.listRoutes().forEach(route -> list.add(Json.of(route)));
        return new Answer(200, answer);
    }

    private static void allow(String method, String... allowed) throws Refusal {
        if (!List.of(allowed).contains(method)) {
            String list = String.join(", ", allowed);
            throw new Refusal(
                    405,
                    "method_not_allowed",
                    "method " + StateException.quoted(method) + " (expected: " + list + ")",
                    "see the table of requests in docs/admin-api.md",
                    list);
        }
    }

    private static void fields(ObjectNode body, Set<String> known) throws Refusal {
        for (String field : body.propertyNames()) {
            if (!known.contains(field)) {
                throw invalid(
                        StateException.quoted(field)
                                + ": unknown (expected: one of "
                                + known
                                + ")");
            }
        }
    }

    private static String text(ObjectNode body, String field) throws Refusal {
        JsonNode value = body.path(field);
        if (!value.isString()) {
            throw invalid(field + ": missing or not a string (expected: a string)");
        }
        return value.stringValue();
    }

    private static Refusal invalid(String message) {
        return new Refusal(400, "invalid", message, "correct the body");
    }
}
