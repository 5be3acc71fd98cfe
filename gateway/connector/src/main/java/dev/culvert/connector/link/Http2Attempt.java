package dev.culvert.connector.link;

import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.http2.Http2Link;
import dev.culvert.transport.http2.LinkLimits;
import dev.culvert.transport.http2.TunnelHeads;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TCP, TLS, then HTTP/2 with us as the server.
///
/// Confined to its event loop.
final class Http2Attempt extends ChannelInitializer<Channel> implements LinkAttempt {
    private static final Logger log = LoggerFactory.getLogger(Http2Attempt.class);
    private static final LinkLimits LIMITS = LinkLimits.TUNNEL.withoutUnacknowledgedLimit();

    private static final Duration LAST_STREAMS_WITHIN = Duration.ofDays(7);

    /// Until then streams that the edge has opened before it heard that it should not have arrived.
    private static final Duration UNDER_WAY = Duration.ofSeconds(2);

    private final LinkSettings settings;
    private final EdgeAddress edge;
    private final Dialer dialer;
    private final EventLoop loop;
    private final Outcome outcome;
    private final Http2Link link;
    private @Nullable Channel channel;
    private boolean closed;

    Http2Attempt(
            LinkSettings settings,
            EdgeAddress edge,
            Dialer dialer,
            EventLoop loop,
            StreamTarget streams,
            CarrierEvents events,
            Outcome outcome) {
        this.settings = settings;
        this.edge = edge;
        this.dialer = dialer;
        this.loop = loop;
        this.outcome = outcome;
        this.link = Http2Link.server(new TunnelHeads(), LIMITS, streams, events);
    }

    @Override
    public void dial() {
        settings.edges()
                .open(dialer, edge, settings.registerWithin(), loop, this)
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        outcome.failed("the edge cannot be reached", done.cause(), true);
                    }
                });
    }

    @Override
    protected void initChannel(Channel socket) {
        if (closed) {
            socket.close();
            return;
        }
        channel = socket;
        SslHandler tls =
                settings.tls().newHandler(socket.alloc(), LinkSettings.SERVER_NAME, edge.port());
        tls.setHandshakeTimeout(settings.registerWithin().toMillis(), TimeUnit.MILLISECONDS);
        tls.handshakeFuture()
                .addListener(shaken -> {
                    if (!shaken.isSuccess()) {
                        outcome.failed("TLS with the edge failed", shaken.cause(), false);
                    }
                });
        socket.pipeline().addLast(tls, link, new Failures());
    }

    /// The last in the pipeline. [Outcome] learns of a failed handshake by its promise and of a broken
    /// carrier by its events; nobody needs Netty's own report with its stack.
    private static final class Failures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.debug(
                    "connection to the edge failed remote={} cause={}",
                    ctx.channel().remoteAddress(),
                    cause.toString());
            ctx.close();
        }
    }

    @Override
    public @Nullable SocketAddress local() {
        return channel == null ? null : channel.localAddress();
    }

    @Override
    public long heardOnStreams() {
        return link.heardOnStreams();
    }

    @Override
    public int openStreams() {
        return Math.max(0, link.load() - 1);
    }

    @Override
    public void leave() {
        link.announceLeaving();
        loop.schedule(
                () -> link.drain(LAST_STREAMS_WITHIN), UNDER_WAY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        closed = true;
        if (channel != null && channel.pipeline().context(link) != null) {
            link.abort();
        } else if (channel != null) {
            channel.close();
        }
    }
}
