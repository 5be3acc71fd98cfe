/// HTTP handlers that live in this process, as targets of streams.
@NullMarked
package dev.culvert.transport.served;

import org.jspecify.annotations.NullMarked;
