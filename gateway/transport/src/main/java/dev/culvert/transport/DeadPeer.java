package dev.culvert.transport;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamResponse;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// The far side of a stream that was never opened: takes everything, gives credit for it at once and
/// does nothing else. As thread-safe as its caller.
public final class DeadPeer implements StreamPeer {
    /// For a caller that counts nothing.
    public static final DeadPeer INSTANCE = new DeadPeer();

    private final @Nullable StreamPeer caller;

    private DeadPeer() {
        this.caller = null;
    }

    /// @param caller whose bytes are thrown away: it counts them until they come back as credit
    public DeadPeer(StreamPeer caller) {
        this.caller = caller;
    }

    @Override
    public void response(StreamResponse response, boolean end) {}

    @Override
    public void data(ByteBuf bytes, boolean end) {
        int size = bytes.readableBytes();
        bytes.release();
        if (caller != null && size > 0) {
            caller.credit(size);
        }
    }

    @Override
    public void trailers(HeaderList trailers) {}

    @Override
    public void reset(StreamFault fault) {}

    @Override
    public void credit(int bytes) {}
}
