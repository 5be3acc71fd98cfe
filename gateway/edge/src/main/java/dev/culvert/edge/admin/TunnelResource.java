package dev.culvert.edge.admin;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.edge.rules.RuleFile;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.TunnelConfiguration;
import dev.culvert.edge.state.TunnelSummary;
import dev.culvert.edge.tunnel.ConfigurationPush;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `tunnels`: what each method does to each.
final class TunnelResource implements Resource {
    private final State state;
    private final Changes changes;
    private final Function<UUID, List<ConfigurationPush.Told>> connections;

    TunnelResource(
            State state,
            Changes changes,
            Function<UUID, List<ConfigurationPush.Told>> connections) {
        this.state = state;
        this.changes = changes;
        this.connections = connections;
    }

    @Override
    public Answer answer(AdminRequest request) throws Refusal, StateException {
        if (request.isAt("tunnels")) {
            return all(request);
        }
        String name = request.segment(1);
        if (request.isAt("tunnels", "*")) {
            request.allow("DELETE");
            request.path().queries("force");
            boolean force = request.path().flag("force");
            change(
                    "tunnel_delete",
                    name,
                    () -> {
                        state.deleteTunnel(name, force);
                        return true;
                    });
            return Answer.NOTHING;
        }
        if (request.isAt("tunnels", "*", "rotate")) {
            request.allow("POST");
            request.fields();
            return Answer.of(
                    Json.of(change("tunnel_rotate", name, () -> state.rotateTunnel(name))));
        }
        if (request.isAt("tunnels", "*", "token")) {
            request.allow("GET");
            return Answer.of(Json.MAPPER.createObjectNode().put("token", state.token(name)));
        }
        if (request.isAt("tunnels", "*", "connections")) {
            request.allow("GET");
            ObjectNode answer = Json.MAPPER.createObjectNode();
            ArrayNode list = answer.putArray("connections");
            connections
                    .apply(state.tunnelId(name))
                    .forEach(told -> list.add(Json.of(told).set("own", Json.shown(told.own()))));
            return Answer.of(answer);
        }
        if (request.isAt("tunnels", "*", "configuration")) {
            return configuration(name, request);
        }
        throw request.unknown();
    }

    private <T> T change(String action, String tunnel, Changes.Work<T> work) throws StateException {
        return changes.make(By.CLI, action, work, "tunnel", tunnel);
    }

    private Answer all(AdminRequest request) throws Refusal, StateException {
        if (request.is("POST")) {
            request.fields("name");
            String name = request.text("name");
            return new Answer.Json(
                    201, Json.of(change("tunnel_create", name, () -> state.createTunnel(name))));
        }
        request.allow("GET", "POST");
        ObjectNode answer = Json.MAPPER.createObjectNode();
        ArrayNode list = answer.putArray("tunnels");
        state.listTunnels().forEach(tunnel -> list.add(Json.of(counted(tunnel))));
        return Answer.of(answer);
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

    private Answer configuration(String name, AdminRequest request) throws Refusal, StateException {
        if (request.is("DELETE")) {
            change(
                    "tunnel_configuration_remove",
                    name,
                    () -> {
                        state.removeConfiguration(name);
                        return true;
                    });
            return Answer.NOTHING;
        }
        if (request.is("POST")) {
            request.fields("config");
            String config = checked(Json.MAPPER.writeValueAsBytes(request.body().path("config")));
            int version =
                    change(
                            "tunnel_configure",
                            name,
                            () -> state.configureTunnel(name, config).version());
            return Answer.of(Json.MAPPER.createObjectNode().put("version", version));
        }
        request.allow("GET", "POST", "DELETE");
        TunnelConfiguration rules = state.configuration(name);
        ObjectNode answer = Json.MAPPER.createObjectNode().put("version", rules.version());
        answer.set("config", Json.MAPPER.readTree(rules.json()));
        ArrayNode list = answer.putArray("connections");
        UUID tunnel = state.tunnelId(name);
        connections.apply(tunnel).forEach(told -> list.add(Json.of(told)));
        return Answer.of(answer);
    }

    private static String checked(byte[] config) throws Refusal {
        try {
            return Json.MAPPER.writeValueAsString(RuleFile.parse("config", config).config());
        } catch (InvalidConfigException e) {
            throw Refusal.invalid(String.valueOf(e.getMessage()));
        }
    }
}
