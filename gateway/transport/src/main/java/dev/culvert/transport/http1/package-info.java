/// HTTP/1.1 as a server: the public listener and the loopback listeners of edge and connector.
@NullMarked
package dev.culvert.transport.http1;

import org.jspecify.annotations.NullMarked;
