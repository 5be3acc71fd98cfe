/// The edge as a whole: its configuration, its start and its end.
@NullMarked
package dev.culvert.edge;

import org.jspecify.annotations.NullMarked;
