package dev.culvert.transport.served;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.transport.ByteQueue;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The bytes of a stream between an event loop and virtual threads that block. Received bytes wait here
/// until read, at most the other side's own limit; at most [#MAX_UNSENT] bytes that were written wait for the other
/// side's credit.
///
/// Thread-safe: the [StreamPeer] half is called on the loop, the streams block.
abstract class BlockingSide implements StreamPeer {
    static final int MAX_UNSENT = 256 * 1024;
    private static final int PIECE = 16 * 1024;

    private final EventLoop loop;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ByteQueue received = new ByteQueue();
    private boolean receivedAll;
    private int unsent;
    private @Nullable StreamFault fault;
    private boolean ended;

    /// What comes is not wanted any more.
    private boolean stopped;

    final Input input = new Input();
    final Output output = new Output();

    /// @param receivedAll whether nothing will come
    BlockingSide(EventLoop loop, boolean receivedAll) {
        this.loop = loop;
        this.receivedAll = receivedAll;
    }

    /// The other side of the stream; asked on the loop only.
    abstract StreamPeer other();

    /// Called with nothing received and more expected, before a reader waits.
    void beforeWaiting() {}

    // ---- on the loop

    @Override
    public void data(ByteBuf bytes, boolean end) {
        lock.lock();
        try {
            if (fault != null || receivedAll || stopped || (ended && endsBoth())) {
                receivedAll |= end;
                int size = bytes.readableBytes();
                bytes.release();
                other().credit(size);
                return;
            }
            received.add(bytes);
            receivedAll = end;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Whether the end of what is written is the end of what is read.
    boolean endsBoth() {
        return false;
    }

    @Override
    public void trailers(HeaderList trailers) {
        data(Unpooled.EMPTY_BUFFER, true);
    }

    @Override
    public void reset(StreamFault cause) {
        lock.lock();
        try {
            if (fault == null) {
                fault = cause;
            }
            received.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void credit(int bytes) {
        lock.lock();
        try {
            unsent -= bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- on threads

    final void onLoop(Runnable call) {
        try {
            loop.execute(call);
        } catch (RejectedExecutionException e) {
            reset(StreamFault.connectionLost("the event loop has stopped"));
        }
    }

    /// No more is written. Idempotent.
    final void end() {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
        } finally {
            lock.unlock();
        }
        onLoop(() -> other().data(Unpooled.EMPTY_BUFFER, true));
    }

    /// Ends both directions because of us, unless both have ended.
    final void abandon(StreamFault cause) {
        lock.lock();
        try {
            if (fault != null || (ended && receivedAll)) {
                received.clear();
                return;
            }
        } finally {
            lock.unlock();
        }
        onLoop(() -> other().reset(cause));
        reset(cause);
    }

    final void checkAlive() throws IOException {
        StreamFault cause = fault();
        if (cause != null) {
            throw new IOException("stream ended: " + cause.detail());
        }
    }

    final @Nullable StreamFault fault() {
        lock.lock();
        try {
            return fault;
        } finally {
            lock.unlock();
        }
    }

    final boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /// Throws away what was received and what will be; readers fail.
    final void stopReading() {
        lock.lock();
        try {
            stopped = true;
            received.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Throws away what was not read.
    ///
    /// @return whether there was, or would have been, something
    final boolean discard() {
        lock.lock();
        try {
            boolean unread = !receivedAll || !received.isEmpty();
            received.clear();
            return unread;
        } finally {
            lock.unlock();
        }
    }

    final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            for (int at = 0; at < length; ) {
                int size = Math.min(PIECE, length - at);
                awaitRoom(size);
                ByteBuf piece = ByteBufAllocator.DEFAULT.directBuffer(size);
                piece.writeBytes(bytes, offset + at, size);
                onLoop(() -> other().data(piece, false));
                at += size;
            }
        }

        private void awaitRoom(int size) throws IOException {
            lock.lock();
            try {
                while (fault == null && unsent > 0 && unsent + size > MAX_UNSENT) {
                    changed.await();
                }
                checkAlive();
                if (ended) {
                    throw new IOException("closed");
                }
                unsent += size;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            end();
        }
    }

    final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0) {
                return 0;
            }
            int size;
            lock.lock();
            try {
                if (received.isEmpty() && !receivedAll) {
                    beforeWaiting();
                }
                while (received.isEmpty() && !receivedAll && fault == null && !stopped) {
                    changed.await();
                }
                checkAlive();
                if (stopped) {
                    throw new IOException("closed");
                }
                size = received.read(into, offset, length);
                if (size == 0) {
                    return -1;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } finally {
                lock.unlock();
            }
            onLoop(() -> other().credit(size));
            return size;
        }
    }
}
