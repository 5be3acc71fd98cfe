/// What edge and connector say on QUIC streams: preambles, heads, and the framing of bodies between our own
/// programs.
@NullMarked
package dev.culvert.protocols.quic;

import org.jspecify.annotations.NullMarked;
