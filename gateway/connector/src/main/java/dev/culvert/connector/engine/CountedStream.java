package dev.culvert.connector.engine;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/// Stands between a stream's two sides to count how it is answered and when both directions are over.
///
/// Confined to the stream's event loop.
final class CountedStream implements StreamPeer {
    private final StreamCounts counts;
    private final boolean bytes;
    private final StreamRouter.Rules rules;
    private final long openedNanos;
    private final StreamPeer caller;
    private @Nullable StreamPeer target;
    private boolean requestEnded;
    private boolean responseEnded;
    private boolean answered;
    private boolean counted = true;

    private CountedStream(
            StreamPeer caller,
            boolean requestEnded,
            StreamCounts counts,
            boolean bytes,
            StreamRouter.Rules rules) {
        this.caller = caller;
        this.requestEnded = requestEnded;
        this.counts = counts;
        this.bytes = bytes;
        this.rules = rules;
        this.openedNanos = bytes ? System.nanoTime() : 0;
    }

    /// @param bytes leads to a service of bytes
    /// @param rules the stream was opened by; left at its end
    static StreamPeer open(
            StreamTarget target,
            StreamRequest request,
            StreamPeer caller,
            EventLoop loop,
            StreamCounts counts,
            boolean bytes,
            StreamRouter.Rules rules) {
        CountedStream stream = new CountedStream(caller, request.endOfBody(), counts, bytes, rules);
        stream.target = target.open(request, stream.new FromTarget(), loop);
        return stream;
    }

    private StreamPeer target() {
        StreamPeer known = target;
        if (known == null) {
            throw new IllegalStateException("called before it was opened");
        }
        return known;
    }

    private void ended(boolean request, boolean response) {
        requestEnded |= request;
        responseEnded |= response;
        if (requestEnded && responseEnded && counted) {
            counted = false;
            counts.closed(bytes);
            rules.leave();
        }
    }

    @Override
    public void response(StreamResponse response, boolean end) {
        throw new IllegalStateException("the tunnel opens streams, it does not answer them");
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        target().data(bytes, end);
        ended(end, false);
    }

    @Override
    public void trailers(HeaderList trailers) {
        target().trailers(trailers);
        ended(true, false);
    }

    @Override
    public void reset(StreamFault fault) {
        target().reset(fault);
        ended(true, true);
    }

    @Override
    public void credit(int bytes) {
        target().credit(bytes);
    }

    private final class FromTarget implements StreamPeer {
        @Override
        public void informational(StreamResponse interim) {
            caller.informational(interim);
        }

        @Override
        public void response(StreamResponse response, boolean end) {
            answered = true;
            if (response.failure() != null) {
                counts.failed(bytes);
            } else {
                counts.answered(response.status());
                if (bytes) {
                    counts.connected(System.nanoTime() - openedNanos);
                }
            }
            caller.response(response, end);
            ended(false, end);
        }

        @Override
        public void data(ByteBuf bytes, boolean end) {
            caller.data(bytes, end);
            ended(false, end);
        }

        @Override
        public void trailers(HeaderList trailers) {
            caller.trailers(trailers);
            ended(false, true);
        }

        @Override
        public void reset(StreamFault fault) {
            if (!answered) {
                answered = true;
                counts.failed(bytes);
            }
            caller.reset(fault);
            if (fault.kind() == StreamFault.Kind.NOT_READ) {
                ended(true, false);
            } else {
                ended(true, true);
            }
        }

        @Override
        public void credit(int bytes) {
            caller.credit(bytes);
        }
    }
}
