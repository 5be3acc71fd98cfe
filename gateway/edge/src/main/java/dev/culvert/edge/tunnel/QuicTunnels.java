package dev.culvert.edge.tunnel;

import dev.culvert.edge.state.Directory;
import dev.culvert.transport.quic.QuicLink;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import java.util.function.Supplier;

/// Sets up connections that connectors dial over QUIC. One that is closed after its handshake without a
/// stream, as cloudflared's pre-checks do, is nothing to speak of.
///
/// Thread-safe.
public final class QuicTunnels extends ChannelInitializer<QuicChannel> {
    private final Supplier<Directory> directory;
    private final TunnelSettings settings;
    private final TunnelRegistry registry;

    public QuicTunnels(
            Supplier<Directory> directory, TunnelSettings settings, TunnelRegistry registry) {
        this.directory = directory;
        this.settings = settings;
        this.registry = registry;
    }

    @Override
    protected void initChannel(QuicChannel channel) {
        TunnelSession session = new TunnelSession(directory, settings, registry, channel);
        session.started();
        channel.pipeline().addLast(QuicLink.edge(settings.quicLimits(), session));
    }
}
