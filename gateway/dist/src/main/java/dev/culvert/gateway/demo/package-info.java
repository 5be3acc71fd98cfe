/// `gateway demo`: an edge, a connector and sample services in one process, on loopback.
@NullMarked
package dev.culvert.gateway.demo;

import org.jspecify.annotations.NullMarked;
