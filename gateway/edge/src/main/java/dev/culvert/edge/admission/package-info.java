/// The gate on the byte path: who may come in, and who may stay.
@NullMarked
package dev.culvert.edge.admission;

import org.jspecify.annotations.NullMarked;
