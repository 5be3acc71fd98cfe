/// A plugin of the smallest useful kind: copy it to start your own.
@NullMarked
package dev.culvert.example.clock;

import org.jspecify.annotations.NullMarked;
