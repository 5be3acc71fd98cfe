/// Bytes over WebSocket (RFC 6455): the opening handshake of a client, frames of both roles, and
/// the half close of `culvert.stream.v1`. Bytes in, callbacks out; no sockets, threads or clock.
@NullMarked
package dev.culvert.protocols.websocket;

import org.jspecify.annotations.NullMarked;
