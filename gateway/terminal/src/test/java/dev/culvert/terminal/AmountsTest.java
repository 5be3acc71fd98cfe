package dev.culvert.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AmountsTest {
    @Test
    void bytesAreShownInTheLargestUnitThatKeepsThemAboveOne() {
        assertThat(Amounts.bytes(0)).isEqualTo("0");
        assertThat(Amounts.bytes(1023)).isEqualTo("1023");
        assertThat(Amounts.bytes(1024)).isEqualTo("1.0K");
        assertThat(Amounts.bytes((1 << 20) - 1)).isEqualTo("1.0M");
        assertThat(Amounts.bytes(Long.MAX_VALUE)).isEqualTo("8192.0P");
    }

    @Test
    void timesAreShort() {
        assertThat(Amounts.delay(0)).isEqualTo("-");
        assertThat(Amounts.delay(1_234_000)).isEqualTo("1.2 ms");
        assertThat(Amounts.delay(35_600_000)).isEqualTo("36 ms");
        assertThat(Amounts.age(59_999_999_999L)).isEqualTo("59s");
        assertThat(Amounts.age(125_000_000_000L)).isEqualTo("2m5s");
        assertThat(Amounts.age(7_500_000_000_000L)).isEqualTo("2h5m");
    }
}
