/// Destinations that a client chooses: what `ipRules` and the connector's own guards permit, and how a
/// permitted one is dialled.
@NullMarked
package dev.culvert.connector.destination;

import org.jspecify.annotations.NullMarked;
