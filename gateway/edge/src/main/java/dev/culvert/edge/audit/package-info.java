/// What happened and who did it, in the database and as JSON lines.
@NullMarked
package dev.culvert.edge.audit;

import org.jspecify.annotations.NullMarked;
