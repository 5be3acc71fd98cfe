package dev.culvert.transport.quic;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/// A connector's unidirectional stream, empty: it takes no more streams. QUIC has no GOAWAY.
///
/// Confined to its connection's event loop.
final class LeavingStream extends ChannelInboundHandlerAdapter {
    private final QuicLink link;

    LeavingStream(QuicLink link) {
        this.link = link;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        link.leaving();
    }
}
