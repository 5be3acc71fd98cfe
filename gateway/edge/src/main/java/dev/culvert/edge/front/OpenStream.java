package dev.culvert.edge.front;

import dev.culvert.edge.admission.Grant;
import dev.culvert.edge.admission.Principal;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A public stream that was let in and is open. Immutable.
///
/// @param id of the request
/// @param grant null when the route is public and in no application
/// @param age since when it is open
public record OpenStream(String id, String host, UUID tunnel, @Nullable Grant grant, Duration age) {
    /// The session it belongs to, null when it belongs to none.
    public @Nullable UUID session() {
        return grant != null && grant.principal() instanceof Principal.Person(var session)
                ? session.id()
                : null;
    }
}
