/// The server's half of SOCKS5 (RFC 1928): no authentication, CONNECT only.
@NullMarked
package dev.culvert.protocols.socks;

import org.jspecify.annotations.NullMarked;
