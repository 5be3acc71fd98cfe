/// The connector's byte path: from a stream of the tunnel to an origin.
@NullMarked
package dev.culvert.connector.engine;

import org.jspecify.annotations.NullMarked;
