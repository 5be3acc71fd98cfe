package dev.culvert.connector.engine;

import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.FirstBytes;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.protocols.websocket.CloseCode;
import dev.culvert.protocols.websocket.Handshake;
import dev.culvert.transport.ChannelBytes;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens streams to a service of plain bytes: dials it, answers the WebSocket handshake once it is
/// connected, and pumps.
///
/// Thread-safe.
final class ByteOriginTarget implements StreamTarget {
    private static final Logger log = LoggerFactory.getLogger(ByteOriginTarget.class);

    private final ByteOrigin origin;
    private final Dialer dialer;

    ByteOriginTarget(ByteOrigin origin, Dialer dialer) {
        this.origin = origin;
        this.dialer = dialer;
    }

    @Override
    public StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop loop) {
        WaitingPeer waiting = new WaitingPeer(caller, request.endOfBody());
        Promise<Channel> dialled =
                OriginSocket.dial(dialer, origin.endpoint(), origin.dialling(), loop);
        waiting.onReset(() -> {
            if (!dialled.tryFailure(new java.util.concurrent.CancellationException())
                    && dialled.isSuccess()) {
                dialled.getNow().close();
            }
        });
        dialled.addListener(done -> {
            if (waiting.isReset()) {
                return;
            }
            if (done.isSuccess()) {
                connected(request, caller, waiting, dialled.getNow(), loop);
            } else {
                var failure = OriginErrors.failure(origin.endpoint(), done.cause());
                log.info("origin not reached code={} detail={}", failure.code(), failure.detail());
                waiting.drop();
                caller.response(StreamResponse.failed(failure), true);
                if (!waiting.isEnded()) {
                    caller.reset(StreamFault.notRead());
                }
            }
        });
        return waiting;
    }

    private void connected(
            StreamRequest request,
            StreamPeer caller,
            WaitingPeer waiting,
            Channel channel,
            EventLoop loop) {
        Dialer.keepAlive(channel, origin.dialling().tcpKeepAlive());
        boolean halfClose =
                request.headers().contains("sec-websocket-key")
                        && request.headers()
                                .hasToken("sec-websocket-protocol", Handshake.STREAM_SUBPROTOCOL);
        WebSocketBridge bridge = new WebSocketBridge(caller, halfClose, loop);
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
        ChannelBytes socket = new ChannelBytes(channel, toTunnel, !halfClose);
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
        bridge.meet(toOrigin);
        channel.pipeline().addLast(socket);
        caller.response(accepted(request, halfClose), false);
        waiting.become(bridge);
        if (request.endOfBody()) {
            bridge.data(Unpooled.EMPTY_BUFFER, true);
        }
        channel.config().setAutoRead(true);
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

    private static StreamResponse accepted(StreamRequest request, boolean halfClose) {
        HeaderList headers = new HeaderList(2);
        @Nullable String key = request.headers().first("sec-websocket-key");
        if (key == null) {
            return StreamResponse.of(200, headers);
        }
        headers.add("Sec-WebSocket-Accept", Handshake.accept(key));
        if (halfClose) {
            headers.add("Sec-WebSocket-Protocol", Handshake.STREAM_SUBPROTOCOL);
        }
        return StreamResponse.of(101, headers);
    }
}
