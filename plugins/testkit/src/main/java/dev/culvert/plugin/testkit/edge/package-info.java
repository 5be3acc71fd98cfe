/// What an edge gives to its half of a plugin, for tests.
@NullMarked
package dev.culvert.plugin.testkit.edge;

import org.jspecify.annotations.NullMarked;
