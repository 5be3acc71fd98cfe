/// Streams, and how their two sides meet: the byte path shared by edge and connector.
@NullMarked
package dev.culvert.transport;

import org.jspecify.annotations.NullMarked;
