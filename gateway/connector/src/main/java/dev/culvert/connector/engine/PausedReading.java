package dev.culvert.connector.engine;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// Nothing is read before the pump is in place, or the origin's first bytes would be lost. Stateless;
/// a dialler that tries several addresses puts it into several channels.
@ChannelHandler.Sharable
final class PausedReading extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(false);
    }
}
