package dev.culvert.connector.engine;

import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.ProxiedHttpOrigin;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.ChannelBytes;
import dev.culvert.transport.HeldBytes;
import dev.culvert.transport.HopByHop;
import dev.culvert.transport.MemoryBudget;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request to an HTTP origin and its answer.
///
/// A connection taken from the idle ones may have been closed by the origin in the same moment. Then,
/// for a method without side effects and without a body, the request is tried once more on a new
/// connection; nothing of an answer has been seen.
///
/// Confined to the stream's event loop.
final class HttpOriginExchange implements StreamPeer {
    private static final int HIGH = ChannelBytes.HIGH;

    private final HttpOriginTarget target;
    private final StreamRequest request;
    private final StreamPeer caller;
    private final EventLoop loop;
    private final WaitingPeer waiting;
    private @Nullable HttpOriginChannel connection;
    private @Nullable ChannelBytes raw;
    private boolean retried;
    private boolean requestSent;
    private boolean responded;
    private boolean over;
    private boolean keepAlive;
    private boolean switching;
    private boolean interim;
    private @Nullable HttpResponse switched;
    private final HeldBytes outstanding = new HeldBytes(MemoryBudget.process());

    HttpOriginExchange(
            HttpOriginTarget target, StreamRequest request, StreamPeer caller, EventLoop loop) {
        this.target = target;
        this.request = request;
        this.caller = caller;
        this.loop = loop;
        this.waiting = new WaitingPeer(caller, request.endOfBody());
    }

    /// @param idle an idle connection, or null to dial
    void start(@Nullable HttpOriginChannel idle) {
        try {
            head();
        } catch (IllegalArgumentException e) {
            // HTTP/2 carries heads that HTTP/1.1 cannot, such as a path with a space in it.
            if (idle != null) {
                idle.close();
            }
            loop.execute(() ->
                    fail(
                            new OriginFailure(
                                    OriginFailure.Code.PROTOCOL,
                                    "the request cannot be written as HTTP/1.1")));
            return;
        }
        if (idle != null) {
            connected(idle);
            return;
        }
        target.dial(request, loop)
                .addListener(done -> {
                    if (done.isSuccess()) {
                        HttpOriginChannel channel = (HttpOriginChannel) done.getNow();
                        if (over) {
                            channel.close();
                        } else {
                            connected(channel);
                        }
                    } else if (!over) {
                        fail(OriginErrors.failure(target.origin().endpoint(), done.cause()));
                    }
                });
    }

    private void connected(HttpOriginChannel channel) {
        connection = channel;
        channel.serve(this);
        channel.channel().write(head());
        requestSent = request.endOfBody() || request.kind() == StreamKind.WEBSOCKET;
        if (requestSent) {
            channel.channel().write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        channel.flushSoon();
        waiting.become(new Body());
    }

    private HttpRequest head() {
        ProxiedHttpOrigin origin = target.origin();
        HttpRequest head =
                new DefaultHttpRequest(
                        HttpVersion.HTTP_1_1, HttpMethod.valueOf(request.method()), request.path());
        HeaderList headers = request.headers().copy();
        HopByHop.remove(headers);
        headers.remove("host");
        String host = origin.hostHeader();
        if (host != null) {
            headers.set("X-Forwarded-Host", request.authority());
        } else {
            host = request.authority();
        }
        if (host.isEmpty() && origin.endpoint() instanceof Endpoint.Tcp tcp) {
            host = tcp.toString();
        }
        head.headers().set(HttpHeaderNames.HOST, host);
        headers.forEach((name, value) -> head.headers().add(name, value));
        if (request.kind() == StreamKind.WEBSOCKET) {
            // A length would make the origin take the next request for a body, had it kept the
            // connection.
            head.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
            head.headers()
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
        } else if (!request.endOfBody() && !headers.contains("content-length")) {
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return head;
    }

    // ---- from the origin

    void read(Object message) {
        if (message instanceof HttpResponse response) {
            onResponse(response);
        }
        if (message instanceof HttpContent content) {
            onContent(content);
        } else if (!(message instanceof HttpResponse)) {
            ReferenceCountUtil.release(message);
        }
    }

    private void onResponse(HttpResponse response) {
        if (response.decoderResult().isFailure()) {
            closeConnection();
            fail(
                    new OriginFailure(
                            OriginFailure.Code.PROTOCOL,
                            target.origin().endpoint() + ": not a valid HTTP response"));
            return;
        }
        int status = response.status().code();
        if (status < 200 && status != 101) {
            interim = true;
            return;
        }
        interim = false;
        responded = true;
        if (status == 101) {
            if (request.kind() != StreamKind.WEBSOCKET) {
                fail(
                        new OriginFailure(
                                OriginFailure.Code.PROTOCOL,
                                target.origin().endpoint() + ": status 101 without being asked"));
                closeConnection();
                return;
            }
            switching = true;
            switched = response;
            return;
        }
        keepAlive = HttpUtil.isKeepAlive(response);
        caller.response(StreamResponse.of(status, headers(response)), false);
    }

    private static HeaderList headers(HttpResponse response) {
        HeaderList headers = new HeaderList(response.headers().size());
        for (Map.Entry<String, String> field : response.headers()) {
            headers.add(field.getKey(), field.getValue());
        }
        HopByHop.remove(headers);
        return headers;
    }

    private void onContent(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        if (over || interim) {
            content.release();
            return;
        }
        if (switching) {
            content.release();
            if (last) {
                upgrade();
            }
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            HttpOriginChannel broken = connection;
            lost(content.decoderResult().cause());
            if (broken != null) {
                broken.leave();
                broken.close();
            }
            return;
        }
        int size = content.content().readableBytes();
        outstanding.add(size);
        if (outstanding.isFull(HIGH) && !last) {
            channel().config().setAutoRead(false);
        }
        if (last) {
            over = true;
            HeaderList trailers = new HeaderList(2);
            for (var field : ((LastHttpContent) content).trailingHeaders()) {
                trailers.add(field.getKey(), field.getValue());
            }
            if (trailers.isEmpty()) {
                caller.data(content.content(), true);
            } else {
                caller.data(content.content(), false);
                caller.trailers(trailers);
            }
            finished();
        } else {
            caller.data(content.content(), false);
        }
    }

    private void finished() {
        HttpOriginChannel done = connection;
        connection = null;
        if (done == null) {
            return;
        }
        done.leave();
        if (requestSent && keepAlive && done.channel().isActive()) {
            target.release(done, loop);
        } else {
            done.close();
        }
        notReadUnlessEnded();
    }

    /// A caller that has its answer and still has something to send, a WebSocket's among them, is told
    /// that nobody reads it.
    private void notReadUnlessEnded() {
        if (!waiting.isEnded()) {
            caller.reset(StreamFault.notRead());
        }
    }

    /// The origin accepted the WebSocket: from here on the connection's bytes are the stream's.
    private void upgrade() {
        HttpOriginChannel done = connection;
        HttpResponse response = switched;
        if (done == null || response == null) {
            return;
        }
        Channel channel = done.channel();
        ChannelBytes bytes = new ChannelBytes(channel, caller, true);
        raw = bytes;
        done.leave();
        // The head goes before any byte that the codec still holds and hands on when it is removed.
        caller.response(StreamResponse.of(101, headers(response)), false);
        channel.pipeline().addLast(bytes);
        channel.pipeline().remove(done);
        channel.pipeline().remove(HttpClientCodec.class);
    }

    /// The connection ended, or failed, before the answer was complete.
    void lost(@Nullable Throwable cause) {
        if (over || raw != null) {
            return;
        }
        HttpOriginChannel lost = connection;
        connection = null;
        boolean safe =
                switch (request.method()) {
                    case "GET", "HEAD", "OPTIONS" -> request.endOfBody();
                    default -> false;
                };
        if (!responded && !retried && safe && lost != null && lost.isReused()) {
            retried = true;
            start(null);
            return;
        }
        if (responded) {
            over = true;
            outstanding.forget();
            caller.reset(StreamFault.connectionLost("the origin broke off its answer"));
            return;
        }
        fail(
                cause != null
                        ? OriginErrors.failure(target.origin().endpoint(), cause)
                        : new OriginFailure(
                                OriginFailure.Code.CLOSED,
                                target.origin().endpoint() + ": closed without an answer"));
    }

    private void fail(OriginFailure failure) {
        over = true;
        waiting.drop();
        caller.response(StreamResponse.failed(failure), true);
        notReadUnlessEnded();
    }

    private Channel channel() {
        HttpOriginChannel known = connection;
        if (known == null) {
            throw new IllegalStateException("no connection");
        }
        return known.channel();
    }

    private void closeConnection() {
        HttpOriginChannel known = connection;
        connection = null;
        if (known != null) {
            known.leave();
            known.close();
        }
    }

    // ---- from the tunnel

    @Override
    public void response(StreamResponse response, boolean end) {
        throw new IllegalStateException("the tunnel opens streams, it does not answer them");
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        if (raw != null) {
            raw.data(bytes, end);
        } else if (leavesBeforeAnswer(bytes, end)) {
            bytes.release();
            StreamFault left =
                    StreamFault.cancelled("the client left before the WebSocket was open");
            reset(left);
            caller.reset(left);
        } else {
            waiting.data(bytes, end);
        }
    }

    /// The end of a WebSocket's request. Once a refusal has begun it means only that the client has
    /// nothing to say to it, and the rest of the refusal is still wanted.
    private boolean leavesBeforeAnswer(ByteBuf bytes, boolean end) {
        return request.kind() == StreamKind.WEBSOCKET
                && end
                && !bytes.isReadable()
                && !responded
                && !over;
    }

    @Override
    public void trailers(HeaderList trailers) {
        if (raw != null) {
            raw.trailers(trailers);
        } else {
            waiting.trailers(trailers);
        }
    }

    @Override
    public void reset(StreamFault fault) {
        if (raw != null) {
            raw.reset(fault);
            return;
        }
        over = true;
        outstanding.forget();
        waiting.drop();
        closeConnection();
    }

    @Override
    public void credit(int bytes) {
        if (raw != null) {
            raw.credit(bytes);
            return;
        }
        outstanding.credit(bytes);
        HttpOriginChannel known = connection;
        if (known != null && outstanding.hasRoom(HIGH) && !known.channel().config().isAutoRead()) {
            known.channel().config().setAutoRead(true);
        }
    }

    /// The request's body on its way to the origin.
    private final class Body implements StreamPeer {
        @Override
        public void response(StreamResponse response, boolean end) {
            throw new IllegalStateException("a body has no head");
        }

        @Override
        public void data(ByteBuf bytes, boolean end) {
            HttpOriginChannel open = connection;
            int size = bytes.readableBytes();
            if (open == null || requestSent) {
                bytes.release();
                caller.credit(size);
                return;
            }
            requestSent = end;
            if (size > 0) {
                open.channel()
                        .write(new DefaultHttpContent(bytes))
                        .addListener(written -> caller.credit(size));
            } else {
                bytes.release();
            }
            if (end) {
                open.channel().write(LastHttpContent.EMPTY_LAST_CONTENT);
            }
            open.flushSoon();
        }

        @Override
        public void trailers(HeaderList trailers) {
            HttpOriginChannel open = connection;
            if (open == null || requestSent) {
                return;
            }
            requestSent = true;
            LastHttpContent last = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
            try {
                // Content-Length, for one, may not stand here (RFC 9110, section 6.5.1).
                trailers.forEach((name, value) -> last.trailingHeaders().add(name, value));
            } catch (IllegalArgumentException e) {
                // The body's end goes out in any case: without it the next request on this
                // connection would be taken for more of this one.
                last.trailingHeaders().clear();
            }
            open.channel().write(last);
            open.flushSoon();
        }

        @Override
        public void reset(StreamFault fault) {
            HttpOriginExchange.this.reset(fault);
        }

        @Override
        public void credit(int bytes) {}
    }
}
