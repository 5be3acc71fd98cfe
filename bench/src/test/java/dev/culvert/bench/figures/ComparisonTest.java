package dev.culvert.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
    private static Comparison.Ratio ratio(List<Double> first, List<Double> second) {
        assertThat(Comparison.of(first, second)).isInstanceOf(Comparison.Ratio.class);
        return (Comparison.Ratio) Comparison.of(first, second);
    }

    private static Comparison.Undecided undecided(List<Double> first, List<Double> second) {
        assertThat(Comparison.of(first, second)).isInstanceOf(Comparison.Undecided.class);
        return (Comparison.Undecided) Comparison.of(first, second);
    }

    @Test
    void aMachineThatDriftsCancelsOut() {
        Comparison.Ratio ratio = ratio(List.of(50.0, 25.0, 10.0), List.of(100.0, 50.0, 20.0));

        assertThat(ratio.median()).isEqualTo(0.5);
        assertThat(ratio.low()).isEqualTo(0.5);
        assertThat(ratio.high()).isEqualTo(0.5);
        assertThat(ratio.pairs()).isEqualTo(3);
    }

    @Test
    void refusesRatioWhenTheSpreadIsWiderThanTheDifference() {
        Comparison.Undecided undecided =
                undecided(List.of(9.0, 11.0, 12.0), List.of(10.0, 10.0, 10.0));

        assertThat(undecided.reason()).isEqualTo("spread wider than the difference");
        assertThat(undecided.low()).isEqualTo(0.9);
        assertThat(undecided.high()).isEqualTo(1.2);
    }

    @Test
    void refusesRatioOfEqualSystems() {
        undecided(List.of(9.9, 10.0, 10.1), List.of(10.0, 10.0, 10.0));
    }

    @Test
    void givesSmallDifferenceThatEveryPairShows() {
        assertThat(ratio(List.of(10.5, 10.5, 10.6), List.of(10.0, 10.0, 10.0)).median())
                .isEqualTo(1.05);
    }

    @Test
    void refusesInBothDirectionsOrInNone() {
        List<Double> one = List.of(10.0, 30.0, 28.0);
        List<Double> other = List.of(100.0, 100.0, 100.0);
        assertThat(ratio(one, other).median()).isEqualTo(0.28);
        assertThat(ratio(other, one).median()).isCloseTo(1 / 0.28, within(1e-9));

        List<Double> wide = List.of(5.0, 30.0, 28.0);
        undecided(wide, other);
        undecided(other, wide);
    }

    @Test
    void oneOutlierOfFivePairsDoesNotCount() {
        List<Double> direct = List.of(10.0, 10.0, 10.0, 10.0, 10.0);
        assertThat(ratio(List.of(20.0, 20.0, 21.0, 20.0, 1.0), direct).median()).isEqualTo(2);
        undecided(List.of(20.0, 20.0, 21.0, 1.0), direct.subList(0, 4));
    }

    @Test
    void refusesRatioOfFewerThanThreePairs() {
        assertThat(undecided(List.of(1.0), List.of(9.0)).reason()).isEqualTo("1 pair");
        assertThat(undecided(List.of(1.0, 1.0), List.of(9.0, 9.0)).reason()).isEqualTo("2 pairs");
        assertThat(undecided(List.of(), List.of()).reason()).isEqualTo("0 pairs");
    }

    @Test
    void refusesRatioOfNothing() {
        for (double nothing : new double[] {0, -1, Double.NaN}) {
            assertThat(undecided(List.of(1.0, nothing, 1.0), List.of(1.0, 1.0, 1.0)).reason())
                    .isEqualTo("a measurement is not above zero");
            undecided(List.of(1.0, 1.0, 1.0), List.of(1.0, 1.0, nothing));
        }
    }

    @Test
    void rejectsMeasurementsThatAreNoPairs() {
        assertThatThrownBy(() -> Comparison.of(List.of(1.0), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("measurements: 1 and 0 (expected: pairs)");
    }
}
