package dev.culvert.edge.admission;

import dev.culvert.plugin.edge.EdgeHalf;
import dev.culvert.policy.Application;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.StreamTarget;
import org.jspecify.annotations.Nullable;

/// What the edge shows in a browser of services that browsers do not speak to. Thread-safe; never blocks.
public interface InBrowser {
    InBrowser NOTHING = (request, grant, requestId) -> null;

    /// @return null when the request is the service's
    @Nullable StreamTarget target(StreamRequest request, Grant grant, String requestId);

    /// Whether a request to such an application is the edge's to answer: all but the WebSockets that client
    /// programs open.
    static boolean isAnsweredHere(Application application, StreamRequest request) {
        return application.browser()
                && (request.kind() != StreamKind.WEBSOCKET
                        || request.path().startsWith(EdgeHalf.OWN_PATHS));
    }
}
