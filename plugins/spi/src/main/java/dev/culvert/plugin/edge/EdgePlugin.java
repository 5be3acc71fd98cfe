package dev.culvert.plugin.edge;

import java.io.IOException;
import java.util.Set;

/// The edge's half of a plugin: what a browser or a client program meets before a stream runs into the
/// tunnel.
///
/// Found by [java.util.ServiceLoader] in the edge's process only: the constructor takes no argument and
/// has no side effect. A connector loads none of its classes.
public interface EdgePlugin {
    /// Lower case: `ssh`. Two plugins of one name are an error at the start.
    String name();

    /// The `kind`s of the applications it serves. Two plugins of one kind are an error at the start.
    default Set<String> kinds() {
        return Set.of(name());
    }

    /// Called once when the edge starts, before any user comes in. May block.
    ///
    /// @throws IOException when the edge must not start without it; the message is for people
    EdgeHalf start(EdgeServices services) throws IOException;
}
