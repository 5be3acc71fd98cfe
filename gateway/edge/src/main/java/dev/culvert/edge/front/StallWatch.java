package dev.culvert.edge.front;

import org.jspecify.annotations.Nullable;

/// Whether one stream's client still moves: bytes of an answer that wait to be taken, or a body of
/// declared length that does not go on. A stream on which neither side owes the other a byte is idle,
/// for however long: event streams, long polls, WebSockets, bodies without a length.
///
/// Time is counted in ticks of the one who asks. Confined to the client's event loop.
final class StallWatch {
    /// Ticks without a byte until the client counts as stalled.
    static final int TICKS = 4;

    enum Stall {
        /// The answer is not taken.
        READER,
        /// The body does not come.
        SENDER
    }

    private long untaken;
    private long bodyLeft;
    private boolean waitsForContinue;
    private int unforwarded;
    private boolean moved = true;
    private int quietTicks;

    /// @param bodyLength declared, or 0
    /// @param waitsForContinue the client sends nothing before it is told to
    StallWatch(long bodyLength, boolean waitsForContinue) {
        this.bodyLeft = bodyLength;
        this.waitsForContinue = waitsForContinue;
    }

    void body(int bytes, boolean end) {
        moved = true;
        waitsForContinue = false;
        bodyLeft = end ? 0 : Math.max(0, bodyLeft - bytes);
        unforwarded += bytes;
    }

    void forwarded(int bytes) {
        moved = true;
        unforwarded -= bytes;
    }

    void toldToContinue() {
        moved = true;
        waitsForContinue = false;
    }

    void answer(int bytes) {
        if (untaken == 0) {
            moved = true;
        }
        untaken += bytes;
    }

    void taken(int bytes) {
        moved = true;
        untaken -= bytes;
    }

    /// Everything of the answer that there was has been written.
    boolean isTaken() {
        return untaken <= 0;
    }

    /// @return why the stream has stalled, or null
    @Nullable Stall tick() {
        boolean owesBody = bodyLeft > 0 && unforwarded == 0 && !waitsForContinue;
        if (moved || (untaken <= 0 && !owesBody)) {
            moved = false;
            quietTicks = 0;
            return null;
        }
        quietTicks++;
        if (quietTicks < TICKS) {
            return null;
        }
        return untaken > 0 ? Stall.READER : Stall.SENDER;
    }
}
