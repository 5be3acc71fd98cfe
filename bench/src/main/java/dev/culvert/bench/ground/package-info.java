/// What runs: programs, the services behind them, the systems measured, and the line with a delay.
@NullMarked
package dev.culvert.bench.ground;

import org.jspecify.annotations.NullMarked;
