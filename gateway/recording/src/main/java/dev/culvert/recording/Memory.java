package dev.culvert.recording;

import java.util.concurrent.atomic.AtomicLong;

/// What all recordings together may hold that is not written yet. Thread-safe.
final class Memory {
    private final long most;
    private final AtomicLong held = new AtomicLong();

    Memory(long most) {
        this.most = most;
    }

    boolean take(long bytes) {
        if (held.addAndGet(bytes) <= most) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void give(long bytes) {
        held.addAndGet(-bytes);
    }

    long held() {
        return held.get();
    }
}
