/// The edge hands a connector its configuration over QUIC: one RPC call, one stream each. Over HTTP/2 it is an
/// ordinary request.
@NullMarked
package dev.culvert.protocols.configuration;

import org.jspecify.annotations.NullMarked;
