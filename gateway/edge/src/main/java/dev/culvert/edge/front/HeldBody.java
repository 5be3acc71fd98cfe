package dev.culvert.edge.front;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The far side of a request whose admission is not known yet: keeps what comes, to be given on. It gives
/// no credit, so that is at most the client's window. Confined to the client's event loop.
final class HeldBody implements StreamPeer {
    private final Queue<ByteBuf> held = new ArrayDeque<>();
    private boolean ended;
    private @Nullable HeaderList trailers;
    private boolean reset;

    @Override
    public void response(StreamResponse response, boolean end) {
        throw new IllegalStateException("nothing was opened");
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        if (reset) {
            bytes.release();
            return;
        }
        held.add(bytes);
        ended |= end;
    }

    @Override
    public void trailers(HeaderList fields) {
        trailers = fields;
    }

    @Override
    public void reset(StreamFault fault) {
        reset = true;
        held.forEach(ByteBuf::release);
        held.clear();
    }

    @Override
    public void credit(int bytes) {}

    /// Gives everything on, once.
    void giveTo(StreamPeer peer) {
        while (!held.isEmpty()) {
            ByteBuf bytes = held.remove();
            peer.data(bytes, ended && held.isEmpty());
        }
        HeaderList fields = trailers;
        if (fields != null) {
            peer.trailers(fields);
        }
    }
}
