package dev.culvert.bench.figures;

import java.util.Arrays;
import java.util.Collection;

/// How some numbers lie: extremes, quartiles (interpolated) and median. Immutable.
public record Spread(double min, double lower, double median, double upper, double max, int count) {

    /// @param numbers at least one
    public static Spread of(Collection<Double> numbers) {
        double[] sorted = numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("numbers: none (expected: at least one)");
        }
        return new Spread(
                sorted[0],
                quantile(sorted, 0.25),
                quantile(sorted, 0.5),
                quantile(sorted, 0.75),
                sorted[sorted.length - 1],
                sorted.length);
    }

    /// The smallest number that at least this part of the sorted samples does not pass: for latencies,
    /// where a value between two samples would be one that nobody saw.
    ///
    /// @param part 0 to 1
    public static double percentile(long[] samples, double part) {
        if (samples.length == 0) {
            return Double.NaN;
        }
        long[] sorted = samples.clone();
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(part * sorted.length);
        return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
    }

    private static double quantile(double[] sorted, double part) {
        double at = part * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
