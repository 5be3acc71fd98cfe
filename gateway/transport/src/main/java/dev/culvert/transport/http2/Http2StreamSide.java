package dev.culvert.transport.http2;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.ByteQueue;
import dev.culvert.transport.HeldBytes;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/// One HTTP/2 stream as a side of a proxied stream.
///
/// ### States (RFC 9113, section 5.1)
///
/// open → half-closed (`localEnded` or `remoteEnded`) → closed. A reset from either end goes to closed
/// from any state. END_STREAM followed by RST_STREAM(NO_ERROR) is a complete answer whose sender will
/// not read the rest of the request (section 8.1).
///
/// ### What is held
///
/// Received bytes wait at the other side until written there: at most the stream's window. Bytes to
/// send wait in the flow controller, or here once `unacknowledgedBytes` are under way or [#MAX_PIECES]
/// pieces wait there; together at most what the other side may have outstanding. Pieces are joined
/// here, not there: a peer that sends one byte at a time would make the flow controller hold objects
/// of a hundred times their size.
///
/// Confined to its connection's event loop.
final class Http2StreamSide implements StreamPeer {
    /// Writes of one stream that wait in the flow controller.
    static final int MAX_PIECES = 64;

    /// Interim answers are outside of all back-pressure; those beyond are dropped.
    static final int MAX_INTERIM = 64;

    private final Http2Link link;
    private final StreamRequest request;
    private final HeldBytes received;
    private @Nullable Http2Stream stream;
    private @Nullable StreamPeer other;
    private boolean headSent;
    private boolean headReceived;
    private boolean localEnded;
    private boolean remoteEnded;
    private boolean over;
    private boolean notReadPending;
    private int interimReceived;
    private int unwritten;
    private int unwrittenPieces;
    private @Nullable ByteQueue held;
    private boolean endHeld;
    private @Nullable HeaderList trailersHeld;

    Http2StreamSide(Http2Link link, StreamRequest request) {
        this.link = link;
        this.received = new HeldBytes(link.budget());
        this.request = request;
    }

    void meet(StreamPeer other) {
        this.other = other;
    }

    void bind(Http2Stream stream, boolean localEnded) {
        this.stream = stream;
        this.localEnded = localEnded;
    }

    void remoteEnded() {
        remoteEnded = true;
    }

    private StreamPeer other() {
        StreamPeer known = other;
        if (known == null) {
            throw new IllegalStateException("called before the stream was opened");
        }
        return known;
    }

    private Http2Stream stream() {
        Http2Stream known = stream;
        if (known == null) {
            throw new IllegalStateException("not yet bound");
        }
        return known;
    }

    // ---- what the connection reads

    void onHeaders(Http2Headers headers, boolean end) throws ProtocolException {
        if (over || remoteEnded) {
            return;
        }
        if (link.isServer() || headReceived) {
            if (!end) {
                throw new ProtocolException("a second header block without END_STREAM");
            }
            remoteEnded = true;
            other().trailers(link.heads().decodeTrailers(headers));
            return;
        }
        StreamResponse response = link.heads().decodeResponse(request, headers);
        if (response.status() < 200 && response.status() != 101) {
            if (end) {
                throw new ProtocolException("an interim answer with END_STREAM");
            }
            if (interimReceived++ < MAX_INTERIM) {
                other().informational(response);
            }
            return;
        }
        headReceived = true;
        remoteEnded = end;
        other().response(response, end);
    }

    /// @return bytes that need no credit from the other side
    int onData(ByteBuf data, boolean end) {
        int size = data.readableBytes();
        if (over || remoteEnded) {
            return size;
        }
        if (size == 0 && !end) {
            return 0;
        }
        if (!link.isServer() && !headReceived) {
            // RFC 9113, section 8.1: a body before its head.
            reset(StreamFault.protocol("DATA before the response's head"));
            other().reset(StreamFault.protocol("the peer sent a body before its head"));
            return size;
        }
        remoteEnded = end;
        received.add(size);
        link.bodyReceived(size);
        link.adjustWindow();
        other().data(size == 0 ? Unpooled.EMPTY_BUFFER : data.readRetainedSlice(size), end);
        return 0;
    }

    void onReset(long code) {
        if (over) {
            return;
        }
        over = true;
        dropHeld();
        received.forget();
        if (code == Http2Error.NO_ERROR.code() && remoteEnded) {
            other().reset(StreamFault.notRead());
        } else if (code == Http2Error.REFUSED_STREAM.code()) {
            other().reset(StreamFault.refused("the peer refused the stream"));
        } else if (code == Http2Error.CANCEL.code() || code == Http2Error.NO_ERROR.code()) {
            other().reset(StreamFault.cancelled("the peer cancelled the stream"));
        } else {
            other().reset(StreamFault.protocol("the peer reset the stream, code " + code));
        }
    }

    void onWindow() {
        ByteQueue waiting = held;
        if (waiting == null) {
            return;
        }
        while (!over && !beyondLimit()) {
            ByteBuf bytes = waiting.poll();
            if (bytes == null) {
                held = null;
                link.stalledStreams(-1);
                HeaderList last = trailersHeld;
                if (last != null) {
                    trailersHeld = null;
                    writeTrailers(last);
                } else if (endHeld) {
                    write(Unpooled.EMPTY_BUFFER, true);
                }
                return;
            }
            write(bytes, false);
        }
    }

    /// The stream is closed in the connection's books: properly, or because the connection went.
    void onClosed() {
        if (!over && (held != null || !(localEnded && remoteEnded))) {
            lost(StreamFault.connectionLost("the tunnel connection was lost"));
        }
        over = true;
        dropHeld();
    }

    void lost(StreamFault fault) {
        if (!over) {
            over = true;
            dropHeld();
            received.forget();
            StreamPeer peer = other;
            if (peer != null) {
                peer.reset(fault);
            }
        }
    }

    private void dropHeld() {
        ByteQueue waiting = held;
        if (waiting != null) {
            held = null;
            link.stalledStreams(-1);
            int size = waiting.readableBytes();
            waiting.clear();
            credited(size);
        }
    }

    /// Bytes of the other side's have been thrown away. Said on a later turn, after the reset that made
    /// them so: a side that is given credit may send more at once.
    private void credited(int size) {
        StreamPeer peer = other;
        if (peer != null && size > 0) {
            link.loop().execute(() -> peer.credit(size));
        }
    }

    // ---- what the other side hands over

    @Override
    public void informational(StreamResponse interim) {
        if (over || headSent) {
            return;
        }
        link.encoder()
                .writeHeaders(
                        link.ctx(),
                        stream().id(),
                        link.heads().encodeInterim(interim),
                        0,
                        false,
                        link.ctx().newPromise());
        link.flushSoon();
    }

    @Override
    public void response(StreamResponse response, boolean end) {
        if (over || headSent) {
            return;
        }
        headSent = true;
        Http2Headers headers;
        try {
            headers = link.heads().encode(request, response);
        } catch (IllegalArgumentException e) {
            // A field the other side took from its origin cannot be carried; only this stream ends.
            reset(StreamFault.internal("the head cannot be sent"));
            other().reset(StreamFault.protocol(String.valueOf(e.getMessage())));
            return;
        }
        localEnded = end;
        link.encoder()
                .writeHeaders(link.ctx(), stream().id(), headers, 0, end, link.ctx().newPromise());
        link.flushSoon();
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        if (over || localEnded) {
            int size = bytes.readableBytes();
            bytes.release();
            credited(size);
            return;
        }
        if (!end && !bytes.isReadable()) {
            // Carries nothing, and a few of them in a row look like a flood.
            bytes.release();
            return;
        }
        localEnded = end;
        if (held != null || (bytes.isReadable() && beyondLimit())) {
            if (held == null) {
                held = new ByteQueue();
                link.stalledStreams(1);
            }
            held.add(bytes);
            endHeld = end;
            return;
        }
        write(bytes, end);
    }

    private boolean beyondLimit() {
        if (unwrittenPieces >= MAX_PIECES) {
            return true;
        }
        int limit = link.limits().unacknowledgedBytes();
        if (limit == 0) {
            return false;
        }
        Http2RemoteFlowController flow = link.connection().remote().flowController();
        int underWay = flow.initialWindowSize() - flow.windowSize(stream());
        return underWay + unwritten >= limit;
    }

    private void write(ByteBuf bytes, boolean end) {
        int size = bytes.readableBytes();
        unwritten += size;
        unwrittenPieces++;
        link.encoder()
                .writeData(link.ctx(), stream().id(), bytes, 0, end, link.ctx().newPromise())
                .addListener(written -> {
                    unwritten -= size;
                    unwrittenPieces--;
                    if (!written.isSuccess()) {
                        lost(StreamFault.connectionLost(String.valueOf(written.cause())));
                        other().credit(size);
                    } else {
                        if (size > 0) {
                            other().credit(size);
                        }
                        // What was under way and unwritten at once counted twice: look again.
                        onWindow();
                        answerWritten();
                    }
                });
        link.flushSoon();
    }

    /// Sends the RST_STREAM that waited for the answer before it.
    private void answerWritten() {
        if (notReadPending && unwrittenPieces == 0 && held == null) {
            notReadPending = false;
            reset(StreamFault.notRead());
        }
    }

    @Override
    public void trailers(HeaderList trailers) {
        if (over || localEnded) {
            return;
        }
        localEnded = true;
        if (held != null) {
            trailersHeld = trailers;
            return;
        }
        writeTrailers(trailers);
    }

    private void writeTrailers(HeaderList trailers) {
        unwrittenPieces++;
        link.encoder()
                .writeHeaders(
                        link.ctx(),
                        stream().id(),
                        link.heads().encodeTrailers(trailers),
                        0,
                        true,
                        link.ctx().newPromise())
                .addListener(written -> {
                    unwrittenPieces--;
                    answerWritten();
                });
        link.flushSoon();
    }

    @Override
    public void reset(StreamFault fault) {
        received.forget();
        if (over) {
            return;
        }
        Http2Error code =
                switch (fault.kind()) {
                    case NOT_READ -> Http2Error.NO_ERROR;
                    case CANCELLED -> Http2Error.CANCEL;
                    case REFUSED -> Http2Error.REFUSED_STREAM;
                    case CONNECTION_LOST, PROTOCOL, TIMED_OUT, INTERNAL ->
                            Http2Error.INTERNAL_ERROR;
                };
        if (fault.kind() == StreamFault.Kind.NOT_READ && (unwrittenPieces > 0 || held != null)) {
            // A RST_STREAM would overtake the answer, an empty END_STREAM too: after it, then.
            notReadPending = true;
            return;
        }
        over = true;
        dropHeld();
        link.resetStream(link.ctx(), stream().id(), code.code(), link.ctx().newPromise());
        link.flushSoon();
    }

    @Override
    public void credit(int bytes) {
        received.credit(bytes);
        link.adjustWindow();
        Http2Stream known = stream;
        if (known == null || bytes == 0) {
            return;
        }
        try {
            Http2LocalFlowController flow = link.connection().local().flowController();
            if (flow.consumeBytes(known, bytes)) {
                link.flushSoon();
            }
        } catch (Http2Exception e) {
            link.error(e);
        }
    }
}
