/// What is made of numbers: spreads, ratios, JSON, charts. Pure.
@NullMarked
package dev.culvert.bench.figures;

import org.jspecify.annotations.NullMarked;
