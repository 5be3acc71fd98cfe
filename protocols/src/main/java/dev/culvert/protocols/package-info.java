/// What every wire format of this module shares.
@NullMarked
package dev.culvert.protocols;

import org.jspecify.annotations.NullMarked;
