package dev.culvert.connector.engine;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.PacedWriter;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.function.Consumer;

/// The body of a request on its way to an HTTP/1.1 origin: paced, and held to the length its head says.
/// A body of another length would make the next request on this connection, another user's, part of
/// this one (request smuggling).
///
/// A write that fails because the origin has closed is no end: the origin may have answered before, and
/// that answer is still to be read.
///
/// Confined to its connection's event loop.
final class OriginRequestBody implements StreamPeer {
    private final HttpOriginChannel connection;
    private final StreamPeer caller;
    private final long declared;
    private final Consumer<String> broken;
    private final Consumer<StreamFault> onReset;
    private final PacedWriter writer;
    private long taken;
    private boolean ended;
    private boolean sent;

    /// @param declared number of bytes, or [OriginRequestHead#UNKNOWN] for a chunked body
    /// @param broken told why when the body cannot go on
    OriginRequestBody(
            HttpOriginChannel connection,
            StreamPeer caller,
            long declared,
            Consumer<String> broken,
            Consumer<StreamFault> onReset) {
        this.connection = connection;
        this.caller = caller;
        this.declared = declared;
        this.broken = broken;
        this.onReset = onReset;
        this.writer =
                new PacedWriter(connection.channel(), DefaultHttpContent::new, caller::credit);
    }

    /// Whether the whole body has been given to the connection.
    boolean isSent() {
        return sent;
    }

    /// Nothing more goes out; what waits is thrown away.
    void stop() {
        ended = true;
        writer.discard();
    }

    /// There is no body: the head was all.
    void none() {
        ended = true;
        sent = true;
    }

    private void write(LastHttpContent last) {
        sent = true;
        watch(connection.channel().write(last));
        connection.flushSoon();
    }

    /// Of a part of the request: what fails other than by the socket has left half of it on the wire.
    void watch(ChannelFuture written) {
        written.addListener(done -> {
            if (!done.isSuccess() && !(done.cause() instanceof IOException)) {
                broken.accept("the request cannot be written as HTTP/1.1");
            }
        });
    }

    @Override
    public void response(StreamResponse response, boolean end) {
        throw new IllegalStateException("a body has no head");
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        int size = bytes.readableBytes();
        if (ended) {
            bytes.release();
            if (size > 0) {
                caller.credit(size);
            }
            return;
        }
        taken += size;
        if (!fits(end)) {
            bytes.release();
            if (size > 0) {
                caller.credit(size);
            }
            return;
        }
        if (size > 0) {
            writer.write(bytes);
        } else {
            bytes.release();
        }
        if (end) {
            ended = true;
            writer.afterAll(() -> write(LastHttpContent.EMPTY_LAST_CONTENT));
        }
    }

    private boolean fits(boolean end) {
        if (declared == OriginRequestHead.UNKNOWN
                || (end ? taken == declared : taken <= declared)) {
            return true;
        }
        stop();
        broken.accept("the request's body is not as long as its Content-Length says");
        return false;
    }

    @Override
    public void trailers(HeaderList fields) {
        if (ended || !fits(true)) {
            return;
        }
        ended = true;
        LastHttpContent last = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        if (declared == OriginRequestHead.UNKNOWN) {
            try {
                // Content-Length, for one, may not stand here (RFC 9110, section 6.5.1).
                fields.forEach((name, value) -> last.trailingHeaders().add(name, value));
            } catch (IllegalArgumentException e) {
                // The body's end goes out in any case: without it the next request on this
                // connection would be taken for more of this one.
                last.trailingHeaders().clear();
            }
        }
        writer.afterAll(() -> write(last));
    }

    @Override
    public void reset(StreamFault fault) {
        onReset.accept(fault);
    }

    @Override
    public void credit(int bytes) {}
}
