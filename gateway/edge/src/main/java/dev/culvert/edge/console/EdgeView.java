package dev.culvert.edge.console;

import dev.culvert.edge.admin.TunnelControl;
import dev.culvert.edge.state.StateException;
import dev.culvert.terminal.CommandFailure;
import dev.culvert.terminal.ConsoleCommand;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What the console asks of a running edge. Each thread has one of its own.
final class EdgeView {
    private final TunnelControl edge;

    EdgeView(TunnelControl edge) {
        this.edge = edge;
    }

    /// A list of the admin endpoint.
    ///
    /// @param path with the query
    List<JsonNode> list(String path, String field) throws StateException {
        List<JsonNode> all = new ArrayList<>();
        edge.ask("GET", path, null).path(field).forEach(all::add);
        return all;
    }

    JsonNode get(String path) throws StateException {
        return edge.ask("GET", path, null);
    }

    JsonNode delete(String path) throws StateException {
        return edge.ask("DELETE", path, null);
    }

    /// An action that the edge may refuse.
    interface Doing {
        void with(List<String> words) throws StateException, CommandFailure;
    }

    static ConsoleCommand.Action explained(Doing doing) {
        return words -> {
            try {
                doing.with(words);
            } catch (StateException e) {
                throw new CommandFailure(String.valueOf(e.getMessage()), e.next());
            }
        };
    }
}
