package dev.culvert.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
    private static final List<String> KEYS =
            List.of("hostname", "path", "service", "originRequest");

    @Test
    void findsASlip() {
        assertThat(NearestName.of("sevrice", KEYS)).isEqualTo("service");
        assertThat(NearestName.of("HostName", KEYS)).isEqualTo("hostname");
        assertThat(NearestName.of("origin-request", KEYS)).isEqualTo("originRequest");
    }

    @Test
    void keepsQuietWhenNothingIsNear() {
        assertThat(NearestName.of("colour", KEYS)).isNull();
        assertThat(NearestName.of("x".repeat(5000), KEYS)).isNull();
    }

    @Test
    void countsASwapOfNeighboursOnce() {
        assertThat(NearestName.distance("ab", "ba")).isEqualTo(1);
    }
}
