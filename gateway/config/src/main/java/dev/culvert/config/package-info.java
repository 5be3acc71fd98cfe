/// Configuration files: YAML with line and column, read by type, every problem reported at once.
@NullMarked
package dev.culvert.config;

import org.jspecify.annotations.NullMarked;
