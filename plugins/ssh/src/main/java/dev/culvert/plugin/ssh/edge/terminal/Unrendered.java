package dev.culvert.plugin.ssh.edge.terminal;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How much output the page has not drawn yet. Who sends waits while it is [#MOST] bytes, which stops the
/// reading of the host, whose own window does the rest: a flood is neither in the edge's memory nor in the
/// browser's.
///
/// Thread-safe.
final class Unrendered {
    /// Most bytes that are sent and not acknowledged.
    static final int MOST = 512 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long bytes;
    private boolean over;

    /// Waits until so much may be sent.
    ///
    /// @param count at most [#MOST]
    /// @return false when nothing is sent any more
    boolean add(int count) throws InterruptedException {
        lock.lock();
        try {
            while (bytes + count > MOST && !over) {
                changed.await();
            }
            bytes += count;
            return !over;
        } finally {
            lock.unlock();
        }
    }

    /// The page has drawn so much. More than there was counts as all.
    void rendered(long count) {
        lock.lock();
        try {
            bytes = Math.max(0, bytes - count);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Nobody waits any more.
    void end() {
        lock.lock();
        try {
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
