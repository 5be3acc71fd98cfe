package dev.culvert.transport;

/// What one source of a stream has handed over and has no credit for yet, counted in a
/// [MemoryBudget].
///
/// Every byte leaves the count once: by [#credit] when its write has ended, well or not, or by
/// [#forget] when the stream is reset and its bytes are thrown away. A byte that stayed would be
/// missing from the budget for ever.
///
/// Confined to the source's event loop.
public final class HeldBytes {
    private final MemoryBudget budget;
    private int bytes;

    public HeldBytes(MemoryBudget budget) {
        this.budget = budget;
    }

    public void add(int size) {
        bytes += size;
        budget.take(size);
    }

    public void credit(int size) {
        int counted = Math.min(size, bytes);
        bytes -= counted;
        budget.give(counted);
    }

    /// The stream was reset: none of these bytes is written any more.
    public void forget() {
        credit(bytes);
    }

    /// True when the source must stop reading.
    ///
    /// @param usual its limit while there is plenty
    public boolean isFull(int usual) {
        return bytes >= budget.window(usual);
    }

    /// True when a source that stopped may go on: half of the limit is free.
    public boolean hasRoom(int usual) {
        return bytes < budget.window(usual) / 2;
    }
}
