package dev.culvert.transport.quic;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicStreamChannel;

/// Hands each stream the peer opens to its connection's [QuicLink]. Stateless.
@ChannelHandler.Sharable
final class AcceptedStreams extends ChannelInitializer<QuicStreamChannel> {
    static final AcceptedStreams INSTANCE = new AcceptedStreams();

    private AcceptedStreams() {}

    @Override
    protected void initChannel(QuicStreamChannel stream) {
        Channel connection = stream.parent();
        QuicLink link = connection.pipeline().get(QuicLink.class);
        if (link == null) {
            stream.close();
        } else {
            link.accepted(stream);
        }
    }
}
