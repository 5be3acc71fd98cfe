package dev.culvert.bench.figures;

import java.util.ArrayList;
import java.util.List;

/// What pairs of measurements, each taken side by side, say about two systems.
///
/// The ratio of each pair is taken first and then their median, so that a machine that drifts from pair to
/// pair cancels out. The spread of the ratios is from the least to the greatest of fewer than five pairs,
/// and between the quartiles of more. There is no ratio when that spread is wider than what the ratio
/// differs from 1. Both are measured as factors (differences of logarithms), so that A/B is refused
/// exactly when B/A is. Immutable.
public sealed interface Comparison {
    /// Fewer pairs than this say nothing of their spread.
    int FEWEST = 3;

    /// Pairs from which on single outliers do not count.
    int QUARTILES_FROM = 5;

    /// The first is `median` times the second.
    ///
    /// @param low,high ends of the spread
    record Ratio(double median, double low, double high, int pairs) implements Comparison {}

    /// No ratio.
    ///
    /// @param low,high ends of the spread, NaN when there is none
    record Undecided(String reason, double low, double high) implements Comparison {}

    /// @param first,second measurements; those of one index were taken side by side
    static Comparison of(List<Double> first, List<Double> second) {
        if (first.size() != second.size()) {
            throw new IllegalArgumentException(
                    "measurements: "
                            + first.size()
                            + " and "
                            + second.size()
                            + " (expected: pairs)");
        }
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            double a = first.get(i);
            double b = second.get(i);
            if (!(a > 0) || !(b > 0)) {
                return new Undecided("a measurement is not above zero", Double.NaN, Double.NaN);
            }
            ratios.add(a / b);
        }
        if (ratios.size() < FEWEST) {
            return new Undecided(
                    ratios.size() + (ratios.size() == 1 ? " pair" : " pairs"),
                    Double.NaN,
                    Double.NaN);
        }
        Spread spread = Spread.of(ratios);
        boolean many = ratios.size() >= QUARTILES_FROM;
        double low = many ? spread.lower() : spread.min();
        double high = many ? spread.upper() : spread.max();
        return Math.log(high / low) > Math.abs(Math.log(spread.median()))
                ? new Undecided("spread wider than the difference", low, high)
                : new Ratio(spread.median(), low, high, ratios.size());
    }
}
