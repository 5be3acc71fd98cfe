package dev.culvert.transport.http1;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.ChannelBytes;
import dev.culvert.transport.HeldBytes;
import dev.culvert.transport.HopByHop;
import dev.culvert.transport.MemoryBudget;
import dev.culvert.transport.PacedWriter;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One request of a client and its answer, as a side of a stream.
///
/// ### Framing of the answer (RFC 9112, section 6)
///
/// With `Content-Length` the answer has exactly that length: fewer bytes close the connection without
/// a proper end, more are cut. Without it the answer is chunked, or ends with the connection for an
/// HTTP/1.0 client. None of that for HEAD, 204, 205 and 304.
///
/// ### Interim answers (RFC 9110, sections 10.1.1 and 15.2)
///
/// Written as they come, to HTTP/1.1 clients only; 100 at most once, and not to a client that has begun
/// its body. A final answer to a client that still waits for its 100 ends the connection: whether a body
/// follows cannot be known.
///
/// Confined to its channel's event loop.
final class Http1Exchange implements StreamPeer {
    private static final int HIGH = ChannelBytes.HIGH;
    private static final int LINGER_SECONDS = 2;

    /// Interim answers are outside of all back-pressure.
    private static final int MAX_INTERIM = 64;

    private static final Predicate<String> LENGTH =
            Pattern.compile("[0-9]{1,18}").asMatchPredicate();

    private static final long HALF_CLOSED_MILLIS = 500;

    private final Http1Front front;
    private final Channel channel;
    private final HttpRequest request;
    private final PacedWriter writer;
    private boolean keepAlive;
    private final boolean trailersWanted;

    /// The client has announced a body and waits for our word to send it.
    private boolean expecting;

    private int interimAnswers;
    private @Nullable StreamPeer other;
    private @Nullable ChannelBytes raw;
    private boolean webSocket;
    private boolean requestComplete;
    private boolean responded;
    private boolean complete;
    private boolean bodyless;
    private boolean notRead;

    /// The stream has been reset, by us or by the other side.
    private boolean broken;

    /// The end of the answer has been given to the channel.
    private boolean lastWritten;

    /// The end of the request has been given to the other side.
    private boolean endSent;

    private long remaining = -1;
    private int unwritten;

    /// Changes whenever the client may have got something.
    private int progress;

    private final HeldBytes outstanding = new HeldBytes(MemoryBudget.process());

    Http1Exchange(Http1Front front, HttpRequest request) {
        this.front = front;
        this.channel = front.ctx().channel();
        this.request = request;
        this.keepAlive = HttpUtil.isKeepAlive(request);
        this.trailersWanted =
                request.headers()
                        .containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true);
        this.writer =
                new PacedWriter(
                        channel,
                        DefaultHttpContent::new,
                        written -> {
                            unwritten -= written;
                            progress++;
                            peer().credit(written);
                        });
    }

    boolean isUpgraded() {
        return raw != null;
    }

    boolean requestComplete() {
        return requestComplete;
    }

    // ---- from the client

    void open(StreamTarget target, StreamRequest head) {
        webSocket = head.kind() == StreamKind.WEBSOCKET;
        expecting = head.headers().hasToken("expect", "100-continue");
        other = target.open(head, this, channel.eventLoop());
        // A head without a body is followed by an empty end all the same, which `body` swallows.
        endSent = head.endOfBody();
    }

    /// @param trailers empty when there are none, or it is not the end
    void body(ByteBuf bytes, boolean last, HttpHeaders trailers) {
        requestComplete |= last;
        expecting = false;
        StreamPeer peer = other;
        if (peer == null || endSent || broken || notRead || webSocket) {
            bytes.release();
            if (lastWritten && last) {
                finish();
            }
            return;
        }
        int size = bytes.readableBytes();
        outstanding.add(size);
        if (outstanding.isFull(HIGH)) {
            channel.config().setAutoRead(false);
        }
        endSent = last;
        if (trailers.isEmpty()) {
            peer.data(bytes, last);
        } else {
            peer.data(bytes, false);
            HeaderList fields = new HeaderList(trailers.size());
            trailers.forEach(field -> fields.add(field.getKey(), field.getValue()));
            HopByHop.removeFromTrailers(fields);
            peer.trailers(fields);
        }
        if (lastWritten && last) {
            finish();
        }
    }

    /// The client is gone or has broken off.
    void gone(String why) {
        writer.discard();
        boolean streamOver = broken || (complete && (endSent || notRead));
        complete = true;
        StreamPeer peer = other;
        if (!streamOver && peer != null) {
            broken = true;
            outstanding.forget();
            peer.reset(StreamFault.cancelled(why));
        }
    }

    /// The client has ended its direction after its request. Most have gone altogether, which only a write
    /// would tell; an answer that neither waits to be read nor goes on is taken as abandoned.
    void halfClosed() {
        int before = progress;
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (complete || broken || raw != null) {
                                return;
                            }
                            if (progress == before && unwritten == 0) {
                                gone("the client closed before it was answered");
                                channel.close();
                            } else {
                                halfClosed();
                            }
                        },
                        HALF_CLOSED_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /// The body's framing is broken: what came of it must not pass for the whole.
    void badBody() {
        gone("the request's body is malformed");
        if (responded) {
            channel.close();
        } else {
            refuse(400, "The body of this request is malformed.");
        }
    }

    /// Answers without a stream and closes.
    void refuse(int status, String sentence) {
        responded = true;
        complete = true;
        broken = true;
        keepAlive = false;
        ByteBuf body = Unpooled.copiedBuffer(sentence + "\n", StandardCharsets.UTF_8);
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        channel.writeAndFlush(response).addListener(written -> linger());
    }

    // ---- to the client

    @Override
    public void informational(StreamResponse interim) {
        if (isOld() || raw != null || responded || complete || interimAnswers == MAX_INTERIM) {
            return;
        }
        if (interim.status() == 100) {
            if (!expecting) {
                return;
            }
            expecting = false;
        }
        HeaderList headers = interim.headers();
        HopByHop.remove(headers);
        HttpResponse head =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(interim.status()));
        try {
            headers.forEach((name, value) -> head.headers().add(name, value));
        } catch (IllegalArgumentException e) {
            // Only the final answer is owed.
            return;
        }
        interimAnswers++;
        progress++;
        channel.write(head);
        front.flushSoon();
    }

    private boolean isOld() {
        return request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    @Override
    public void response(StreamResponse response, boolean end) {
        if (raw != null || responded || complete) {
            return;
        }
        responded = true;
        progress++;
        if (response.status() == 101) {
            upgrade(response);
            return;
        }
        HttpResponse head;
        try {
            head = head(response);
        } catch (IllegalArgumentException e) {
            outstanding.forget();
            peer().reset(StreamFault.protocol("the answer's head is malformed"));
            refuse(502, "The answer's header is malformed.");
            return;
        }
        if (webSocket) {
            // Refused: nothing more comes from the client for this stream.
            endSent = true;
            peer().data(Unpooled.EMPTY_BUFFER, true);
        }
        bodyless =
                request.method().equals(HttpMethod.HEAD)
                        || response.status() == 204
                        || response.status() == 205
                        || response.status() == 304;
        if (expecting) {
            keepAlive = false;
        }
        if (!bodyless) {
            remaining = HttpUtil.getContentLength(head, -1L);
            if (remaining < 0) {
                if (end) {
                    head.headers().set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
                    remaining = 0;
                } else if (isOld()) {
                    keepAlive = false;
                } else {
                    head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
                }
            }
        }
        if (!keepAlive) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (isOld()) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        channel.write(head);
        front.flushSoon();
        if (end) {
            end(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    private static HttpResponse head(StreamResponse response) {
        HeaderList headers = response.headers();
        HopByHop.remove(headers);
        HttpResponse head =
                new DefaultHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
        headers.forEach((name, value) -> head.headers().add(name, value));
        List<String> lengths = head.headers().getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (lengths.size() > 1 || (lengths.size() == 1 && !LENGTH.test(lengths.getFirst()))) {
            throw new IllegalArgumentException("Content-Length");
        }
        return head;
    }

    /// Writes the 101 and swaps the codec for the raw stream in one task, or the first bytes of the
    /// origin would pass through the HTTP encoder.
    private void upgrade(StreamResponse response) {
        HttpResponse head = head(response);
        head.headers()
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        channel.write(head);
        channel.write(LastHttpContent.EMPTY_LAST_CONTENT);
        ChannelBytes bytes = new ChannelBytes(channel, peer(), true);
        raw = bytes;
        front.becomeRaw(bytes);
        front.flushSoon();
    }

    private StreamPeer peer() {
        StreamPeer peer = other;
        if (peer == null) {
            throw new IllegalStateException("answered before it was opened");
        }
        return peer;
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        if (raw != null) {
            raw.data(bytes, end);
            return;
        }
        int size = bytes.readableBytes();
        if (complete || bodyless || size == 0) {
            bytes.release();
            if (size > 0) {
                peer().credit(size);
            }
        } else {
            write(bytes, size);
        }
        if (end && !complete) {
            end(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    private void write(ByteBuf bytes, int size) {
        if (remaining >= 0) {
            if (size > remaining) {
                // What was promised is sent, the rest is cut.
                ByteBuf promised = bytes.readRetainedSlice((int) remaining);
                bytes.release();
                remaining = 0;
                broken = true;
                keepAlive = false;
                outstanding.forget();
                peer().reset(StreamFault.protocol("the answer is longer than its Content-Length"));
                unwritten += promised.readableBytes();
                writer.write(promised);
                end(LastHttpContent.EMPTY_LAST_CONTENT);
                return;
            }
            remaining -= size;
        }
        unwritten += size;
        writer.write(bytes);
    }

    @Override
    public void trailers(HeaderList trailers) {
        if (raw != null) {
            raw.trailers(trailers);
            return;
        }
        if (complete) {
            return;
        }
        if (!trailersWanted) {
            // RFC 9110, section 6.5.1: not to a client that has not said it reads them.
            end(LastHttpContent.EMPTY_LAST_CONTENT);
            return;
        }
        LastHttpContent last = new DefaultLastHttpContent();
        HopByHop.removeFromTrailers(trailers);
        try {
            trailers.forEach((name, value) -> last.trailingHeaders().add(name, value));
        } catch (IllegalArgumentException e) {
            last.trailingHeaders().clear();
        }
        end(last);
    }

    private void end(LastHttpContent last) {
        complete = true;
        if (webSocket && !endSent && !broken) {
            // The upgrade was refused: nothing more comes from the client on this stream.
            endSent = true;
            peer().data(Unpooled.EMPTY_BUFFER, true);
        }
        if (remaining > 0) {
            // The origin promised more: an orderly end would be a lie.
            afterLastByte(channel::close);
            return;
        }
        writer.afterAll(() -> {
            lastWritten = true;
            channel.write(last);
            front.flushSoon();
            if (requestComplete) {
                finish();
            } else if (notRead || !keepAlive) {
                afterLastByte(this::linger);
            }
        });
    }

    private void finish() {
        if (keepAlive) {
            front.next();
        } else {
            afterLastByte(this::linger);
        }
    }

    private void afterLastByte(Runnable action) {
        writer.afterAll(() ->
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> action.run()));
    }

    /// Sends our FIN and throws away what the client still sends, for a moment: closing with unread
    /// input would send a RST that may overtake the answer.
    private void linger() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
        channel.config().setAutoRead(true);
        if (requestComplete) {
            channel.eventLoop().schedule(() -> channel.close(), 100, TimeUnit.MILLISECONDS);
        } else {
            channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void reset(StreamFault fault) {
        outstanding.forget();
        if (raw != null) {
            raw.reset(fault);
            return;
        }
        if (fault.kind() == StreamFault.Kind.NOT_READ) {
            notRead = true;
            if (complete && !requestComplete) {
                afterLastByte(this::linger);
            }
            return;
        }
        boolean answered = complete;
        broken = true;
        if (answered) {
            if (fault.kind() == StreamFault.Kind.TIMED_OUT && unwritten > 0) {
                // Complete, but not taken.
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
                channel.close();
            } else if (!requestComplete) {
                // Nobody takes the rest of the request: as if it had not been read.
                afterLastByte(this::linger);
            }
            return;
        }
        complete = true;
        if (responded) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        } else {
            refuse(502, "The answer could not be had: " + fault.detail() + ".");
        }
    }

    @Override
    public void credit(int bytes) {
        if (raw != null) {
            raw.credit(bytes);
            return;
        }
        outstanding.credit(bytes);
        if (outstanding.hasRoom(HIGH) && !requestComplete && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
    }
}
