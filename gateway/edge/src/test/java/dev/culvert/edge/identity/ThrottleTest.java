package dev.culvert.edge.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final String HOME = "192.0.2.7";
    private static final String ANN = "ann@example.com";

    private final MovableClock clock = new MovableClock();
    private final Throttle throttle = new Throttle(clock);

    private void fail(int times, String account, String address) {
        for (int i = 0; i < times; i++) {
            assertThat(throttle.begin(account, address)).isZero();
        }
    }

    @Test
    void afterFiveFailuresEachFurtherOneDoublesTheWait() {
        fail(5, ANN, HOME);
        for (int seconds = 2; seconds <= 512; seconds *= 2) {
            assertThat(throttle.begin(ANN, HOME)).isEqualTo(Duration.ofSeconds(seconds));
            clock.move(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(throttle.begin(ANN, HOME)).isEqualTo(Duration.ofMillis(1));
            clock.move(Duration.ofMillis(1));
            fail(1, ANN, HOME);
        }
        assertThat(throttle.begin(ANN, HOME)).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void aTryThatIsTurnedAwayIsNotCounted() {
        fail(5, ANN, HOME);
        for (int i = 0; i < 100; i++) {
            assertThat(throttle.begin(ANN, HOME)).isEqualTo(Duration.ofSeconds(2));
        }
    }

    @Test
    void successForgetsTheFailuresBefore() {
        fail(5, ANN, HOME);
        clock.move(Duration.ofSeconds(2));
        fail(1, ANN, HOME);
        throttle.succeeded(ANN, HOME);
        fail(5, ANN, HOME);
        assertThat(throttle.begin(ANN, HOME)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aDayWithoutFailuresForgetsThem() {
        fail(5, ANN, HOME);
        clock.move(Duration.ofHours(25));
        fail(5, ANN, HOME);
        assertThat(throttle.begin(ANN, HOME)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void oneNetworkTryingManyAccountsWaits() {
        for (int i = 0; i < 30; i++) {
            fail(1, "user" + i + "@example.com", HOME);
        }
        assertThat(throttle.begin("new@example.com", HOME)).isEqualTo(Duration.ofSeconds(2));
        assertThat(throttle.begin("new@example.com", "192.0.2.8")).isZero();
    }

    @Test
    void ownSuccessesBetweenDoNotHideGuessing() {
        for (int i = 0; i < 30; i++) {
            fail(1, "user" + i + "@example.com", HOME);
            if (i < 29) {
                assertThat(throttle.begin("own@example.com", HOME)).isZero();
                throttle.succeeded("own@example.com", HOME);
            }
        }
        assertThat(throttle.begin("new@example.com", HOME)).isPositive();
    }

    @Test
    void manyNetworksTryingOneAccountWaitButNotTheOwnersNetwork() {
        fail(1, ANN, HOME);
        throttle.succeeded(ANN, HOME);
        for (int i = 0; i < 50; i++) {
            fail(1, ANN, "198.51.100." + i);
        }
        assertThat(throttle.begin(ANN, "203.0.113.1")).isEqualTo(Duration.ofSeconds(2));
        assertThat(throttle.begin(ANN, HOME)).isZero();
    }

    @Test
    void howeverManyFailTheOwnerElsewhereGetsATurnWithinAMinute() {
        for (int i = 0; i < 200; i++) {
            throttle.begin(ANN, "198.51.100." + i);
            clock.move(Duration.ofMinutes(1));
        }
        throttle.begin(ANN, "198.51.100.250");
        assertThat(throttle.begin(ANN, "203.0.113.1")).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void anIpv6NetworkIsItsFirstHalf() {
        fail(3, ANN, "2001:db8::1");
        fail(2, ANN, "2001:db8::ffff:0:0:2");
        assertThat(throttle.begin(ANN, "2001:db8:0:0:1234::1")).isPositive();
        assertThat(throttle.begin(ANN, "2001:db8:0:1::1")).isZero();
    }

    @Test
    void memoryIsBounded() {
        for (int i = 0; i < Throttle.MAX_ENTRIES + 100; i++) {
            fail(
                    1,
                    "user" + i + "@example.com",
                    "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
        }
        assertThat(throttle.size()).isLessThanOrEqualTo(4 * Throttle.MAX_ENTRIES);
    }
}
