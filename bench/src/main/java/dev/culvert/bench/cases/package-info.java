/// What is measured, and the clients that do it.
@NullMarked
package dev.culvert.bench.cases;

import org.jspecify.annotations.NullMarked;
