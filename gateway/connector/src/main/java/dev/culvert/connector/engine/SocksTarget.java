package dev.culvert.connector.engine;

import dev.culvert.connector.destination.CheckedDialler;
import dev.culvert.plugin.DialSettings;
import dev.culvert.protocols.socks.SocksReply;
import dev.culvert.protocols.socks.SocksRequest;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.ChannelBytes;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service `socks-proxy`: takes every stream, then leads where its SOCKS5 request says, as far as
/// the rules permit.
///
/// Thread-safe.
final class SocksTarget implements StreamTarget {
    private static final Logger log = LoggerFactory.getLogger(SocksTarget.class);

    private final CheckedDialler dialler;
    private final DialSettings settings;

    SocksTarget(CheckedDialler dialler, DialSettings settings) {
        this.dialler = dialler;
        this.settings = settings;
    }

    @Override
    public StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop loop) {
        WaitingPeer waiting = new WaitingPeer(caller, request.endOfBody());
        loop.execute(() -> {
            if (waiting.isReset()) {
                return;
            }
            ByteHandshake handshake = ByteHandshake.of(request);
            WebSocketBridge bridge = new WebSocketBridge(caller, handshake.halfClose(), loop);
            bridge.meet(
                    new SocksPeer(
                            bridge,
                            (wanted, outcome) ->
                                    reach(wanted, outcome, bridge, handshake.halfClose(), loop),
                            () -> {},
                            loop));
            caller.response(handshake.accepted(), false);
            waiting.become(bridge);
            if (request.endOfBody()) {
                bridge.data(Unpooled.EMPTY_BUFFER, true);
            }
        });
        return waiting;
    }

    private void reach(
            SocksRequest request,
            SocksPeer.Outcome outcome,
            WebSocketBridge bridge,
            boolean halfClose,
            EventLoop loop) {
        Promise<Channel> dialled =
                dialler.dial(request.host(), request.port(), loop, new PausedReading());
        dialled.addListener(done -> {
            if (!done.isSuccess()) {
                OriginFailure failure = OriginErrors.failure(request, done.cause());
                log.info("origin not reached code={} detail={}", failure.code(), failure.detail());
                outcome.failed(reply(failure.code()), sentence(failure.code()));
                return;
            }
            Channel channel = dialled.getNow();
            Dialer.keepAlive(channel, settings.tcpKeepAlive());
            ChannelBytes socket = new ChannelBytes(channel, bridge.fromOrigin(), !halfClose);
            channel.pipeline().addLast(socket);
            outcome.reached(socket, () -> channel.config().setAutoRead(true));
        });
    }

    private static SocksReply reply(OriginFailure.Code code) {
        return switch (code) {
            case DENIED -> SocksReply.NOT_ALLOWED;
            case REFUSED -> SocksReply.CONNECTION_REFUSED;
            case UNKNOWN_NAME, TIMED_OUT, UNREACHABLE -> SocksReply.HOST_UNREACHABLE;
            case TLS, PROTOCOL, CLOSED, OVERLOADED, NOT_READY, DESTINATION ->
                    SocksReply.GENERAL_FAILURE;
        };
    }

    /// Says nothing of the network behind: the log does.
    private static String sentence(OriginFailure.Code code) {
        return switch (code) {
            case DENIED -> "The rules of this SOCKS service do not permit that destination.";
            case REFUSED -> "The destination refused the connection.";
            case UNKNOWN_NAME -> "The connector does not know the destination's name.";
            case TIMED_OUT -> "The destination did not answer in time.";
            case TLS, PROTOCOL, CLOSED, OVERLOADED, NOT_READY, DESTINATION, UNREACHABLE ->
                    "The destination cannot be reached.";
        };
    }
}
