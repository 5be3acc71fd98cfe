/// Tunnels as the edge sees them: connections that connectors dialled, and the choice between them.
@NullMarked
package dev.culvert.edge.tunnel;

import org.jspecify.annotations.NullMarked;
