package dev.culvert.connector.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    @Test
    void theWaitIsAnywhereBelowABoundThatDoublesUpToTheLongest() {
        long[] bounds = {1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000};
        long[] most = new long[bounds.length];
        long[] least = new long[bounds.length];
        java.util.Arrays.fill(least, Long.MAX_VALUE);
        for (int seed = 0; seed < 500; seed++) {
            Backoff backoff = new Backoff(new Random(seed));
            for (int i = 0; i < bounds.length; i++) {
                long wait = backoff.next(Duration.ZERO).toMillis();
                assertThat(wait).isBetween(0L, bounds[i] - 1);
                most[i] = Math.max(most[i], wait);
                least[i] = Math.min(least[i], wait);
            }
        }
        for (int i = 0; i < bounds.length; i++) {
            assertThat(most[i]).isGreaterThan(bounds[i] * 9 / 10);
            assertThat(least[i]).isLessThan(bounds[i] / 10);
        }
    }

    @Test
    void neverOverflows() {
        Backoff backoff = new Backoff(new Random(1));
        for (int i = 0; i < 1000; i++) {
            assertThat(backoff.next(Duration.ZERO)).isBetween(Duration.ZERO, Backoff.LONGEST);
        }
        assertThat(backoff.failures()).isEqualTo(1000);
    }

    @Test
    void waitsAtLeastAsLongAsTheEdgeAsksButNotForEver() {
        Backoff backoff = new Backoff(new Random(2));
        assertThat(backoff.next(Duration.ofSeconds(20)))
                .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(21));
        assertThat(backoff.next(Duration.ofNanos(Long.MAX_VALUE)))
                .isBetween(Backoff.LONGEST_ASKED, Backoff.LONGEST_ASKED.plusSeconds(2));
    }

    @Test
    void beginsAnewAfterASuccess() {
        Backoff backoff = new Backoff(new Random(3));
        for (int i = 0; i < 10; i++) {
            backoff.next(Duration.ZERO);
        }
        backoff.reset();
        assertThat(backoff.failures()).isZero();
        assertThat(backoff.next(Duration.ZERO)).isLessThan(Duration.ofSeconds(1));
    }
}
