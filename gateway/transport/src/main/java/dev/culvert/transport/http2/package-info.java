/// HTTP/2 as a carrier of streams, in both roles: the edge's end of a tunnel connection (HTTP/2 client
/// on an accepted socket), the connector's end (HTTP/2 server on a dialled one), and the edge's
/// public HTTP/2 (server).
@NullMarked
package dev.culvert.transport.http2;

import org.jspecify.annotations.NullMarked;
