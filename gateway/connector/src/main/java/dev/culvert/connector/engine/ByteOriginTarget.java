package dev.culvert.connector.engine;

import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.FirstBytes;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.protocols.websocket.CloseCode;
import dev.culvert.transport.ChannelBytes;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens streams to a service of plain bytes: dials it, answers the WebSocket handshake once it is
/// connected, and pumps.
///
/// Thread-safe.
final class ByteOriginTarget implements StreamTarget {
    private static final Logger log = LoggerFactory.getLogger(ByteOriginTarget.class);

    /// Opens the connection to the origin; the promise completes on `loop`.
    @FunctionalInterface
    interface Dialling {
        Promise<Channel> dial(EventLoop loop, ChannelHandler handler);
    }

    private final ByteOrigin origin;
    private final Dialling dialling;
    private final boolean socks;

    ByteOriginTarget(ByteOrigin origin, Dialer dialer, boolean socks) {
        this(
                origin,
                (loop, handler) ->
                        OriginSocket.dial(
                                dialer, origin.endpoint(), origin.dialling(), loop, handler),
                socks);
    }

    /// @param socks clients speak SOCKS5 first (`proxyType: socks`); wherever they ask to go, it is to this
    ///     origin
    ByteOriginTarget(ByteOrigin origin, Dialling dialling, boolean socks) {
        this.origin = origin;
        this.dialling = dialling;
        this.socks = socks;
    }

    @Override
    public StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop loop) {
        WaitingPeer waiting = new WaitingPeer(caller, request.endOfBody());
        Promise<Channel> dialled = dialling.dial(loop, new PausedReading());
        waiting.onReset(() -> {
            if (!dialled.tryFailure(new java.util.concurrent.CancellationException())
                    && dialled.isSuccess()) {
                dialled.getNow().close();
            }
        });
        // Later: a dial that failed at once would be told to a caller that does not have this side
        // yet.
        loop.execute(() ->
                dialled.addListener(done -> dialled(dialled, request, caller, waiting, loop)));
        return waiting;
    }

    private void dialled(
            Promise<Channel> dialled,
            StreamRequest request,
            StreamPeer caller,
            WaitingPeer waiting,
            EventLoop loop) {
        if (waiting.isReset()) {
            return;
        }
        if (dialled.isSuccess()) {
            connected(request, caller, waiting, dialled.getNow(), loop);
            return;
        }
        var failure = OriginErrors.failure(origin.endpoint(), dialled.cause());
        log.info("origin not reached code={} detail={}", failure.code(), failure.detail());
        waiting.drop();
        caller.response(StreamResponse.failed(failure), true);
        if (!waiting.isEnded()) {
            caller.reset(StreamFault.notRead());
        }
    }

    private void connected(
            StreamRequest request,
            StreamPeer caller,
            WaitingPeer waiting,
            Channel channel,
            EventLoop loop) {
        Dialer.keepAlive(channel, origin.dialling().tcpKeepAlive());
        ByteHandshake handshake = ByteHandshake.of(request);
        WebSocketBridge bridge = new WebSocketBridge(caller, handshake.halfClose(), loop);
        StreamPeer toTunnel = bridge.fromOrigin();
        FirstBytes originFirst = origin.originFirst();
        if (originFirst != null) {
            toTunnel =
                    inspected(
                            toTunnel,
                            originFirst,
                            bridge,
                            channel,
                            loop,
                            CloseCode.BAD_GATEWAY,
                            size -> {});
        }
        ChannelBytes socket = new ChannelBytes(channel, toTunnel, !handshake.halfClose());
        StreamPeer toOrigin = socket;
        FirstBytes clientFirst = origin.clientFirst();
        if (clientFirst != null) {
            toOrigin =
                    inspected(
                            socket,
                            clientFirst,
                            bridge,
                            channel,
                            loop,
                            CloseCode.POLICY_VIOLATION,
                            caller::credit);
        }
        Runnable read = () -> channel.config().setAutoRead(true);
        bridge.meet(socks ? afterSocks(toOrigin, read, bridge, channel, loop) : toOrigin);
        channel.pipeline().addLast(socket);
        caller.response(handshake.accepted(), false);
        waiting.become(bridge);
        if (request.endOfBody()) {
            bridge.data(Unpooled.EMPTY_BUFFER, true);
        }
        if (!socks) {
            read.run();
        }
    }

    private StreamPeer afterSocks(
            StreamPeer toOrigin,
            Runnable read,
            WebSocketBridge bridge,
            Channel channel,
            EventLoop loop) {
        return new SocksPeer(
                bridge,
                (wanted, outcome) -> {
                    log.debug("SOCKS asks for {} and gets {}", wanted, origin.endpoint());
                    outcome.reached(toOrigin, read);
                },
                channel::close,
                loop);
    }

    private StreamPeer inspected(
            StreamPeer next,
            FirstBytes inspector,
            WebSocketBridge bridge,
            Channel channel,
            EventLoop loop,
            int closeCode,
            IntConsumer dropped) {
        InspectedPeer inspected =
                new InspectedPeer(
                        next,
                        inspector,
                        loop,
                        summary ->
                                log.debug(
                                        "stream recognised origin={} {}",
                                        origin.endpoint(),
                                        summary),
                        reason -> {
                            log.info(
                                    "stream refused origin={} reason={}",
                                    origin.endpoint(),
                                    reason);
                            bridge.closeWith(closeCode, reason);
                            channel.close();
                        },
                        dropped);
        channel.closeFuture().addListener(closed -> inspected.stop());
        return inspected;
    }
}
