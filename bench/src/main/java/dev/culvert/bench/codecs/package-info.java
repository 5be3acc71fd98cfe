/// `bench/jmh`: time and allocation of the codecs of `protocols`.
@NullMarked
package dev.culvert.bench.codecs;

import org.jspecify.annotations.NullMarked;
