/// TLS contexts of the gateway, all on BoringSSL.
@NullMarked
package dev.culvert.transport.tls;

import org.jspecify.annotations.NullMarked;
