package dev.culvert.plugin.ssh.edge.io;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The packets of one session that wait for its wire.
///
/// SSHD never waits for a packet to be written: it encrypts and hands over under a lock that its reader needs
/// too, so waiting here would stop reading. Whoever sends a channel's data waits *before* that, in
/// [#awaitRoom], while [#ROOM] bytes wait; answers to what a peer sends are small and may exceed it. A peer
/// that makes us answer and reads nothing meets [#LIMIT], where its session ends.
///
/// Thread-safe: one lock.
final class OutgoingQueue {
    /// Bytes of memory up to which channels' data is taken.
    static final int ROOM = 256 * 1024;

    /// Bytes at which a session ends.
    static final int LIMIT = 4 * 1024 * 1024;

    /// The same while nobody has signed in.
    static final int LIMIT_OF_UNKNOWN = 256 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<OutgoingPacket> packets = new ArrayDeque<>();
    private long bytes;
    private int limit = LIMIT_OF_UNKNOWN;
    private boolean ended;
    private boolean closed;

    /// Adds at the end.
    ///
    /// @throws ClosedChannelException after [#end] or [#close]
    void add(OutgoingPacket packet) throws IOException {
        lock.lock();
        try {
            if (ended || closed) {
                throw new ClosedChannelException();
            }
            if (bytes + packet.cost() > limit) {
                throw new IOException("the peer reads nothing: " + bytes + " bytes wait for it");
            }
            bytes += packet.cost();
            packets.add(packet);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Somebody has signed in.
    void known() {
        lock.lock();
        try {
            limit = LIMIT;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there is room for a channel's data, or none will ever be needed.
    void awaitRoom() throws InterruptedException {
        lock.lock();
        try {
            while (bytes >= ROOM && !closed) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the next packet, which counts until [#done]. Null after the last.
    @Nullable OutgoingPacket take() throws InterruptedException {
        lock.lock();
        try {
            while (packets.isEmpty() && !ended && !closed) {
                changed.await();
            }
            return closed ? null : packets.poll();
        } finally {
            lock.unlock();
        }
    }

    void done(OutgoingPacket packet) {
        lock.lock();
        try {
            bytes -= packet.cost();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Nothing is added any more; what waits is still written.
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Nothing is written any more.
    ///
    /// @return what was not
    List<OutgoingPacket> close() {
        lock.lock();
        try {
            closed = true;
            List<OutgoingPacket> left = List.copyOf(packets);
            packets.clear();
            bytes = 0;
            changed.signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }
}
