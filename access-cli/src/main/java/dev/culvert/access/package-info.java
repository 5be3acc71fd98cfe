/// The client: bytes of a program, or of a local port, to a service behind an edge.
@NullMarked
package dev.culvert.access;

import org.jspecify.annotations.NullMarked;
