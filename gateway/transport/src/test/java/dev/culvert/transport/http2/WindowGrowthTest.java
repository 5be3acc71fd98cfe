package dev.culvert.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WindowGrowthTest {
    private static final int MIB = 1024 * 1024;
    private static final long MILLISECOND = 1_000_000;

    private long now;
    private int pings;

    private WindowGrowth growth(int largest) {
        return new WindowGrowth(MIB, largest, () -> now, () -> pings++);
    }

    /// One round trip in which `bytes` come.
    private boolean roundTrip(WindowGrowth growth, int bytes, long milliseconds) {
        now += WindowGrowth.EVERY.toNanos();
        growth.received(1);
        growth.received(bytes);
        now += milliseconds * MILLISECOND;
        return growth.acknowledged();
    }

    @Test
    void doublesWhileEachRoundTripBringsAWholeWindow() {
        WindowGrowth growth = growth(16 * MIB);
        for (int window = MIB; window < 16 * MIB; window *= 2) {
            assertThat(growth.window()).isEqualTo(window);
            assertThat(roundTrip(growth, window, 100)).isTrue();
        }
        assertThat(growth.window()).isEqualTo(16 * MIB);
        assertThat(roundTrip(growth, 16 * MIB, 100)).isFalse();
    }

    @Test
    void staysWhereItIsNotWhatHoldsTheStreamBack() {
        WindowGrowth growth = growth(16 * MIB);
        assertThat(roundTrip(growth, MIB / 2, 100)).isFalse();
        assertThat(growth.window()).isEqualTo(MIB);
    }

    @Test
    void aQueueOnAShortWayIsNoDelay() {
        WindowGrowth growth = growth(16 * MIB);
        roundTrip(growth, 1000, 1);
        // A window's worth waits at a busy end: 20 ms, at 1 ms without it.
        assertThat(roundTrip(growth, MIB, 20)).isFalse();
        assertThat(growth.window()).isEqualTo(MIB);
    }

    @Test
    void asksAtMostOnceInAWhileAndNeverWithoutBytes() {
        WindowGrowth growth = growth(16 * MIB);
        growth.received(1);
        growth.received(MIB);
        assertThat(pings).isEqualTo(1);
        growth.acknowledged();
        growth.received(MIB);
        assertThat(pings).isEqualTo(1);
        now += WindowGrowth.EVERY.toNanos();
        assertThat(pings).isEqualTo(1);
        growth.received(MIB);
        assertThat(pings).isEqualTo(2);
    }

    @Test
    void anAcknowledgementNobodyAskedForMeansNothing() {
        WindowGrowth growth = growth(16 * MIB);
        assertThat(growth.acknowledged()).isFalse();
    }

    @Test
    void withoutRoomToGrowNothingIsAsked() {
        WindowGrowth growth = growth(MIB);
        growth.received(10 * MIB);
        assertThat(pings).isZero();
    }
}
