/// The rules a tunnel's connectors get from the edge: read, checked as far as the edge can without
/// plugins, and written in the form connectors take.
@NullMarked
package dev.culvert.edge.rules;

import org.jspecify.annotations.NullMarked;
