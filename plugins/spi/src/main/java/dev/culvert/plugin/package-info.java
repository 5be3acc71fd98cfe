/// What a plugin is and what it is given. See `docs/plugins.md`.
@NullMarked
package dev.culvert.plugin;

import org.jspecify.annotations.NullMarked;
