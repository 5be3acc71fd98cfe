package dev.culvert.edge.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PendingTest {
    private static final int PLACES = 100;
    private static final String HOME = "192.0.2.7";
    private static final String FLOOD = "198.51.100.9";

    private final MovableClock clock = new MovableClock();
    private final Pending<String> pending = new Pending<>(clock, Duration.ofMinutes(10), PLACES);

    private void fill(String address, int times) {
        IntStream.range(0, times).forEach(i -> pending.put(address + " " + i, address, "value"));
    }

    private void fillAllPlaces() {
        for (int i = 1; i <= 10; i++) {
            fill("203.0.113." + i, 10);
        }
        assertThat(pending.size()).isEqualTo(PLACES);
    }

    @Test
    void aValueIsItsHoldersForAWhile() {
        pending.put("ann", HOME, "first");
        pending.put("ann", HOME, "second");
        pending.put("bob", HOME, "third");
        assertThat(pending.get("ann")).contains("second");
        clock.move(Duration.ofMinutes(10));
        assertThat(pending.get("ann")).isEmpty();
        assertThat(pending.take("bob")).isEmpty();
    }

    @Test
    void aValueIsTakenOnce() {
        pending.put("ann", HOME, "value");
        assertThat(pending.take("ann")).contains("value");
        assertThat(pending.take("ann")).isEmpty();
        assertThat(pending.size()).isZero();
    }

    @Test
    void whatNobodyComesBackForIsForgotten() {
        fill(FLOOD, 5);
        clock.move(Duration.ofMinutes(5));
        pending.put("ann", HOME, "value");
        clock.move(Duration.ofMinutes(5));
        pending.put("bob", HOME, "value");
        assertThat(pending.size()).isEqualTo(2);
    }

    @Test
    void aNetworkCrowdsOutOnlyItself() {
        pending.put("ann", HOME, "value");
        fill(FLOOD, 10 * PLACES);
        assertThat(pending.get("ann")).contains("value");
        assertThat(pending.size()).isEqualTo(11);
        assertThat(pending.get(FLOOD + " 989")).isEmpty();
        assertThat(pending.get(FLOOD + " 990")).isPresent();
    }

    @Test
    void theAddressesOfOneIpv6NetworkAreOne() {
        pending.put("ann", HOME, "value");
        for (int i = 0; i < 2 * PLACES; i++) {
            pending.put("flood " + i, "2001:db8::" + i, "value");
        }
        assertThat(pending.get("ann")).contains("value");
        assertThat(pending.size()).isEqualTo(11);
    }

    @Test
    void whenThereIsNoPlaceTheNetworkWithMostGivesUpItsOldest() {
        pending.put("ann", HOME, "value");
        IntStream.rangeClosed(1, 9).forEach(i -> fill("203.0.113." + i, 10));
        fill("203.0.113.10", 9);
        assertThat(pending.size()).isEqualTo(PLACES);

        pending.put("bob", "192.0.2.8", "value");
        assertThat(pending.size()).isEqualTo(PLACES);
        assertThat(pending.get("ann")).contains("value");
        assertThat(pending.get("bob")).contains("value");
        assertThat(pending.get("203.0.113.1 0")).isEmpty();
        assertThat(pending.get("203.0.113.1 1")).isPresent();
    }

    @Test
    void whoComesWhenAllIsTakenFindsAPlaceAndKeepsIt() {
        fillAllPlaces();
        pending.put("ann", HOME, "value");
        fillAllPlaces();
        assertThat(pending.get("ann")).contains("value");
    }

    @Test
    void aHolderThatMovesToAnotherNetworkCountsThere() {
        for (int i = 0; i < PLACES; i++) {
            pending.put("ann", "203.0.113." + i, "value " + i);
        }
        assertThat(pending.get("ann")).contains("value 99");
        assertThat(pending.size()).isEqualTo(1);
        fill("203.0.113.0", 10);
        assertThat(pending.get("203.0.113.0 0")).isPresent();
    }
}
