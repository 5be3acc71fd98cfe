package dev.culvert.transport;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamResponse;
import io.netty.buffer.ByteBuf;

/// The far side of a stream that was never opened: takes everything and does nothing. Thread-safe.
public final class DeadPeer implements StreamPeer {
    public static final DeadPeer INSTANCE = new DeadPeer();

    private DeadPeer() {}

    @Override
    public void response(StreamResponse response, boolean end) {}

    @Override
    public void data(ByteBuf bytes, boolean end) {
        bytes.release();
    }

    @Override
    public void trailers(HeaderList trailers) {}

    @Override
    public void reset(StreamFault fault) {}

    @Override
    public void credit(int bytes) {}
}
