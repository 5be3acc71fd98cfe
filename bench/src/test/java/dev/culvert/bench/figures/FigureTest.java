package dev.culvert.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FigureTest {
    @Test
    void showsThreeDigits() {
        assertThat(Figure.of(97_349)).isEqualTo("97,300");
        assertThat(Figure.of(999.6)).isEqualTo("1000");
        assertThat(Figure.of(123.4)).isEqualTo("123");
        assertThat(Figure.of(12.34)).isEqualTo("12.3");
        assertThat(Figure.of(1.234)).isEqualTo("1.23");
        assertThat(Figure.of(0.1234)).isEqualTo("0.123");
        assertThat(Figure.of(-2000)).isEqualTo("-2,000");
        assertThat(Figure.of(0)).isEqualTo("0");
        assertThat(Figure.of(Double.NaN)).isEqualTo("–");
    }
}
