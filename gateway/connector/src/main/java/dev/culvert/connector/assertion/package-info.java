/// `originRequest.access`: the connector's own check of the assertion with which the edge says who a
/// user is.
@NullMarked
package dev.culvert.connector.assertion;

import org.jspecify.annotations.NullMarked;
