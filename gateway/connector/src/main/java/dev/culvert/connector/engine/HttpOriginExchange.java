package dev.culvert.connector.engine;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.ChannelBytes;
import dev.culvert.transport.HeldBytes;
import dev.culvert.transport.MemoryBudget;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import org.jspecify.annotations.Nullable;

/// One request to an HTTP/1.1 origin and its answer.
///
/// A connection taken from the idle ones may have been closed by the origin in the same moment. Then,
/// for a method without side effects and without a body, the request is tried once more on a new
/// connection; nothing of an answer has been seen.
///
/// ### When the answer is first
///
/// The body is still sent while the answer comes. Once the answer is complete the rest of the body is
/// not read, which the caller is told, and the connection is closed: the origin would take what it has
/// of the body for the next request. An origin that closes before it has read everything makes writes
/// fail; the answer is read to its end all the same.
///
/// Confined to the stream's event loop.
final class HttpOriginExchange implements StreamPeer {
    private static final int HIGH = ChannelBytes.HIGH;

    private final HttpOriginTarget target;
    private final OriginRequestHead head;
    private final HttpRequest message;
    private final String tlsName;
    private final StreamPeer caller;
    private final EventLoop loop;
    private final WaitingPeer waiting;
    private final InterimAnswers interims;
    private final HeldBytes outstanding = new HeldBytes(MemoryBudget.process());
    private @Nullable HttpOriginChannel connection;
    private @Nullable OriginRequestBody body;
    private @Nullable Promise<OriginConnection> dialling;
    private @Nullable ChannelBytes raw;
    private @Nullable HttpResponse switching;
    private boolean retried;
    private boolean responded;
    private boolean over;
    private boolean keepAlive;
    private boolean interim;
    private boolean endsWithConnection;

    /// @param tlsName as [HttpOriginTarget#tlsName] says
    /// @throws IllegalArgumentException when HTTP/1.1 cannot carry the head
    HttpOriginExchange(
            HttpOriginTarget target,
            OriginRequestHead head,
            String tlsName,
            StreamPeer caller,
            EventLoop loop) {
        this.target = target;
        this.head = head;
        this.message = head.http1();
        this.tlsName = tlsName;
        this.caller = caller;
        this.loop = loop;
        this.waiting = new WaitingPeer(caller, head.request().endOfBody());
        this.interims = new InterimAnswers(head, caller, loop, this::sendBody);
    }

    private StreamRequest request() {
        return head.request();
    }

    /// @param connected a connection of this loop, or null to dial
    void start(@Nullable HttpOriginChannel connected) {
        if (connected != null) {
            connected(connected);
            return;
        }
        Promise<OriginConnection> dial = target.dial(tlsName, false, loop);
        dialling = dial;
        dial.addListener(done -> {
            dialling = null;
            if (done.isSuccess() && dial.getNow() instanceof OriginConnection.Http1 opened) {
                if (over) {
                    opened.channel().close();
                } else {
                    connected(opened.channel());
                }
            } else if (!over && done.cause() != null) {
                fail(OriginErrors.failure(target.origin().endpoint(), done.cause()));
            }
        });
    }

    private void connected(HttpOriginChannel channel) {
        connection = channel;
        channel.serve(this, request().method().equals("HEAD"));
        OriginRequestBody next =
                new OriginRequestBody(
                        channel, caller, head.bodyLength(), this::bodyBroken, this::reset);
        body = next;
        next.watch(channel.channel().write(message));
        if (!head.hasBody()) {
            next.none();
        }
        channel.flushSoon();
        if (interims.mayBodyGo()) {
            sendBody();
        }
    }

    private void sendBody() {
        OriginRequestBody next = body;
        if (next != null && !over && connection != null) {
            waiting.become(next);
        }
    }

    private void bodyBroken(String why) {
        if (over || connection == null) {
            return;
        }
        closeConnection();
        if (responded) {
            breakOff(StreamFault.protocol(why));
        } else {
            fail(new OriginFailure(OriginFailure.Code.PROTOCOL, why));
        }
    }

    // ---- from the origin

    void read(Object object) {
        if (object instanceof HttpResponse response) {
            onResponse(response);
        }
        if (object instanceof HttpContent content) {
            onContent(content);
        } else if (!(object instanceof HttpResponse)) {
            ReferenceCountUtil.release(object);
        }
    }

    private void onResponse(HttpResponse response) {
        if (over || connection == null) {
            return;
        }
        String problem = AnswerHead.problem(response);
        int status = response.status().code();
        if (problem == null && status == 101 && request().kind() != StreamKind.WEBSOCKET) {
            problem = "status 101 without being asked";
        }
        if (problem == null && status < 200 && status != 101) {
            interim = true;
            problem = interims.take(AnswerHead.read(response));
        } else {
            interim = false;
        }
        if (problem != null) {
            closeConnection();
            fail(OriginErrors.protocol(target.origin().endpoint(), problem));
            return;
        }
        if (interim) {
            return;
        }
        responded = true;
        if (!interims.isBodyGoing()) {
            waiting.drop();
        }
        interims.stop();
        if (status == 101) {
            switching = response;
            return;
        }
        keepAlive = HttpUtil.isKeepAlive(response);
        endsWithConnection = AnswerHead.endsWithConnection(response, request().method());
        caller.response(AnswerHead.read(response), false);
    }

    private void onContent(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        if (over || interim || switching != null || connection == null) {
            content.release();
            if (last && switching != null) {
                upgrade();
            }
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            HttpOriginChannel broken = connection;
            lost(content.decoderResult().cause());
            broken.leave();
            broken.close();
            return;
        }
        int size = content.content().readableBytes();
        outstanding.add(size);
        if (outstanding.isFull(HIGH) && !last) {
            connection.channel().config().setAutoRead(false);
        }
        if (!last) {
            caller.data(content.content(), false);
            return;
        }
        if (endsWithConnection && !connection.isEndGenuine()) {
            caller.data(content.content(), false);
            closeConnection();
            breakOff(StreamFault.connectionLost("the origin's TLS ended without a close_notify"));
            return;
        }
        over = true;
        HeaderList trailers = AnswerHead.trailers((LastHttpContent) content);
        if (trailers.isEmpty()) {
            caller.data(content.content(), true);
        } else {
            caller.data(content.content(), false);
            caller.trailers(trailers);
        }
        finished();
    }

    private void finished() {
        HttpOriginChannel done = connection;
        connection = null;
        OriginRequestBody sent = body;
        if (done == null || sent == null) {
            return;
        }
        if (done.finish() && keepAlive && !endsWithConnection && sent.isSent()) {
            target.idle().keep(done, loop, tlsName);
        } else {
            done.close();
        }
        sent.stop();
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
        HttpResponse response = switching;
        if (done == null || response == null) {
            return;
        }
        ChannelBytes bytes = new ChannelBytes(done.channel(), caller, true);
        raw = bytes;
        done.leave();
        // The head goes before any byte that the codec still holds and hands on when it is removed.
        caller.response(AnswerHead.read(response), false);
        done.becomeRaw(bytes);
    }

    /// The connection ended, or failed, before the answer was complete.
    void lost(@Nullable Throwable cause) {
        if (over || raw != null) {
            return;
        }
        HttpOriginChannel lost = connection;
        connection = null;
        if (body != null) {
            body.stop();
        }
        if (!responded
                && !retried
                && target.mayRepeat(request())
                && lost != null
                && lost.isReused()) {
            retried = true;
            start(null);
            return;
        }
        if (responded) {
            breakOff(StreamFault.connectionLost("the origin broke off its answer"));
            return;
        }
        fail(
                cause != null
                        ? OriginErrors.failure(target.origin().endpoint(), cause)
                        : OriginErrors.closed(target.origin().endpoint()));
    }

    private void breakOff(StreamFault fault) {
        over = true;
        interims.stop();
        outstanding.forget();
        waiting.drop();
        caller.reset(fault);
    }

    private void fail(OriginFailure failure) {
        over = true;
        interims.stop();
        waiting.drop();
        caller.response(StreamResponse.failed(failure), true);
        notReadUnlessEnded();
    }

    private void closeConnection() {
        HttpOriginChannel known = connection;
        connection = null;
        if (body != null) {
            body.stop();
        }
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
        return request().kind() == StreamKind.WEBSOCKET
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
        interims.stop();
        outstanding.forget();
        waiting.drop();
        closeConnection();
        if (dialling != null) {
            dialling.cancel(false);
        }
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
}
