/// The public side of the edge: who asks for what, whether they may, and the way in.
@NullMarked
package dev.culvert.edge.front;

import org.jspecify.annotations.NullMarked;
