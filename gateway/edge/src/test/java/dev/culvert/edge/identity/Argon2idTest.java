package dev.culvert.edge.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Argon2idTest {
    private final Argon2id argon2id = new Argon2id(Accounts.CHEAP, 2, Duration.ofMinutes(1));

    /// Of the reference implementation's `test.c`.
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "password $argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "password $argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
                "password $argon2id$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$9qWtwbpyPd3vm1rB1GThgPzZ3/ydHL92zKL+15XZypg",
                "differentpassword $argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94",
                "password $argon2id$v=19$m=65536,t=2,p=1$ZGlmZnNhbHQ$vfMrBczELrFdWP0ZsfhWsRPaHppYdP3MVEMIVlqoFBw"
            })
    void agreesWithTheReferenceImplementation(String password, String phc) throws Exception {
        assertThat(argon2id.matches(password, phc)).isTrue();
        assertThat(argon2id.matches(password + "x", phc)).isFalse();
    }

    @Test
    void hashesAreSaltedAndMatchOnlyTheirPassword() throws Exception {
        String one = argon2id.hash("pässword");
        assertThat(one)
                .matches(
                        "\\$argon2id\\$v=19\\$m=64,t=1,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
        assertThat(argon2id.hash("pässword")).isNotEqualTo(one);
        assertThat(argon2id.matches("pässword", one)).isTrue();
        assertThat(argon2id.matches("passwort", one)).isFalse();
        assertThat(argon2id.matches("", one)).isFalse();
    }

    @Test
    void withoutAHashTheAnswerIsNo() throws Exception {
        assertThat(argon2id.matches("password", null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "password",
                "$argon2i$v=19$m=256,t=2,p=1$c29tc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=16$m=256,t=2,p=1$c29tc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=99999999,t=2,p=1$c29tc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=256,t=2,p=1$c29tc2FsdA$",
                "$argon2id$v=19$m=256,t=2,p=1$$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
            })
    void whatIsNoHashMatchesNothing(String phc) throws Exception {
        assertThat(argon2id.matches("password", phc)).isFalse();
        assertThat(argon2id.isOutdated(phc)).isTrue();
    }

    @Test
    void aHashOfAnotherCostIsOutdated() throws Exception {
        String cheap = argon2id.hash("password");
        assertThat(argon2id.isOutdated(cheap)).isFalse();
        assertThat(new Argon2id().isOutdated(cheap)).isTrue();
    }

    @Test
    void turnsAwayWhoWouldWaitTooLong() {
        Argon2id without = new Argon2id(Accounts.CHEAP, 0, Duration.ZERO);
        assertThatThrownBy(() -> without.matches("password", null))
                .isInstanceOf(BusyException.class);
    }

    @Test
    void turnsAwayAtOnceWhenManyWait() throws Exception {
        Argon2id without = new Argon2id(Accounts.CHEAP, 0, Duration.ofDays(1));
        CountDownLatch turnedAway = new CountDownLatch(1);
        List<Thread> waiting =
                IntStream.range(0, Argon2id.MAX_WAITING + 1)
                        .mapToObj(i -> Thread.startVirtualThread(() -> hash(without, turnedAway)))
                        .toList();
        turnedAway.await();
        waiting.forEach(Thread::interrupt);
        for (Thread thread : waiting) {
            thread.join();
        }
    }

    private static void hash(Argon2id argon2id, CountDownLatch turnedAway) {
        try {
            argon2id.hash("password");
        } catch (BusyException e) {
            turnedAway.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
