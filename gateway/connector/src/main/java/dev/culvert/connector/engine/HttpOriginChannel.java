package dev.culvert.connector.engine;

import dev.culvert.transport.TurnFlush;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A connection to an HTTP origin: hands what it reads to the exchange that has it, and closes when an
/// idle one says anything or ends.
///
/// Confined to its channel's event loop.
final class HttpOriginChannel extends ChannelInboundHandlerAdapter {
    private @Nullable Channel channel;
    private @Nullable TurnFlush flush;
    private @Nullable HttpOriginExchange exchange;
    private @Nullable Future<?> idleDeadline;
    private @Nullable Runnable idleLost;
    private int served;

    Channel channel() {
        Channel known = channel;
        if (known == null) {
            throw new IllegalStateException("not yet connected");
        }
        return known;
    }

    /// True when earlier exchanges used this connection.
    boolean isReused() {
        return served > 1;
    }

    void serve(HttpOriginExchange next) {
        served++;
        exchange = next;
    }

    void flushSoon() {
        if (flush != null) {
            flush.schedule();
        }
    }

    /// The exchange has no more to do with this connection.
    void leave() {
        exchange = null;
    }

    void enterIdle(Future<?> deadline, Runnable lost) {
        exchange = null;
        idleDeadline = deadline;
        idleLost = lost;
        channel().config().setAutoRead(true);
    }

    /// @return false when it was closed meanwhile
    boolean leaveIdle() {
        if (idleDeadline != null) {
            idleDeadline.cancel(false);
        }
        idleDeadline = null;
        idleLost = null;
        return channel().isActive();
    }

    void close() {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        flush = new TurnFlush(ctx.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        HttpOriginExchange current = exchange;
        if (current != null) {
            current.read(message);
        } else {
            ReferenceCountUtil.release(message);
            ctx.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ended(ctx, null);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended(ctx, null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ended(ctx, cause);
    }

    private void ended(ChannelHandlerContext ctx, @Nullable Throwable cause) {
        HttpOriginExchange current = exchange;
        exchange = null;
        if (current != null) {
            // A body without a length ends with the connection: the decoder says so first.
            current.lost(cause);
        } else if (idleLost != null) {
            idleLost.run();
            idleLost = null;
        }
        ctx.close();
    }
}
