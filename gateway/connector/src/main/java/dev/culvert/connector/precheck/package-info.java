/// What a connector looks at when it starts, to say early what is missing.
@NullMarked
package dev.culvert.connector.precheck;

import org.jspecify.annotations.NullMarked;
