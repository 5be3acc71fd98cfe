/// Tests of the scripts in `bin/`, run with stand-ins for Maven and the JDK.
@NullMarked
package dev.culvert.gateway.launch;

import org.jspecify.annotations.NullMarked;
