/// Signed tokens: the keys, what is signed, and what a token must be to count.
@NullMarked
package dev.culvert.edge.tokens;

import org.jspecify.annotations.NullMarked;
