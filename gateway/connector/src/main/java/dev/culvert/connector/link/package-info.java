/// The connector's connections to the edge: dialling, registering, keeping and draining them.
@NullMarked
package dev.culvert.connector.link;

import org.jspecify.annotations.NullMarked;
