package dev.culvert.transport.quic;

import dev.culvert.protocols.quic.BodyFrames;
import dev.culvert.transport.MemoryBudget;
import java.util.function.LongSupplier;

/// What the peer may send of one body, in the dialect of our own programs: at first
/// [BodyFrames#INITIAL_CREDIT], then as much as has been taken away, and more where the delay asks for it, up
/// to [#LARGEST]. The process's memory budget makes it less.
///
/// Confined to its connection's event loop.
final class GrantedCredit {
    static final int LARGEST = 16 * 1024 * 1024;

    private final MemoryBudget budget;
    private final LongSupplier clock;
    private int window = BodyFrames.INITIAL_CREDIT;
    private long granted = BodyFrames.INITIAL_CREDIT;
    private long received;
    private long taken;
    private long lastNanos;
    private long takenThen;

    /// @param clock nanoseconds
    GrantedCredit(MemoryBudget budget, LongSupplier clock) {
        this.budget = budget;
        this.clock = clock;
        this.lastNanos = clock.getAsLong();
    }

    /// @return false when that is more than was granted
    boolean received(int bytes) {
        received += bytes;
        return received <= granted;
    }

    /// Bytes have gone to the other side.
    ///
    /// @param roundTripNanos the connection's shortest, 0 while it is not known
    /// @return what to grant now, or 0
    int taken(int bytes, long roundTripNanos) {
        taken += bytes;
        int target = budget.window(window);
        long more = taken + target - granted;
        if (more < target / 4) {
            return 0;
        }
        grow(roundTripNanos);
        more = taken + budget.window(window) - granted;
        granted += more;
        return (int) more;
    }

    private void grow(long roundTripNanos) {
        long now = clock.getAsLong();
        long passed = Math.max(1, now - lastNanos);
        if (passed < roundTripNanos) {
            return;
        }
        double needed = 2.0 * (taken - takenThen) * roundTripNanos / passed;
        lastNanos = now;
        takenThen = taken;
        if (needed > window) {
            window = (int) Math.min(Math.min(LARGEST, budget.bytes() / 16), needed);
        }
    }
}
