package dev.culvert.edge.admin;

import dev.culvert.edge.state.RouteSummary;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.TunnelConfiguration;
import dev.culvert.edge.state.TunnelSummary;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The state opened by this process while no edge runs. An endpoint file left by a killed edge is
/// removed.
final class OwnedState implements TunnelControl {
    private final StateDirectory directory;
    private final State state;

    private OwnedState(StateDirectory directory, State state) {
        this.directory = directory;
        this.state = state;
    }

    /// Takes the directory over, and closes it when the state does not open.
    static OwnedState open(StateDirectory directory, @Nullable Path keyFile) throws StateException {
        boolean usable = false;
        try {
            AdminEndpointFile.removeStale(directory);
            OwnedState owned = new OwnedState(directory, State.open(directory, keyFile));
            usable = true;
            return owned;
        } finally {
            if (!usable) {
                directory.close();
            }
        }
    }

    @Override
    public TunnelSummary createTunnel(String name) throws StateException {
        return state.createTunnel(name);
    }

    @Override
    public List<TunnelSummary> listTunnels() {
        return state.listTunnels();
    }

    @Override
    public void deleteTunnel(String nameOrId, boolean force) throws StateException {
        state.deleteTunnel(nameOrId, force);
    }

    @Override
    public TunnelSummary rotateTunnel(String nameOrId) throws StateException {
        return state.rotateTunnel(nameOrId);
    }

    @Override
    public String token(String nameOrId) throws StateException {
        return state.token(nameOrId);
    }

    @Override
    public int configureTunnel(String nameOrId, ObjectNode config) throws StateException {
        return state.configureTunnel(nameOrId, Json.MAPPER.writeValueAsString(config)).version();
    }

    @Override
    public JsonNode configuration(String nameOrId) throws StateException {
        TunnelConfiguration rules = state.configuration(nameOrId);
        ObjectNode answer = Json.MAPPER.createObjectNode().put("version", rules.version());
        answer.set("config", Json.MAPPER.readTree(rules.json()));
        answer.putArray("connections");
        return answer;
    }

    @Override
    public void removeConfiguration(String nameOrId) throws StateException {
        state.removeConfiguration(nameOrId);
    }

    @Override
    public RouteSummary addRoute(String hostname, String tunnel, boolean isPublic)
            throws StateException {
        return state.addRoute(hostname, tunnel, isPublic);
    }

    @Override
    public List<RouteSummary> listRoutes() {
        return state.listRoutes();
    }

    @Override
    public void removeRoute(String hostname) throws StateException {
        state.removeRoute(hostname);
    }

    @Override
    public void close() {
        state.close();
        directory.close();
    }
}
