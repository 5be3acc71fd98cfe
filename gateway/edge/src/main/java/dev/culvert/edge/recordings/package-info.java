/// The edge's recordings of sessions: where they are, who signs them, how long they are kept.
@NullMarked
package dev.culvert.edge.recordings;

import org.jspecify.annotations.NullMarked;
