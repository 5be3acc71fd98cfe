package dev.culvert.transport.served;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
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

/// One exchange between an event loop and the virtual thread that serves it. Received bytes wait here
/// until read, at most the caller's own limit; at most [#MAX_UNSENT] bytes written by the thread wait
/// for the caller's credit.
///
/// Thread-safe: the [StreamPeer] half is called on the loop, the [HttpExchange] half blocks and is for
/// virtual threads only.
final class ServedExchange implements StreamPeer, HttpExchange {
    static final int MAX_UNSENT = 256 * 1024;
    private static final int PIECE = 16 * 1024;

    private final StreamRequest request;
    private final StreamPeer caller;
    private final EventLoop loop;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ByteQueue received = new ByteQueue();
    private boolean receivedAll;
    private int unsent;
    private @Nullable StreamFault fault;
    private volatile boolean responded;
    private boolean ended;

    /// The client waits to be told that its body is read (RFC 9110, section 10.1.1).
    private boolean expecting;

    private final Input input = new Input();

    ServedExchange(StreamRequest request, StreamPeer caller, EventLoop loop) {
        this.request = request;
        this.caller = caller;
        this.loop = loop;
        this.receivedAll = request.endOfBody();
        this.expecting = request.headers().hasToken("expect", "100-continue");
    }

    // ---- on the loop

    @Override
    public void response(StreamResponse response, boolean end) {
        throw new IllegalStateException("a handler opens no streams");
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        lock.lock();
        try {
            if (ended || fault != null || receivedAll) {
                int size = bytes.readableBytes();
                bytes.release();
                caller.credit(size);
                return;
            }
            received.add(bytes);
            receivedAll = end;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
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

    // ---- on the virtual thread

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String path() {
        return request.path();
    }

    @Override
    public String authority() {
        return request.authority();
    }

    @Override
    public HeaderList requestHeaders() {
        return request.headers();
    }

    @Override
    public boolean isWebSocket() {
        return request.kind() == StreamKind.WEBSOCKET;
    }

    @Override
    public InputStream body() {
        return input;
    }

    boolean responded() {
        return responded;
    }

    @Override
    public OutputStream respond(int status, HeaderList headers) throws IOException {
        if (responded) {
            throw new IllegalStateException("responded twice");
        }
        responded = true;
        checkAlive();
        onLoop(() -> caller.response(StreamResponse.of(status, headers), false));
        return new Output();
    }

    /// The handler failed after its answer had begun; nothing when the answer was complete.
    void fail() {
        StreamFault cause = StreamFault.internal("the handler failed");
        lock.lock();
        try {
            if (ended || fault != null) {
                return;
            }
        } finally {
            lock.unlock();
        }
        onLoop(() -> caller.reset(cause));
        reset(cause);
    }

    /// Called once when the handler has returned.
    void finish() {
        boolean complete;
        boolean unread;
        lock.lock();
        try {
            complete = responded && ended;
            unread = !receivedAll || !received.isEmpty();
            received.clear();
            if (fault != null) {
                return;
            }
        } finally {
            lock.unlock();
        }
        if (!responded) {
            onLoop(() -> caller.reset(StreamFault.internal("the handler gave no answer")));
        } else if (!complete) {
            end();
        }
        if (responded && unread) {
            onLoop(() -> caller.reset(StreamFault.notRead()));
        }
    }

    private void end() {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
        } finally {
            lock.unlock();
        }
        onLoop(() -> caller.data(Unpooled.EMPTY_BUFFER, true));
    }

    private void checkAlive() throws IOException {
        StreamFault cause = fault;
        if (cause != null) {
            throw new IOException("stream ended: " + cause.detail());
        }
    }

    private void onLoop(Runnable call) {
        try {
            loop.execute(call);
        } catch (RejectedExecutionException e) {
            reset(StreamFault.connectionLost("the event loop has stopped"));
        }
    }

    private final class Output extends OutputStream {
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
                onLoop(() -> caller.data(piece, false));
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

    private final class Input extends InputStream {
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
                if (expecting) {
                    expecting = false;
                    if (received.isEmpty() && !receivedAll && !responded) {
                        onLoop(() ->
                                caller.informational(StreamResponse.of(100, new HeaderList(0))));
                    }
                }
                while (received.isEmpty() && !receivedAll && fault == null) {
                    changed.await();
                }
                checkAlive();
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
            onLoop(() -> caller.credit(size));
            return size;
        }
    }
}
