/// `bench/run`: measures the shipped programs beside other ways to the same service. Start at [Main].
@NullMarked
package dev.culvert.bench;

import org.jspecify.annotations.NullMarked;
