package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.identity.MovableClock;
import org.junit.jupiter.api.Test;

final class AttemptsTest {
    private static final String HOME = "192.0.2.7";

    private final MovableClock clock = new MovableClock();
    private final Attempts attempts = new Attempts(clock);

    @Test
    void anAttemptIsOverAfterTenMinutesOrWhenSomebodyHasSignedIn() {
        Attempts.Begun late = attempts.begin("/", HOME);
        Attempts.Begun done = attempts.begin("/", HOME);
        attempts.end(done.attempt());
        assertThat(attempts.find(done.secret())).isNull();
        assertThat(attempts.find(late.secret())).isSameAs(late.attempt());
        clock.move(Attempts.LIFE);
        assertThat(attempts.find(late.secret())).isNull();
    }

    @Test
    void aFloodFromOneNetworkEndsNobodyElsesAttempt() {
        Attempts.Begun begun = attempts.begin("/", HOME);
        for (int i = 0; i < 20_000; i++) {
            attempts.begin("/", "2001:db8::" + Integer.toHexString(i));
        }
        assertThat(attempts.find(begun.secret())).isSameAs(begun.attempt());
    }

    @Test
    void noDestinationIsLongerThanFourKilobytes() {
        String longest = "/" + "x".repeat(4095);
        assertThat(attempts.begin(longest, HOME).attempt().destination()).isEqualTo(longest);
        assertThat(attempts.begin(longest + "x", HOME).attempt().destination()).isEqualTo("/");
    }

    @Test
    void theLongestAddressOfAnApplicationThatIsComeBackToIsKept() {
        String host = "h".repeat(63) + ("." + "h".repeat(63)).repeat(2) + "." + "h".repeat(61);
        Opening opening = new Opening(host + ":65535", "/" + "%C3%A9x".repeat(292), "b".repeat(43));
        assertThat(opening.path()).hasSize(2045);
        String path = AppLogin.path(opening, opening.seal(new Signed(clock)));
        assertThat(attempts.begin(path, HOME).attempt().destination()).isEqualTo(path);
    }
}
