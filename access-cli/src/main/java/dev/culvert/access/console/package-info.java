/// The console of `access`: what a person at a terminal types, and sees of the local ports.
@NullMarked
package dev.culvert.access.console;

import org.jspecify.annotations.NullMarked;
