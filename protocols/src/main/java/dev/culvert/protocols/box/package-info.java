/// The NaCl box in which a command line receives its tokens: X25519, XSalsa20 and Poly1305, as in
/// [Cryptography in NaCl](https://nacl.cr.yp.to/valid.html) and cloudflared's token transfer.
@NullMarked
package dev.culvert.protocols.box;

import org.jspecify.annotations.NullMarked;
