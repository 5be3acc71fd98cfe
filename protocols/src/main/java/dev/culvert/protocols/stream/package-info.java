/// The head of a stream as every carrier sees it, and how HTTP/2 carries it.
@NullMarked
package dev.culvert.protocols.stream;

import org.jspecify.annotations.NullMarked;
