/// The console of administrators: what a person at a terminal sees of a running edge, and ends.
@NullMarked
package dev.culvert.edge.console;

import org.jspecify.annotations.NullMarked;
