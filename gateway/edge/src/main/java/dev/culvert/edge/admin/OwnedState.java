package dev.culvert.edge.admin;

import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The state opened by this process while no edge runs. An endpoint file left by a killed edge is
/// removed.
final class OwnedState implements TunnelControl {
    private final StateDirectory directory;
    private final State state;

    private @Nullable AccessParts access;
    private @Nullable Resources resources;

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
    public boolean isEdgeRunning() {
        return false;
    }

    @Override
    public JsonNode ask(String method, String path, @Nullable ObjectNode body)
            throws StateException {
        try {
            Answer answer =
                    opened().answer(
                                    new AdminRequest(
                                            method,
                                            ResourcePath.parse("/api/v1/" + path),
                                            body == null ? Json.MAPPER.createObjectNode() : body));
            return answer instanceof Answer.Json(int _, ObjectNode json) && json != null
                    ? json
                    : Json.MAPPER.createObjectNode();
        } catch (Refusal e) {
            throw new StateException(Code.INVALID, String.valueOf(e.getMessage()), e.next, e);
        }
    }

    private Resources opened() throws StateException {
        Resources known = resources;
        if (known == null) {
            AccessParts opening = AccessParts.open(state, directory.path());
            access = opening;
            known = new Resources(state, opening, Live.NOTHING);
            resources = known;
        }
        return known;
    }

    @Override
    public void close() {
        AccessParts opened = access;
        if (opened != null) {
            opened.audit().close();
        }
        state.close();
        directory.close();
    }
}
