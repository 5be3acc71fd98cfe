package dev.culvert.transport.quic;

import dev.culvert.protocols.quic.Dialect;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.Carrier;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.DeadPeer;
import dev.culvert.transport.LoopCrossing;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.codec.quic.StreamRelease;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One QUIC connection (RFC 9000) that carries streams, at either end. The last handler of its channel's
/// pipeline.
///
/// | stream | opened by | served by |
/// | --- | --- | --- |
/// | control: bidirectional, number 0 | connector | [ControlStream] |
/// | data | edge | [OpenedStream] at the edge, [ServedStream] at the connector |
/// | configuration (RPC) | edge | [ConfigurationAsked] at the edge, [ConfigurationServed] at the connector |
/// | leaving: unidirectional, empty | connector of ours | none: it takes no more streams |
///
/// ### Life
///
/// handshake → ready → (draining: streams finish) → closed. The connection is given up when nothing has
/// arrived for the idle time; a quiet connector of ours sends a datagram now and then, as cloudflared does.
///
/// Confined to its channel's event loop, but for the methods that say otherwise.
public final class QuicLink extends ChannelInboundHandlerAdapter implements Carrier {
    private static final Logger log = LoggerFactory.getLogger(QuicLink.class);

    /// What somebody else's peer may still have under way when the last stream has ended here.
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final Duration ASK_ROUND_TRIP_EVERY = Duration.ofMillis(100);
    private static final Duration LOOK_FOR_RESETS_EVERY = Duration.ofMillis(250);
    private static final StreamRequest CONTROL_REQUEST =
            new StreamRequest(StreamKind.CONTROL, "GET", "culvert", "/", new HeaderList(0), false);

    private enum Role {
        EDGE,
        CONNECTOR
    }

    private final Role role;
    private final QuicLimits limits;
    private final StreamTarget target;
    private final CarrierEvents events;
    private final Set<ChannelHandler> streams = new HashSet<>();
    private final Set<QuicStreamSide> stopped = new HashSet<>();
    private @Nullable QuicChannel channel;
    private volatile @Nullable EventLoop loop;
    private @Nullable Dialect dialect;
    private @Nullable ControlStream control;
    private @Nullable StreamPeer controlUser;
    private volatile boolean open;
    private volatile int load;
    private long heardOnStreams;
    private long roundTrip;
    private long roundTripAsked = System.nanoTime() - ASK_ROUND_TRIP_EVERY.toNanos();
    private boolean ready;
    private boolean draining;
    private boolean looking;
    private boolean closed;

    private QuicLink(Role role, QuicLimits limits, StreamTarget target, CarrierEvents events) {
        this.role = role;
        this.limits = limits;
        this.target = target;
        this.events = events;
    }

    /// The edge's end: opens streams.
    public static QuicLink edge(QuicLimits limits, CarrierEvents events) {
        return new QuicLink(Role.EDGE, limits, QuicLink::refuseAll, events);
    }

    /// The connector's end: each stream of the edge, the control stream included, is opened to `target`.
    public static QuicLink connector(QuicLimits limits, StreamTarget target, CarrierEvents events) {
        return new QuicLink(Role.CONNECTOR, limits, target, events);
    }

    private static StreamPeer refuseAll(StreamRequest request, StreamPeer caller, EventLoop loop) {
        throw new IllegalStateException("connectors open no streams");
    }

    @Override
    public String protocol() {
        return "quic";
    }

    @Override
    public int load() {
        return load;
    }

    @Override
    public long heardOnStreams() {
        return heardOnStreams;
    }

    /// Something has come on a stream.
    void heard() {
        heardOnStreams++;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public EventLoop loop() {
        EventLoop known = loop;
        if (known == null) {
            throw new IllegalStateException("not yet part of a channel");
        }
        return known;
    }

    /// The shortest round trip there was, 0 while none is known. Asks for it again now and then.
    long roundTripNanos() {
        long now = System.nanoTime();
        if (now - roundTripAsked >= ASK_ROUND_TRIP_EVERY.toNanos()) {
            roundTripAsked = now;
            channel()
                    .collectPathStats(0)
                    .addListener((Future<QuicConnectionPathStats> stats) -> {
                        if (stats.isSuccess() && stats.getNow().rtt() > 0) {
                            long rtt = stats.getNow().rtt();
                            roundTrip = roundTrip == 0 ? rtt : Math.min(roundTrip, rtt);
                        }
                    });
        }
        return roundTrip;
    }

    StreamTarget target() {
        return target;
    }

    private QuicChannel channel() {
        QuicChannel known = channel;
        if (known == null) {
            throw new IllegalStateException("not yet part of a channel");
        }
        return known;
    }

    private Dialect dialect() {
        Dialect known = dialect;
        if (known == null) {
            throw new IllegalStateException("before the handshake");
        }
        return known;
    }

    // ---- opening

    @Override
    public StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop callerLoop) {
        EventLoop own = loop();
        if (callerLoop != own) {
            return LoopCrossing.open(request, caller, callerLoop, this, own);
        }
        assert own.inEventLoop();
        if (request.kind() == StreamKind.CONTROL) {
            return joinControl(caller);
        }
        if (!open) {
            return refused(caller, "the connection takes no more streams");
        }
        if (request.kind() == StreamKind.CONFIGURATION) {
            ConfigurationAsked asked = new ConfigurationAsked(this, caller);
            return opened(asked) ? asked.peer() : refused(caller, "no stream can be opened");
        }
        OpenedStream side = new OpenedStream(this, dialect(), request);
        if (!opened(side)) {
            return refused(caller, "no stream can be opened");
        }
        side.meet(caller);
        side.start();
        return side;
    }

    private boolean opened(ChannelHandler handler) {
        return created(QuicStreamType.BIDIRECTIONAL, handler) != null;
    }

    /// A stream, at once or never: the peer's limit of streams may be reached.
    private @Nullable QuicStreamChannel created(QuicStreamType type, ChannelHandler handler) {
        Future<QuicStreamChannel> created = channel().createStream(type, handler);
        return created.isSuccess() ? created.getNow() : null;
    }

    private StreamPeer refused(StreamPeer caller, String reason) {
        // Later: the caller is not told before this method has returned.
        loop().execute(() -> caller.reset(StreamFault.refused(reason)));
        return new DeadPeer(caller);
    }

    /// The edge's user of the control stream and the stream itself come in either order.
    private StreamPeer joinControl(StreamPeer caller) {
        controlUser = caller;
        ControlStream known = control;
        if (known == null) {
            known = new ControlStream(this);
            control = known;
        }
        known.meet(caller);
        return known;
    }

    /// A stream the peer has opened.
    void accepted(QuicStreamChannel stream) {
        if (stream.type() == QuicStreamType.UNIDIRECTIONAL) {
            // QUIC has no GOAWAY: that such a stream is there says all.
            StreamRelease.release(stream);
            leaving();
        } else if (role == Role.CONNECTOR) {
            stream.pipeline().addLast(new ServedStream(this, dialect()));
        } else if (stream.streamId() == 0) {
            ControlStream known = control;
            if (known == null) {
                known = new ControlStream(this);
                control = known;
            }
            stream.pipeline().addLast(known);
        } else {
            // cloudflared tells of UDP sessions that ended; there are none yet.
            log.debug("stream of the connector refused id={}", stream.streamId());
            stream.shutdown(0, stream.newPromise());
            StreamRelease.release(stream);
        }
    }

    /// The edge turned out to have opened an RPC stream.
    ///
    /// @param first what has arrived behind its preamble
    void becomeRpc(ServedStream served, ByteBuffer first) {
        byte[] bytes = new byte[first.remaining()];
        first.get(bytes);
        ConfigurationServed rpc = new ConfigurationServed(this);
        served.channel().pipeline().replace(served, null, rpc);
        left(served);
        rpc.receive(Unpooled.wrappedBuffer(bytes));
    }

    // ---- what streams say of themselves

    void joined(ChannelHandler stream) {
        if (!(stream instanceof ControlStream)) {
            streams.add(stream);
            updateLoad();
        }
    }

    void left(ChannelHandler stream) {
        if (stream instanceof QuicStreamSide side) {
            stopped.remove(side);
        }
        if (streams.remove(stream)) {
            updateLoad();
            leaveWhenDone();
        }
    }

    /// A stream's reader has stopped.
    void paused(QuicStreamSide side) {
        stopped.add(side);
        updateLoad();
        if (!looking) {
            looking = true;
            lookLater();
        }
    }

    void goesOn(QuicStreamSide side) {
        stopped.remove(side);
        updateLoad();
    }

    private void lookLater() {
        loop().schedule(
                        this::lookForResets,
                        LOOK_FOR_RESETS_EVERY.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void lookForResets() {
        new ArrayList<>(stopped).forEach(QuicStreamSide::lookForReset);
        looking = !stopped.isEmpty();
        if (looking) {
            lookLater();
        }
    }

    private void updateLoad() {
        load = streams.size() + 4 * stopped.size();
    }

    private void leaving() {
        open = false;
        events.goingAway(this);
    }

    // ---- the connection

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = (QuicChannel) ctx.channel();
        loop = ctx.channel().eventLoop();
        if (ctx.channel().isActive()) {
            started();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        started();
        ctx.fireChannelActive();
    }

    private void started() {
        SSLEngine tls = channel().sslEngine();
        Dialect agreed = tls == null ? null : Dialect.of(tls.getApplicationProtocol());
        if (ready || agreed == null) {
            return;
        }
        ready = true;
        dialect = agreed;
        open = !draining;
        if (role == Role.CONNECTOR) {
            openControl();
            if (agreed == Dialect.CULVERT) {
                keepAlive();
            }
        }
        events.ready(this);
    }

    private void openControl() {
        ControlStream side = new ControlStream(this);
        control = side;
        if (!opened(side)) {
            abort();
            return;
        }
        side.meet(target.open(CONTROL_REQUEST, side, loop()));
    }

    private void keepAlive() {
        loop().schedule(
                        () -> {
                            if (channel().isActive()) {
                                channel()
                                        .writeAndFlush(
                                                channel().alloc().directBuffer(1).writeByte(0));
                                keepAlive();
                            }
                        },
                        limits.keepAlive().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /// Streams go on to Netty, which hands them to [#accepted]; datagrams mean nothing yet.
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf datagram) {
            datagram.release();
        } else {
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof QuicConnectionCloseEvent close && log.isDebugEnabled()) {
            log.debug(
                    "connection closed by the peer remote={} code={} reason={}",
                    channel().remoteSocketAddress(),
                    close.error(),
                    new String(close.reason(), StandardCharsets.UTF_8));
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug(
                "connection failed remote={} cause={}",
                channel().remoteSocketAddress(),
                String.valueOf(cause));
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed();
        ctx.fireChannelInactive();
    }

    private void closed() {
        if (closed) {
            return;
        }
        closed = true;
        open = false;
        ControlStream known = control;
        if (known != null) {
            known.closed();
        }
        for (ChannelHandler stream : new ArrayList<>(streams)) {
            switch (stream) {
                case QuicStreamSide side -> side.closed();
                case ConfigurationAsked asked -> asked.closed();
                default -> {}
            }
        }
        streams.clear();
        stopped.clear();
        updateLoad();
        events.closed(this);
    }

    // ---- its end

    @Override
    public void drain(Duration deadline) {
        loop().execute(() -> {
            open = false;
            if (draining || closed) {
                return;
            }
            draining = true;
            if (role == Role.CONNECTOR && dialect == Dialect.CULVERT) {
                QuicStreamChannel goodbye =
                        created(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter());
                if (goodbye != null) {
                    goodbye.shutdownOutput();
                }
            }
            loop().schedule(this::close, deadline.toMillis(), TimeUnit.MILLISECONDS);
            leaveWhenDone();
        });
    }

    private void leaveWhenDone() {
        if (!draining || !streams.isEmpty() || closed) {
            return;
        }
        if (dialect == Dialect.CULVERT && control == null) {
            close();
        } else {
            loop().schedule(
                            () -> {
                                if (streams.isEmpty()) {
                                    close();
                                }
                            },
                            LINGER.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void abort() {
        loop().execute(() -> {
            open = false;
            close();
        });
    }

    /// The connector's end closes as a transport does, NO_ERROR, which means the same: after an application's close,
    /// quiche acknowledges without end, and keeps the loop, when it owes probes of a handshake that the other end
    /// has not confirmed yet. At the edge a handshake that is complete is confirmed.
    private void close() {
        channel().close(role == Role.EDGE, 0, Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void stopOpening() {
        open = false;
    }

    /// In QUIC no stream takes another's window by waiting to be sent.
    @Override
    public void peerRefillsItsWindow() {}
}
