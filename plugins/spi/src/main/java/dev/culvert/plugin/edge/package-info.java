/// What the edge's half of a plugin is, and what the edge gives it. See `docs/plugins.md`.
@NullMarked
package dev.culvert.plugin.edge;

import org.jspecify.annotations.NullMarked;
