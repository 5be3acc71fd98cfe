/// QUIC between connector and edge: connections, their streams, and how either end comes by one.
@NullMarked
package dev.culvert.transport.quic;

import org.jspecify.annotations.NullMarked;
