package dev.culvert.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogThrottleTest {
    @Test
    void leavesOutWhatIsBeyondTheWindowAndSaysHowMuch() {
        LogThrottle throttle = new LogThrottle(2, Duration.ofHours(1));
        assertThat(throttle.permit()).isZero();
        assertThat(throttle.permit()).isZero();
        assertThat(throttle.permit()).isNegative();
        assertThat(throttle.permit()).isNegative();
    }

    @Test
    void theNextWindowSaysHowManyWereLeftOut() {
        LogThrottle throttle = new LogThrottle(1, Duration.ZERO);
        assertThat(throttle.permit()).isZero();
        assertThat(throttle.permit()).isZero();
    }
}
