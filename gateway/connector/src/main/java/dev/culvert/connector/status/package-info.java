/// What a running connector says of itself: metrics, readiness, diagnostics.
@NullMarked
package dev.culvert.connector.status;

import org.jspecify.annotations.NullMarked;
