/// The gateway program: one command line over edge, connector and their administration.
@NullMarked
package dev.culvert.gateway;

import org.jspecify.annotations.NullMarked;
