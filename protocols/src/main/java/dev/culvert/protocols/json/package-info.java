/// The small JSON objects that travel in headers, tokens and credentials files.
@NullMarked
package dev.culvert.protocols.json;

import org.jspecify.annotations.NullMarked;
