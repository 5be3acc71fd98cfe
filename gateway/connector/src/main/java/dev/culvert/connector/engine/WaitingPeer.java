package dev.culvert.connector.engine;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.ByteQueue;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/// Stands in for an origin that is still being dialled: keeps what comes, in order, and hands it on.
/// Holds at most what the caller may have outstanding.
///
/// Confined to the stream's event loop.
final class WaitingPeer implements StreamPeer {
    private final StreamPeer caller;
    private final ByteQueue waiting = new ByteQueue();
    private boolean ended;
    private boolean callerEnded;
    private @Nullable HeaderList trailers;
    private @Nullable StreamPeer real;
    private Runnable onReset = () -> {};
    private boolean reset;
    private boolean dropped;

    /// @param ended the caller sends nothing
    WaitingPeer(StreamPeer caller, boolean ended) {
        this.caller = caller;
        this.callerEnded = ended;
    }

    void onReset(Runnable action) {
        onReset = action;
    }

    boolean isReset() {
        return reset;
    }

    /// Whether the caller has ended its direction, here or later.
    boolean isEnded() {
        return callerEnded;
    }

    /// Hands everything on, now and from now on.
    void become(StreamPeer peer) {
        real = peer;
        for (ByteBuf bytes = waiting.poll(); bytes != null; bytes = waiting.poll()) {
            peer.data(bytes, ended && trailers == null && waiting.isEmpty());
            if (waiting.isEmpty() && trailers == null) {
                return;
            }
        }
        if (trailers != null) {
            peer.trailers(trailers);
        } else if (ended) {
            peer.data(Unpooled.EMPTY_BUFFER, true);
        }
    }

    /// There will be no origin: forgets what waits, and what still comes.
    void drop() {
        dropped = true;
        int size = waiting.readableBytes();
        waiting.clear();
        if (size > 0) {
            caller.credit(size);
        }
    }

    @Override
    public void response(StreamResponse response, boolean end) {
        throw new IllegalStateException("the tunnel opens streams, it does not answer them");
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        callerEnded |= end;
        if (real != null) {
            real.data(bytes, end);
        } else if (dropped) {
            int size = bytes.readableBytes();
            bytes.release();
            caller.credit(size);
        } else {
            waiting.add(bytes);
            ended = end;
        }
    }

    @Override
    public void trailers(HeaderList fields) {
        callerEnded = true;
        if (real != null) {
            real.trailers(fields);
        } else if (!dropped) {
            trailers = fields;
            ended = true;
        }
    }

    @Override
    public void reset(StreamFault fault) {
        if (real != null) {
            real.reset(fault);
        } else {
            reset = true;
            drop();
            onReset.run();
        }
    }

    @Override
    public void credit(int bytes) {
        if (real != null) {
            real.credit(bytes);
        }
    }
}
