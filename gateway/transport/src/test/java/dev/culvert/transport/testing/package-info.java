/// What the tests of carriers share.
@NullMarked
package dev.culvert.transport.testing;

import org.jspecify.annotations.NullMarked;
