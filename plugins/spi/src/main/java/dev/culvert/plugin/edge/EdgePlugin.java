package dev.culvert.plugin.edge;

import java.io.IOException;

/// The edge's half of a plugin: what a browser or a client program meets before a stream runs into the
/// tunnel.
///
/// Found by [java.util.ServiceLoader] in the edge's process only: the constructor takes no argument and
/// has no side effect. A connector loads none of its classes.
public interface EdgePlugin {
    /// The `kind` of the applications it serves, lower case: `ssh`. Two plugins of one name are an error
    /// at the start.
    String name();

    /// Called once when the edge starts, before any user comes in. May block.
    ///
    /// @throws IOException when the edge must not start without it; the message is for people
    EdgeHalf start(EdgeServices services) throws IOException;
}
