package dev.culvert.edge.admin;

import dev.culvert.edge.state.StateException;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What a resource answers.
sealed interface Answer {
    Answer NOTHING = new Json(204, null);

    /// @param body null for none
    record Json(int status, @Nullable ObjectNode body) implements Answer {}

    /// @param type of the content
    record Download(String type, Content content) implements Answer {}

    /// Writes itself piece by piece. Blocking.
    interface Content {
        void write(OutputStream out) throws IOException, StateException;
    }

    static Answer of(ObjectNode body) {
        return new Json(200, body);
    }
}
