package dev.culvert.edge.tunnel;

import dev.culvert.edge.state.Directory;
import dev.culvert.transport.http2.Http2Link;
import dev.culvert.transport.http2.TunnelHeads;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sets up connections that connectors dial: TLS, then HTTP/2 with the edge as client. A connection
/// that ends after its handshake without a byte, as cloudflared's pre-checks do, is nothing to speak
/// of.
///
/// Thread-safe.
public final class TunnelListener extends ChannelInitializer<Channel> {
    private static final Logger log = LoggerFactory.getLogger(TunnelListener.class);
    private static final int HANDSHAKE_SECONDS = 10;

    private final Supplier<SslContext> tls;
    private final Supplier<Directory> directory;
    private final TunnelSettings settings;
    private final TunnelRegistry registry;

    public TunnelListener(
            Supplier<SslContext> tls,
            Supplier<Directory> directory,
            TunnelSettings settings,
            TunnelRegistry registry) {
        this.tls = tls;
        this.directory = directory;
        this.settings = settings;
        this.registry = registry;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        SslHandler handshake = tls.get().newHandler(channel.alloc());
        handshake.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
        TunnelSession session = new TunnelSession(directory, settings, registry, channel);
        session.started();
        channel.pipeline()
                .addLast(handshake)
                .addLast(Http2Link.client(new TunnelHeads(), settings.limits(), session))
                .addLast(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void exceptionCaught(
                                    ChannelHandlerContext ctx, Throwable cause) {
                                log.debug(
                                        "tunnel connection failed remote={} cause={}",
                                        ctx.channel().remoteAddress(),
                                        cause.toString());
                                ctx.close();
                            }
                        });
    }
}
