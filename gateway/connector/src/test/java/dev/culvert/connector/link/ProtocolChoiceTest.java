package dev.culvert.connector.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ProtocolChoiceTest {
    private final ProtocolChoice choice = ProtocolChoice.auto();
    private long now = Long.MAX_VALUE - 5;

    private void pass(Duration time) {
        now += time.toNanos();
    }

    /// Whether a try may begin now and not a moment before.
    private boolean opensAfter(Duration time) {
        pass(time.minusNanos(1));
        boolean early = choice.beginTry(now);
        pass(Duration.ofNanos(1));
        return !early && choice.beginTry(now);
    }

    @ParameterizedTest
    @EnumSource
    void oneProtocolStaysWhatever(Protocol protocol) {
        ProtocolChoice only = ProtocolChoice.only(protocol);
        assertThat(only.isAutomatic()).isFalse();
        for (int i = 0; i < 5; i++) {
            assertThat(only.silent(now)).isFalse();
            assertThat(only.current()).isEqualTo(protocol);
        }
        assertThat(only.registeredQuic()).isFalse();
        assertThat(only.current()).isEqualTo(protocol);
        assertThat(only).hasToString(protocol.toString());
    }

    @Test
    void beginsWithQuicAndFallsBackAtOnceWhenItNeverWorked() {
        assertThat(choice).hasToString("auto");
        assertThat(choice.current()).isEqualTo(Protocol.QUIC);
        assertThat(choice.silent(now)).isTrue();
        assertThat(choice.current()).isEqualTo(Protocol.HTTP2);
        assertThat(choice.silent(now)).as("the other connections").isFalse();
        assertThat(choice.current()).isEqualTo(Protocol.HTTP2);
    }

    @Test
    void fallsBackAfterSeveralInARowWhenItHasWorked() {
        assertThat(choice.registeredQuic()).isFalse();
        for (int round = 0; round < 2; round++) {
            for (int i = 1; i < ProtocolChoice.FAILURES; i++) {
                assertThat(choice.silent(now)).isFalse();
            }
            assertThat(choice.current()).isEqualTo(Protocol.QUIC);
            choice.registeredQuic();
        }
        for (int i = 1; i < ProtocolChoice.FAILURES; i++) {
            assertThat(choice.silent(now)).isFalse();
        }
        assertThat(choice.silent(now)).isTrue();
        assertThat(choice.current()).isEqualTo(Protocol.HTTP2);
    }

    @Test
    void oneConnectionTriesForAllAtTwiceTheTimeEach() {
        choice.silent(now);
        Duration wait = ProtocolChoice.FIRST_TRY;
        for (int i = 0; i < 8; i++) {
            assertThat(opensAfter(wait)).as("try %d after %s", i, wait).isTrue();
            pass(Duration.ofHours(1));
            assertThat(choice.beginTry(now)).as("one is under way").isFalse();
            choice.tryFailed(now);
            assertThat(choice.beginTry(now)).isFalse();
            wait = wait.multipliedBy(2);
            wait = wait.compareTo(ProtocolChoice.LAST_TRY) < 0 ? wait : ProtocolChoice.LAST_TRY;
        }
        assertThat(wait).isEqualTo(ProtocolChoice.LAST_TRY);
        assertThat(choice.current()).isEqualTo(Protocol.HTTP2);
    }

    @Test
    void comesBackOnceATryHasRegisteredAndBeginsAnewAfterwards() {
        choice.silent(now);
        assertThat(opensAfter(ProtocolChoice.FIRST_TRY)).isTrue();
        choice.tryFailed(now);
        assertThat(opensAfter(ProtocolChoice.FIRST_TRY.multipliedBy(2))).isTrue();
        assertThat(choice.registeredQuic()).isTrue();
        assertThat(choice.registeredQuic()).as("told once").isFalse();
        assertThat(choice.current()).isEqualTo(Protocol.QUIC);

        for (int i = 0; i < ProtocolChoice.FAILURES; i++) {
            choice.silent(now);
        }
        assertThat(choice.current()).isEqualTo(Protocol.HTTP2);
        assertThat(opensAfter(ProtocolChoice.FIRST_TRY)).isTrue();
    }

    @Test
    void theTimesAreThese() {
        assertThat(ProtocolChoice.FAILURES).isEqualTo(3);
        assertThat(ProtocolChoice.FIRST_TRY).isEqualTo(Duration.ofSeconds(30));
        assertThat(ProtocolChoice.LAST_TRY).isEqualTo(Duration.ofMinutes(10));
        assertThat(choice.lookEvery()).isEqualTo(Duration.ofSeconds(5));
        assertThat(ProtocolChoice.auto(Duration.ofMillis(100)).lookEvery())
                .isEqualTo(Duration.ofMillis(100));
    }
}
