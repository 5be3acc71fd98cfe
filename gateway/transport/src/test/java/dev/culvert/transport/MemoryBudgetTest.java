package dev.culvert.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {
    private static final int USUAL = 1024 * 1024;

    private final MemoryBudget budget = new MemoryBudget(1000);

    @Test
    void windowsShrinkStepByStep() {
        assertThat(budget.window(USUAL)).isEqualTo(USUAL);
        budget.take(499);
        assertThat(budget.window(USUAL)).isEqualTo(USUAL);
        budget.take(1);
        assertThat(budget.window(USUAL)).isEqualTo(64 * 1024);
        budget.take(250);
        assertThat(budget.window(USUAL)).isEqualTo(16 * 1024);
        assertThat(budget.isExhausted()).isFalse();
        budget.take(150);
        assertThat(budget.window(USUAL)).isEqualTo(16 * 1024);
        assertThat(budget.isExhausted()).isTrue();
    }

    @Test
    void windowsGrowAgainOnlyWellBelowWhereTheyShrank() {
        budget.take(950);
        assertThat(budget.isExhausted()).isTrue();
        budget.give(149);
        assertThat(budget.isExhausted()).isTrue();
        budget.give(2);
        assertThat(budget.isExhausted()).isFalse();
        assertThat(budget.window(USUAL)).isEqualTo(16 * 1024);
        budget.give(175);
        assertThat(budget.window(USUAL)).isEqualTo(64 * 1024);
        budget.give(248);
        assertThat(budget.window(USUAL)).isEqualTo(64 * 1024);
        budget.give(2);
        assertThat(budget.window(USUAL)).isEqualTo(USUAL);
    }

    @Test
    void neverWidensAWindowBeyondTheUsual() {
        budget.take(600);
        assertThat(budget.window(1000)).isEqualTo(1000);
    }

    @Test
    void fallsFromExhaustedToPlentyAtOnceWhenAllIsGivenBack() {
        budget.take(1000);
        assertThat(budget.isExhausted()).isTrue();
        budget.give(1000);
        assertThat(budget.isExhausted()).isFalse();
        assertThat(budget.window(USUAL)).isEqualTo(USUAL);
    }

    @Test
    void processBudgetIsHalfOfTheDirectMemory() {
        assertThat(MemoryBudget.process().bytes()).isPositive();
        assertThat(MemoryBudget.process().window(USUAL)).isEqualTo(USUAL);
    }

    @Test
    void countsWhatManyThreadsTakeAndGive() throws Exception {
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            Thread.ofVirtual()
                    .start(() -> {
                        HeldBytes mine = new HeldBytes(budget);
                        for (int round = 0; round < 10_000; round++) {
                            mine.add(7);
                            mine.credit(3);
                            mine.forget();
                        }
                        done.countDown();
                    });
        }
        done.await();
        assertThat(budget.held()).isZero();
    }

    @Test
    void creditBeyondWhatIsHeldIsNotGivenTwice() {
        HeldBytes held = new HeldBytes(budget);
        held.add(100);
        held.forget();
        held.credit(100);
        assertThat(budget.held()).isZero();
    }

    @Test
    void aSourceStopsAtItsLimitAndGoesOnBelowHalfOfIt() {
        MemoryBudget large = new MemoryBudget(1 << 30);
        HeldBytes held = new HeldBytes(large);
        held.add(999);
        assertThat(held.isFull(1000)).isFalse();
        held.add(1);
        assertThat(held.isFull(1000)).isTrue();
        held.credit(500);
        assertThat(held.hasRoom(1000)).isFalse();
        held.credit(1);
        assertThat(held.hasRoom(1000)).isTrue();
    }

    @Test
    void aSourceStopsEarlierWhenMemoryIsScarce() {
        MemoryBudget small = new MemoryBudget(128 * 1024);
        HeldBytes held = new HeldBytes(small);
        held.add(64 * 1024);
        assertThat(held.isFull(256 * 1024)).isTrue();
    }
}
