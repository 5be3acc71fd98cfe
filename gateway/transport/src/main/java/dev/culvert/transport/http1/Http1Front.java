package dev.culvert.transport.http1;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.TurnFlush;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One HTTP/1.1 connection of a client: requests in turn, each opened as a stream to the target.
///
/// Pipelined requests wait (what one read brought; reading stops meanwhile) until the answer before
/// them is complete. A WebSocket upgrade ends HTTP on the connection: from its 101 on the bytes are
/// the stream's.
///
/// Confined to its channel's event loop.
public final class Http1Front extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Http1Front.class);
    private static final String CODEC = "http1";
    private static final HttpRequest NO_REQUEST =
            new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");

    private final StreamTarget target;
    private final Http1Limits limits;
    private final StrictRequestDecoder decoder;
    private final Queue<Object> waiting = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private @Nullable TurnFlush flush;
    private @Nullable Http1Exchange current;
    private @Nullable Future<?> requestDeadline;
    private boolean inputEnded;

    private Http1Front(StreamTarget target, Http1Limits limits, HttpDecoderConfig config) {
        this.target = target;
        this.limits = limits;
        this.decoder = new StrictRequestDecoder(config, this::headBegun);
    }

    /// Adds HTTP/1.1 to the end of a pipeline.
    public static void addTo(ChannelPipeline pipeline, StreamTarget target, Http1Limits limits) {
        HttpDecoderConfig config =
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(limits.requestLineBytes())
                        .setMaxHeaderSize(limits.headerBytes())
                        .setMaxChunkSize(64 * 1024)
                        .setStrictLineParsing(true)
                        .setUseRfc9112TransferEncoding(true)
                        .setAllowDuplicateContentLengths(false)
                        .setValidateHeaders(true);
        Http1Front front = new Http1Front(target, limits, config);
        pipeline.addLast(
                CODEC,
                new CombinedChannelDuplexHandler<>(front.decoder, new HttpResponseEncoder()));
        pipeline.addLast(front);
    }

    ChannelHandlerContext ctx() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not yet part of a channel");
        }
        return ctx;
    }

    void flushSoon() {
        if (flush != null) {
            flush.schedule();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        flush = new TurnFlush(ctx.channel());
        awaitRequest();
    }

    private void awaitRequest() {
        if (decoder.isHeadUnderWay()) {
            headBegun();
        } else {
            deadline(limits.requestWithin(), () -> ctx().close());
        }
    }

    /// A peer that sends its header a byte at a time is not waited for.
    private void headBegun() {
        if (current == null) {
            deadline(limits.headWithin(), this::headTooSlow);
        }
    }

    private void headTooSlow() {
        Http1Exchange exchange = new Http1Exchange(this, NO_REQUEST);
        current = exchange;
        exchange.refuse(
                408,
                "The header of this request was not complete within "
                        + limits.headWithin().toSeconds()
                        + " seconds.");
    }

    private void deadline(Duration time, Runnable action) {
        requestArrived();
        requestDeadline =
                ctx().channel()
                        .eventLoop()
                        .schedule(
                                () -> {
                                    if (current == null) {
                                        action.run();
                                    }
                                },
                                time.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    private void requestArrived() {
        if (requestDeadline != null) {
            requestDeadline.cancel(false);
            requestDeadline = null;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Http1Exchange exchange = current;
        if (exchange != null && exchange.isUpgraded()) {
            ctx.fireChannelRead(message);
        } else if (!waiting.isEmpty() || (exchange != null && exchange.requestComplete())) {
            waiting.add(message);
            ctx.channel().config().setAutoRead(false);
        } else {
            handle(message);
        }
    }

    private void handle(Object message) {
        if (message instanceof HttpRequest request) {
            begin(request);
        } else if (message instanceof HttpContent content) {
            Http1Exchange exchange = current;
            if (exchange == null) {
                content.release();
            } else if (content.decoderResult().isFailure()) {
                content.release();
                exchange.badBody();
            } else {
                exchange.body(
                        content.content(),
                        content instanceof LastHttpContent,
                        content instanceof LastHttpContent last
                                ? last.trailingHeaders()
                                : EmptyHttpHeaders.INSTANCE);
            }
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(HttpRequest request) {
        requestArrived();
        Http1Exchange exchange = new Http1Exchange(this, request);
        current = exchange;
        StreamRequest head;
        try {
            checkDecoded(request);
            head = RequestReader.read(request);
        } catch (RefusedRequestException e) {
            exchange.refuse(e.status(), e.sentence());
            return;
        } catch (ProtocolException e) {
            exchange.refuse(400, "Bad request: " + e.getMessage() + ".");
            return;
        }
        exchange.open(target, head);
    }

    private void checkDecoded(HttpRequest request) {
        DecoderResult decoded = request.decoderResult();
        if (decoded.isSuccess()) {
            if (request.headers().size() > limits.fields()) {
                throw new RefusedRequestException(
                        431, "There are more than " + limits.fields() + " header fields.");
            }
            return;
        }
        throw switch (decoded.cause()) {
            case RefusedRequestException refused -> refused;
            case TooLongHttpLineException _ ->
                    new RefusedRequestException(
                            414,
                            "The address is longer than " + limits.requestLineBytes() + " bytes.");
            case TooLongHttpHeaderException _ ->
                    new RefusedRequestException(
                            431,
                            "The header fields are longer than "
                                    + limits.headerBytes()
                                    + " bytes.");
            default -> new RefusedRequestException(400, "This is not a valid HTTP request.");
        };
    }

    /// The answer is complete; the connection goes on.
    void next() {
        current = null;
        while (current == null && !waiting.isEmpty()) {
            handle(waiting.remove());
            // The rest of that request's body.
            while (current != null && !current.requestComplete() && !waiting.isEmpty()) {
                handle(waiting.remove());
            }
        }
        if (waiting.isEmpty() && !ctx().channel().config().isAutoRead()) {
            ctx().channel().config().setAutoRead(true);
        }
        if (current == null) {
            if (inputEnded) {
                // Behind the answer, which is written but not yet flushed.
                ctx().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            } else {
                awaitRequest();
            }
        }
    }

    /// Leaves HTTP: the codec and this handler go, `raw` takes over. The 101 has been written.
    void becomeRaw(ChannelHandler raw) {
        requestArrived();
        ChannelPipeline pipeline = ctx().pipeline();
        pipeline.addLast(raw);
        pipeline.remove(CODEC);
        // What came behind the request, against the rules, is not forwarded.
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        pipeline.remove(this);
        pipeline.channel().config().setAutoRead(true);
        if (inputEnded) {
            // It came before the upgrade; the stream has not seen it.
            pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (current == null) {
                ctx.close();
            } else if (!current.requestComplete()) {
                current.gone("the client closed before its request was complete");
                ctx.close();
            } else {
                current.halfClosed();
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        requestArrived();
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        if (current != null) {
            current.gone("the client went away");
            current = null;
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            log.debug(
                    "client connection failed remote={} cause={}",
                    ctx.channel().remoteAddress(),
                    cause.toString());
        } else {
            log.debug("client connection failed remote={}", ctx.channel().remoteAddress(), cause);
        }
        if (current != null) {
            current.gone(String.valueOf(cause.getMessage()));
        }
        ctx.close();
    }
}
