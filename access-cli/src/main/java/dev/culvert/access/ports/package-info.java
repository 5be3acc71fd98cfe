/// Local ports of a console or a service: which applications there are, what is open, and the files that sets of ports
/// are saved in. Nothing here knows a terminal.
@NullMarked
package dev.culvert.access.ports;

import org.jspecify.annotations.NullMarked;
