package dev.culvert.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.quic.BodyFrames;
import dev.culvert.transport.HeldBytes;
import dev.culvert.transport.MemoryBudget;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class GrantedCreditTest {
    private static final int INITIAL = BodyFrames.INITIAL_CREDIT;
    private static final long MILLI = 1_000_000;

    private final MemoryBudget budget = new MemoryBudget(1L << 30);
    private final AtomicLong clock = new AtomicLong(-7);
    private final GrantedCredit credit = new GrantedCredit(budget, clock::get);

    @Test
    void theFirstBytesNeedNoGrantAndOneMoreIsTooMany() {
        assertThat(credit.received(INITIAL)).isTrue();
        assertThat(credit.received(1)).isFalse();
    }

    @Test
    void grantsWhatWasTakenInPiecesWorthAMessage() {
        assertThat(credit.received(INITIAL)).isTrue();
        assertThat(credit.taken(INITIAL / 4 - 1, 0)).isZero();
        assertThat(credit.taken(1, 0)).isEqualTo(INITIAL / 4);
        assertThat(credit.received(INITIAL / 4)).isTrue();
        assertThat(credit.received(1)).isFalse();
    }

    /// Whatever the order of bytes coming and going, a sender that keeps to its credit may go on once all is
    /// taken, and never has more than the window under way.
    @Test
    void neverStopsASenderForGoodNorLetsItGoBeyondTheWindow() {
        Random random = new Random(3);
        long sent = 0;
        long taken = 0;
        long granted = INITIAL;
        for (int i = 0; i < 20_000; i++) {
            clock.addAndGet(random.nextInt(2_000_000));
            if (random.nextBoolean() && granted > sent) {
                int size = (int) Math.min(granted - sent, 1 + random.nextInt(100_000));
                assertThat(credit.received(size)).isTrue();
                sent += size;
            } else if (sent > taken) {
                int size = (int) Math.min(sent - taken, 1 + random.nextInt(100_000));
                taken += size;
                granted += credit.taken(size, 40 * MILLI);
            }
            assertThat(granted - taken).isLessThanOrEqualTo(GrantedCredit.LARGEST);
            assertThat(taken == sent && sent == granted).as("stuck").isFalse();
        }
        assertThat(taken).isGreaterThan(10L * INITIAL);
    }

    @Test
    void growsWithTheDelayUpToABound() {
        long granted = INITIAL;
        long taken = 0;
        long widest = 0;
        for (int i = 0; i < 2000; i++) {
            int size = (int) Math.min(granted - taken, 512 * 1024);
            assertThat(credit.received(size)).isTrue();
            taken += size;
            clock.addAndGet(MILLI);
            granted += credit.taken(size, 100 * MILLI);
            widest = Math.max(widest, granted - taken);
        }
        assertThat(widest).isEqualTo(GrantedCredit.LARGEST);
    }

    @Test
    void staysAsItIsWhereTheDelayIsShort() {
        long granted = INITIAL;
        long taken = 0;
        for (int i = 0; i < 1000; i++) {
            int size = 64 * 1024;
            assertThat(credit.received(size)).isTrue();
            taken += size;
            clock.addAndGet(MILLI);
            granted += credit.taken(size, MILLI / 10);
            assertThat(granted - taken).isLessThanOrEqualTo(INITIAL);
        }
    }

    @Test
    void isLessWhileMemoryIsShortAndNeverNothing() {
        new HeldBytes(budget).add(Math.toIntExact(budget.bytes()));
        assertThat(credit.received(INITIAL)).isTrue();
        long taken = 0;
        long granted = INITIAL;
        while (taken < INITIAL) {
            taken += 4096;
            granted += credit.taken(4096, 0);
        }
        assertThat(granted - taken).isBetween(1L, INITIAL / 4L);
    }
}
