/// The edge's halves of plugins: what runs them, and what they are given.
@NullMarked
package dev.culvert.edge.plugins;

import org.jspecify.annotations.NullMarked;
