package dev.culvert.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class SpreadTest {
    @Test
    void medianAndQuartilesOfAnOddNumber() {
        assertThat(Spread.of(List.of(5.0, 1.0, 4.0, 2.0, 3.0)))
                .isEqualTo(new Spread(1, 2, 3, 4, 5, 5));
    }

    @Test
    void medianOfAnEvenNumberLiesBetween() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0)))
                .isEqualTo(new Spread(1, 1.75, 2.5, 3.25, 4, 4));
    }

    @Test
    void oneNumberIsEverything() {
        assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(7, 7, 7, 7, 7, 1));
    }

    @Test
    void rejectsNoNumbers() {
        assertThatThrownBy(() -> Spread.of(List.of())).hasMessageStartingWith("numbers: none");
    }

    @Test
    void percentileIsASampleThatWasSeen() {
        long[] samples = LongStream.rangeClosed(1, 200).map(i -> 201 - i).toArray();

        assertThat(Spread.percentile(samples, 0.5)).isEqualTo(100);
        assertThat(Spread.percentile(samples, 0.99)).isEqualTo(198);
        assertThat(Spread.percentile(samples, 1)).isEqualTo(200);
        assertThat(Spread.percentile(samples, 0)).isEqualTo(1);
        assertThat(Spread.percentile(new long[0], 0.5)).isNaN();
        assertThat(samples[0]).as("the caller's samples stay as they are").isEqualTo(200);
    }
}
