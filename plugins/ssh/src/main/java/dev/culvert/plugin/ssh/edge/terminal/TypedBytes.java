package dev.culvert.plugin.ssh.edge.terminal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What was typed and the host has not taken. A thread of its own sends it, so that whoever reads the page's
/// messages never waits for the host: with them come the acknowledgements that let the host's output go on,
/// and without that the host may take nothing.
///
/// Thread-safe.
final class TypedBytes {
    /// Most bytes; the page keeps pastes below.
    static final int MOST = 4 * 1024 * 1024;

    private static final int PIECE = 32 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private int bytes;
    private boolean over;

    /// @return false when it does not fit
    boolean add(ByteBuffer typed) {
        lock.lock();
        try {
            if (!typed.hasRemaining()) {
                return true;
            }
            if (typed.remaining() > MOST - bytes) {
                return false;
            }
            byte[] copy = new byte[typed.remaining()];
            typed.get(copy);
            waiting.add(copy);
            bytes += copy.length;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Where it goes.
    @FunctionalInterface
    interface Sink {
        /// @throws IOException when nothing is taken any more
        void take(byte[] bytes, int offset, int length) throws IOException;
    }

    /// Sends until [#end].
    void sendTo(Sink host) throws IOException, InterruptedException {
        byte[] next = take();
        while (next.length > 0) {
            for (int from = 0; from < next.length; from += PIECE) {
                host.take(next, from, Math.min(PIECE, next.length - from));
            }
            next = take();
        }
    }

    /// All that waits of one message; nothing at the end.
    private byte[] take() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !over) {
                changed.await();
            }
            byte[] next = over ? new byte[0] : waiting.remove();
            bytes -= next.length;
            return next;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            over = true;
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
