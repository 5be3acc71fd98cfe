/// The connector as a whole: its start, its end and what it says of itself.
@NullMarked
package dev.culvert.connector;

import org.jspecify.annotations.NullMarked;
