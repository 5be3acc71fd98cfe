/// What changes the rules while the connector runs: its file, and the edge.
@NullMarked
package dev.culvert.connector.reload;

import org.jspecify.annotations.NullMarked;
