package dev.culvert.transport.http2;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.Carrier;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.DeadPeer;
import dev.culvert.transport.LoopCrossing;
import dev.culvert.transport.MemoryBudget;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.TurnFlush;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One HTTP/2 connection (RFC 9113) that carries streams, in either role. The last handler of its
/// pipeline.
///
/// In the client role streams are opened through [#open]; in the server role each request of the peer
/// is opened to the [StreamTarget] given. Frames go through Netty's encoder and decoder directly; a
/// stream is one [Http2StreamSide], not a channel.
///
/// Connection-level credit is returned on receipt, so that streams which stop reading do not stop the
/// others; stream-level credit when the bytes have been written on the far side.
///
/// ### Life
///
/// preface → ready → (draining: GOAWAY, streams finish) → closed. A link on which nothing arrives for
/// `pingAfter` is asked with a PING and closed when that is not answered.
///
/// Confined to its channel's event loop, but for [#open] (any loop), [#load] and [#isOpen].
public final class Http2Link extends Http2ConnectionHandler implements Carrier {
    private static final Logger log = LoggerFactory.getLogger(Http2Link.class);
    private static final Duration LAST_STREAMS_WITHIN = Duration.ofMinutes(10);
    private static final long GROWTH_PING = 0x43554c5645525432L; // "CULVERT2"
    private static final long PING = 0x43554c5645525431L; // "CULVERT1"

    private final HeadCodec heads;
    private LinkLimits limits;
    private final MemoryBudget budget;
    private final StreamTarget target;
    private final CarrierEvents events;
    private final Http2Connection.PropertyKey sideKey;
    private volatile @Nullable EventLoop loop;
    private @Nullable ChannelHandlerContext context;
    private @Nullable TurnFlush flush;
    private final ControlFrames controlFrames;
    private @Nullable LinkLiveness liveness;
    private @Nullable LinkIdleness idleness;
    private @Nullable LinkDeparture departure;
    private boolean ready;
    private volatile boolean open;
    private volatile int load;
    private int stalled;
    private long heardOnStreams;
    private int announcedWindow;
    private final WindowGrowth growth;

    /// Our first SETTINGS, or a later one, has no acknowledgement yet.
    private boolean settingsUnderWay = true;

    Http2Link(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            HeadCodec heads,
            LinkLimits limits,
            MemoryBudget budget,
            StreamTarget target,
            CarrierEvents events) {
        super(decoder, encoder, settings);
        this.heads = heads;
        this.limits = limits;
        this.budget = budget;
        this.announcedWindow = limits.streamWindowBytes();
        this.growth =
                new WindowGrowth(
                        limits.streamWindowBytes(),
                        (int) Math.min(limits.largestWindowBytes(), budget.bytes() / 16),
                        System::nanoTime,
                        () -> ping(GROWTH_PING));
        this.target = target;
        this.events = events;
        this.sideKey = connection().newKey();
        this.controlFrames = new ControlFrames(heads.peerIsStranger());
        decoder.frameListener(new Frames());
        connection().addListener(new Streams());
    }

    /// The client role: streams are opened by us, a stream opened by the peer is a protocol error.
    public static Http2Link client(HeadCodec heads, LinkLimits limits, CarrierEvents events) {
        return client(heads, limits, MemoryBudget.process(), events);
    }

    static Http2Link client(
            HeadCodec heads, LinkLimits limits, MemoryBudget budget, CarrierEvents events) {
        return new Http2LinkBuilder(
                        false, heads, limits, budget, Http2LinkBuilder::refuseAll, events)
                .build();
    }

    /// The server role: each request of the peer is opened to `target`.
    public static Http2Link server(
            HeadCodec heads, LinkLimits limits, StreamTarget target, CarrierEvents events) {
        return new Http2LinkBuilder(true, heads, limits, MemoryBudget.process(), target, events)
                .build();
    }

    @Override
    public String protocol() {
        return "http2";
    }

    @Override
    public int load() {
        return load;
    }

    @Override
    public long heardOnStreams() {
        return heardOnStreams;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /// Whether one more stream can be opened now: the link is open and the peer's limit not reached.
    /// Called on the channel's loop.
    public boolean hasRoom() {
        return open && connection().local().canOpenStream();
    }

    @Override
    public EventLoop loop() {
        EventLoop known = loop;
        if (known == null) {
            throw new IllegalStateException("not yet part of a channel");
        }
        return known;
    }

    /// Opens a stream from any loop; crosses to the channel's loop when `callerLoop` is another.
    @Override
    public StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop callerLoop) {
        EventLoop own = loop();
        if (callerLoop != own) {
            return LoopCrossing.open(request, caller, callerLoop, this, own);
        }
        assert own.inEventLoop();
        int id = connection().local().incrementAndGetNextStreamId();
        if (id < 0) {
            // No identifier is left: the peer has to dial anew.
            drain(LAST_STREAMS_WITHIN);
        }
        if (!open || id < 0 || !connection().local().canOpenStream()) {
            own.execute(() ->
                    caller.reset(StreamFault.refused("the connection takes no more streams")));
            return new DeadPeer(caller);
        }
        adjustWindow();
        Http2Headers headers = heads.encode(request);
        Http2StreamSide side = new Http2StreamSide(this, request);
        side.meet(caller);
        ChannelFuture sent =
                encoder()
                        .writeHeaders(
                                ctx(), id, headers, 0, request.endOfBody(), ctx().newPromise());
        Http2Stream stream = connection().stream(id);
        if (stream == null) {
            // Also a head beyond what the peer takes: Netty has closed its stream already.
            own.execute(() -> caller.reset(StreamFault.refused("the head could not be sent")));
            return new DeadPeer(caller);
        }
        side.bind(stream, request.endOfBody());
        stream.setProperty(sideKey, side);
        sent.addListener(written -> {
            if (!written.isSuccess()) {
                // Later: the caller is not told before this method has returned.
                own.execute(() ->
                        side.lost(StreamFault.connectionLost(String.valueOf(written.cause()))));
            }
        });
        flushSoon();
        return side;
    }

    /// Asks for no more streams, and takes those that are under way (RFC 9113, section 6.8). [#drain] follows, a
    /// round trip later. Thread-safe.
    public void announceLeaving() {
        loop().execute(() -> {
            ChannelHandlerContext ctx = context;
            if (ctx != null && ctx.channel().isActive() && departure == null) {
                goAway(
                        ctx,
                        Integer.MAX_VALUE,
                        Http2Error.NO_ERROR.code(),
                        Unpooled.EMPTY_BUFFER,
                        ctx.newPromise());
                flushSoon();
            }
        });
    }

    /// Announces the end (GOAWAY) first.
    @Override
    public void drain(Duration deadline) {
        loop().execute(() -> {
            open = false;
            ChannelHandlerContext ctx = context;
            if (ctx == null || !ctx.channel().isActive() || departure != null) {
                return;
            }
            departure = new LinkDeparture(ctx.channel(), ctx::close);
            int last = connection().remote().lastStreamCreated();
            goAway(ctx, last, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
            flushSoon();
            departure.closeAfter(deadline);
            leaveWhenDone();
        });
    }

    private void leaveWhenDone() {
        if (departure != null && connection().numActiveStreams() == 0) {
            departure.leave();
        }
    }

    @Override
    public void abort() {
        loop().execute(() -> {
            open = false;
            ChannelHandlerContext ctx = context;
            if (ctx != null) {
                closeAtOnce();
            }
        });
    }

    @Override
    public void stopOpening() {
        open = false;
    }

    @Override
    public void peerRefillsItsWindow() {
        limits = limits.withoutUnacknowledgedLimit();
    }

    ChannelHandlerContext ctx() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not yet part of a channel");
        }
        return ctx;
    }

    HeadCodec heads() {
        return heads;
    }

    LinkLimits limits() {
        return limits;
    }

    MemoryBudget budget() {
        return budget;
    }

    /// Announces the window of streams that the process's budget allows now: for new streams and for
    /// those under way. One at a time, since each waits for the peer's acknowledgement.
    void adjustWindow() {
        int wanted = budget.window(growth.window());
        ChannelHandlerContext ctx = context;
        if (wanted == announcedWindow || settingsUnderWay || ctx == null) {
            return;
        }
        announcedWindow = wanted;
        settingsUnderWay = true;
        widenConnection(2 * wanted);
        encoder()
                .writeSettings(
                        ctx, new Http2Settings().initialWindowSize(wanted), ctx.newPromise());
        flushSoon();
    }

    /// Makes the connection's window at least this large.
    private void widenConnection(int bytes) {
        Http2Stream all = connection().connectionStream();
        try {
            int more = bytes - connection().local().flowController().initialWindowSize(all);
            if (more > 0) {
                connection().local().flowController().incrementWindowSize(all, more);
            }
        } catch (Http2Exception e) {
            error(e);
        }
    }

    /// Bytes of a body have come.
    void bodyReceived(int bytes) {
        growth.received(bytes);
    }

    boolean isServer() {
        return connection().isServer();
    }

    void flushSoon() {
        TurnFlush turn = flush;
        if (turn != null) {
            turn.schedule();
        }
    }

    /// A stream's reader has stopped, or goes on again.
    void stalledStreams(int change) {
        stalled += change;
        updateLoad();
    }

    private void updateLoad() {
        load = connection().numActiveStreams() + 4 * stalled;
    }

    void error(Throwable cause) {
        onError(ctx(), false, cause);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        loop = ctx.channel().eventLoop();
        flush = new TurnFlush(ctx.channel());
        super.handlerAdded(ctx);
        if (ctx.channel().isActive()) {
            started(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        started(ctx);
    }

    private void started(ChannelHandlerContext ctx) throws Http2Exception {
        Http2Stream all = connection().connectionStream();
        int more =
                limits.connectionWindowBytes()
                        - connection().local().flowController().windowSize(all);
        if (more > 0) {
            connection().local().flowController().incrementWindowSize(all, more);
        }
        flushSoon();
        if (liveness == null) {
            liveness = new LinkLiveness(ctx, limits, this::ping, this::closeAtOnce);
            idleness =
                    new LinkIdleness(
                            loop(),
                            limits.idleAfter(),
                            connection()::numActiveStreams,
                            () -> drain(LAST_STREAMS_WITHIN));
        }
    }

    private void ping() {
        ping(PING);
    }

    private void ping(long content) {
        encoder().writePing(ctx(), false, content, ctx().newPromise());
        flushSoon();
    }

    private void closeAtOnce() {
        gracefulShutdownTimeoutMillis(0);
        ctx().close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (liveness != null) {
            liveness.heard();
        }
        super.channelRead(ctx, message);
    }

    /// HTTP/2 has no use for half a connection: the peer's FIN is the end.
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        super.userEventTriggered(ctx, event);
        if (event instanceof ChannelInputShutdownEvent) {
            closeAtOnce();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        open = false;
        if (liveness != null) {
            liveness.stop();
        }
        if (idleness != null) {
            idleness.stop();
        }
        super.channelInactive(ctx);
        events.closed(this);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx,
            boolean outbound,
            Throwable cause,
            @Nullable Http2Exception http2) {
        log.debug("connection error remote={}", ctx.channel().remoteAddress(), cause);
        super.onConnectionError(ctx, outbound, cause, http2);
    }

    /// A stream we end because its frames break the protocol: said before its close says
    /// "connection lost".
    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx,
            boolean outbound,
            Throwable cause,
            Http2Exception.StreamException http2) {
        Http2StreamSide side = side(http2.streamId());
        if (side != null) {
            side.lost(
                    outbound
                            ? StreamFault.internal(String.valueOf(http2.getMessage()))
                            : StreamFault.protocol(String.valueOf(http2.getMessage())));
        }
        super.onStreamError(ctx, outbound, cause, http2);
    }

    /// What is not HTTP/2 (TLS, the socket) ends the connection; a peer can cause it at will.
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
            super.exceptionCaught(ctx, cause);
            return;
        }
        log.debug(
                "connection failed remote={} cause={}",
                ctx.channel().remoteAddress(),
                String.valueOf(cause));
        ctx.close();
    }

    private @Nullable Http2StreamSide side(int streamId) {
        Http2Stream stream = connection().stream(streamId);
        return stream == null ? null : stream.getProperty(sideKey);
    }

    private final class Frames extends Http2FrameAdapter {
        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
                throws Http2Exception {
            controlFrames.other();
            if (!ready) {
                ready = true;
                open = departure == null;
                events.ready(Http2Link.this);
            }
        }

        @Override
        public void onSettingsAckRead(ChannelHandlerContext ctx) {
            settingsUnderWay = false;
            adjustWindow();
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext ctx, long data) {
            if (data == GROWTH_PING && growth.acknowledged()) {
                adjustWindow();
            }
        }

        @Override
        public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            controlFrames.ping();
        }

        @Override
        public void onPriorityRead(
                ChannelHandlerContext ctx, int id, int dependency, short weight, boolean exclusive)
                throws Http2Exception {
            controlFrames.other();
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int id,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean end)
                throws Http2Exception {
            onHeadersRead(ctx, id, headers, padding, end);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end)
                throws Http2Exception {
            heardOnStreams++;
            Http2StreamSide side = side(id);
            try {
                if (side != null) {
                    side.onHeaders(headers, end);
                } else if (isServer()) {
                    accept(id, headers, end);
                } else {
                    throw Http2Exception.connectionError(
                            Http2Error.PROTOCOL_ERROR, "stream %d opened by the connector", id);
                }
            } catch (ProtocolException e) {
                throw Http2Exception.streamError(
                        id, Http2Error.PROTOCOL_ERROR, e, "%s", e.getMessage());
            } catch (RuntimeException e) {
                throw failed(id, e);
            }
        }

        /// One stream's failure is not the connection's.
        private static Http2Exception failed(int id, RuntimeException cause) {
            log.warn("stream failed", cause);
            return Http2Exception.streamError(
                    id, Http2Error.INTERNAL_ERROR, cause, "%s", cause.getMessage());
        }

        private void accept(int id, Http2Headers headers, boolean end) throws ProtocolException {
            StreamRequest request = heads.decodeRequest(headers, end);
            Http2Stream stream = connection().stream(id);
            Http2StreamSide side = new Http2StreamSide(Http2Link.this, request);
            side.bind(stream, false);
            stream.setProperty(sideKey, side);
            if (end) {
                side.remoteEnded();
            }
            side.meet(target.open(request, side, loop()));
        }

        @Override
        public int onDataRead(
                ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end)
                throws Http2Exception {
            heardOnStreams++;
            Http2StreamSide side = side(id);
            if (side == null) {
                return data.readableBytes() + padding;
            }
            try {
                return padding + side.onData(data, end);
            } catch (RuntimeException e) {
                throw failed(id, e);
            }
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
            heardOnStreams++;
            Http2StreamSide side = side(id);
            if (side != null) {
                side.onReset(code);
            }
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext ctx, int id, int increment) {
            if (id != 0) {
                heardOnStreams++;
                Http2StreamSide side = side(id);
                if (side != null) {
                    side.onWindow();
                }
            }
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int last, long code, ByteBuf reason) {
            open = false;
            try {
                connection()
                        .forEachActiveStream(stream -> {
                            Http2StreamSide side = stream.getProperty(sideKey);
                            if (side != null && !isServer() && stream.id() > last) {
                                side.lost(
                                        StreamFault.refused(
                                                "the peer went away before this stream"));
                            }
                            return true;
                        });
            } catch (Http2Exception e) {
                error(e);
            }
            events.goingAway(Http2Link.this);
        }
    }

    private final class Streams extends Http2ConnectionAdapter {
        @Override
        public void onStreamActive(Http2Stream stream) {
            if (idleness != null) {
                idleness.streamOpened();
            }
            updateLoad();
        }

        @Override
        public void onStreamClosed(Http2Stream stream) {
            updateLoad();
            Http2StreamSide side = stream.getProperty(sideKey);
            if (side != null) {
                side.onClosed();
            }
            leaveWhenDone();
            if (connection().numActiveStreams() == 0) {
                events.idle(Http2Link.this);
            }
        }
    }
}
