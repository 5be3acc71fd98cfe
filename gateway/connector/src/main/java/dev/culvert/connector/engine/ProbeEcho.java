package dev.culvert.connector.engine;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.LivenessProbe;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;

/// Answers an edge's [LivenessProbe]: 200 and the bytes that came.
///
/// Confined to the stream's event loop.
final class ProbeEcho implements StreamPeer {
    private final StreamPeer caller;
    private int echoed;
    private boolean answered;
    private boolean over;

    private ProbeEcho(StreamPeer caller) {
        this.caller = caller;
    }

    static StreamPeer open(StreamPeer caller, EventLoop loop) {
        ProbeEcho echo = new ProbeEcho(caller);
        loop.execute(echo::answer);
        return echo;
    }

    private void answer() {
        if (!answered && !over) {
            answered = true;
            caller.response(StreamResponse.of(200, new HeaderList(0)), false);
        }
    }

    @Override
    public void response(StreamResponse response, boolean end) {
        throw new IllegalStateException("the edge opens probes, it does not answer them");
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        int size = bytes.readableBytes();
        if (over) {
            bytes.release();
            return;
        }
        answer();
        echoed += size;
        if (echoed > LivenessProbe.MAX_BYTES) {
            over = true;
            bytes.release();
            caller.reset(
                    StreamFault.protocol(
                            "a probe has at most " + LivenessProbe.MAX_BYTES + " bytes"));
            return;
        }
        over = end;
        caller.data(bytes, end);
        caller.credit(size);
    }

    @Override
    public void trailers(HeaderList trailers) {
        data(Unpooled.EMPTY_BUFFER, true);
    }

    @Override
    public void reset(StreamFault fault) {
        over = true;
    }

    @Override
    public void credit(int bytes) {}
}
