package dev.culvert.connector.engine;

import dev.culvert.transport.TurnFlush;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 connection to an origin: hands what it reads to the exchange that has it, and closes when
/// an idle one says anything or ends.
///
/// The channel does not close by itself when a write fails: an origin that has answered and closed makes
/// the rest of the request fail, and its answer may still be unread.
///
/// Confined to its channel's event loop.
final class HttpOriginChannel extends ChannelInboundHandlerAdapter {
    private final OriginResponseDecoder decoder = new OriginResponseDecoder();
    private final HttpRequestEncoder encoder = new HttpRequestEncoder();
    private @Nullable Channel channel;
    private @Nullable TurnFlush flush;
    private @Nullable HttpOriginExchange exchange;
    private @Nullable Future<?> idleDeadline;
    private @Nullable Runnable idleLost;
    private int served;
    private boolean closeNotified;

    /// Adds HTTP/1.1 to the end of the pipeline of a connected channel.
    void addTo(ChannelPipeline pipeline) {
        pipeline.channel().config().setAutoClose(false);
        pipeline.addLast(decoder, encoder, this);
    }

    /// Leaves HTTP: the codec and this handler go, `raw` takes over, with whatever came behind the head.
    void becomeRaw(ChannelInboundHandlerAdapter raw) {
        ChannelPipeline pipeline = channel().pipeline();
        pipeline.channel().config().setAutoClose(true);
        pipeline.addLast(raw);
        pipeline.remove(this);
        pipeline.remove(encoder);
        pipeline.remove(decoder);
    }

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

    /// @param head the request's method is HEAD
    void serve(HttpOriginExchange next, boolean head) {
        served++;
        exchange = next;
        decoder.expect(head);
    }

    /// The answer is complete.
    ///
    /// @return whether the connection can serve again: it is open and nothing came behind the answer
    boolean finish() {
        exchange = null;
        return decoder.finished() && channel().isActive();
    }

    /// Whether the end of the connection was said, and not made by somebody on the way: with TLS that
    /// takes a `close_notify` (RFC 8446, section 6.1).
    boolean isEndGenuine() {
        return closeNotified || channel().pipeline().get(SslHandler.class) == null;
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
        if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
            // Nothing comes any more, though the socket may stay open: some wait for ours first.
            closeNotified = true;
            ctx.close();
        } else if (event instanceof ChannelInputShutdownEvent) {
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
