package dev.culvert.connector.engine;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.http2.Http2Link;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/// One request to an origin that is asked for HTTP/2, and its answer. When the origin turns out to speak
/// HTTP/1.1 only, an [HttpOriginExchange] takes its place.
///
/// A stream that the origin says it has not processed (REFUSED_STREAM, or beyond the last stream of its
/// GOAWAY; RFC 9113, section 8.7) is tried again while no byte of its body has gone out, [#MAX_ATTEMPTS]
/// times in all. A stream lost with a connection that had served others is tried once more under the
/// rule for kept HTTP/1.1 connections.
///
/// Confined to the stream's event loop.
final class Http2OriginExchange implements StreamPeer, Http2Origins.Taker {
    private static final int MAX_ATTEMPTS = 3;

    private final HttpOriginTarget target;
    private final Http2Origins origins;
    private final OriginRequestHead head;
    private final String tlsName;
    private final StreamPeer caller;
    private final EventLoop loop;
    private final InterimAnswers interims;
    private WaitingPeer waiting;
    private @Nullable StreamPeer side;
    private @Nullable StreamPeer http1;
    private int attempts;
    private boolean retried;
    private boolean reused;
    private boolean bodySeen;
    private boolean bodySent;
    private boolean bodyEnded;
    private boolean responded;
    private boolean over;

    Http2OriginExchange(
            HttpOriginTarget target,
            Http2Origins origins,
            OriginRequestHead head,
            String tlsName,
            StreamPeer caller,
            EventLoop loop) {
        this.target = target;
        this.origins = origins;
        this.head = head;
        this.tlsName = tlsName;
        this.caller = caller;
        this.loop = loop;
        this.bodyEnded = head.request().endOfBody();
        this.waiting = new WaitingPeer(caller, bodyEnded);
        this.interims = new InterimAnswers(head, caller, loop, this::sendBody);
    }

    void start() {
        attempts++;
        origins.take(loop, tlsName, this);
    }

    private void sendBody() {
        StreamPeer open = side;
        if (open != null && !over) {
            bodySent |= bodySeen;
            waiting.become(open);
        }
    }

    // ---- from the connections

    @Override
    public boolean isGone() {
        return over;
    }

    @Override
    public void http2(Http2Link link, boolean wasUsed) {
        reused = wasUsed;
        FromOrigin attempt = new FromOrigin();
        try {
            StreamPeer opened = link.open(head.request(), attempt, loop);
            side = opened;
        } catch (IllegalArgumentException e) {
            String why = "the request cannot be written as HTTP/2";
            loop.execute(() -> fail(new OriginFailure(OriginFailure.Code.PROTOCOL, why)));
            return;
        }
        if (interims.mayBodyGo()) {
            sendBody();
        }
    }

    @Override
    public void http1(HttpOriginChannel channel) {
        if (head.isChunked() && !target.origin().chunkedRequests()) {
            target.idle().keep(channel, loop, tlsName);
            over = true;
            waiting.drop();
            HttpOriginTarget.lengthRequired(caller, loop);
            return;
        }
        try {
            HttpOriginExchange exchange =
                    new HttpOriginExchange(target, head, tlsName, caller, loop);
            http1 = exchange;
            exchange.start(channel);
            waiting.become(exchange);
        } catch (IllegalArgumentException e) {
            channel.close();
            String why = "the request cannot be written as HTTP/1.1";
            loop.execute(() -> fail(new OriginFailure(OriginFailure.Code.PROTOCOL, why)));
        }
    }

    @Override
    public void failed(Throwable cause) {
        OriginFailure failure = OriginErrors.failure(target.origin().endpoint(), cause);
        loop.execute(() -> fail(failure));
    }

    // ---- from the origin

    /// The far side of one attempt.
    private final class FromOrigin implements StreamPeer {
        @Override
        public void informational(StreamResponse interim) {
            String problem = interims.take(interim);
            if (problem != null) {
                abandon(OriginErrors.protocol(target.origin().endpoint(), problem));
            }
        }

        @Override
        public void response(StreamResponse response, boolean end) {
            responded = true;
            if (!interims.isBodyGoing()) {
                waiting.drop();
            }
            interims.stop();
            caller.response(response, end);
            if (end) {
                answered();
            }
        }

        @Override
        public void data(ByteBuf bytes, boolean end) {
            caller.data(bytes, end);
            if (end) {
                answered();
            }
        }

        @Override
        public void trailers(HeaderList trailers) {
            caller.trailers(trailers);
            answered();
        }

        @Override
        public void reset(StreamFault fault) {
            lost(fault);
        }

        @Override
        public void credit(int bytes) {
            caller.credit(bytes);
        }
    }

    /// The answer is complete: what of the request has not gone out will not be read.
    private void answered() {
        if (over) {
            return;
        }
        over = true;
        if (side != null && !(bodyEnded && interims.isBodyGoing())) {
            side.reset(StreamFault.cancelled("the answer is complete"));
        }
        if (!bodyEnded) {
            caller.reset(StreamFault.notRead());
        }
    }

    private void lost(StreamFault fault) {
        if (over) {
            return;
        }
        if (responded) {
            over = true;
            caller.reset(brokenOff(fault));
            return;
        }
        boolean refused = fault.kind() == StreamFault.Kind.REFUSED && attempts < MAX_ATTEMPTS;
        boolean stale =
                fault.kind() == StreamFault.Kind.CONNECTION_LOST
                        && reused
                        && !retried
                        && target.mayRepeat(head.request());
        if (!bodySent && (refused || stale)) {
            retried |= stale;
            side = null;
            if (interims.isBodyGoing()) {
                // What it waited for is gone; nothing but the body's end can have come.
                waiting = new WaitingPeer(caller, bodyEnded);
                if (bodyEnded && !head.request().endOfBody()) {
                    waiting.data(Unpooled.EMPTY_BUFFER, true);
                }
            }
            start();
            return;
        }
        fail(failure(fault));
    }

    /// Nobody but the origin cut the answer, whatever the code it used.
    private static StreamFault brokenOff(StreamFault fault) {
        return switch (fault.kind()) {
            case CANCELLED, REFUSED, NOT_READ ->
                    StreamFault.connectionLost("the origin broke off its answer");
            case CONNECTION_LOST, PROTOCOL, TIMED_OUT, INTERNAL -> fault;
        };
    }

    private OriginFailure failure(StreamFault fault) {
        String at = target.origin().endpoint() + ": ";
        return switch (fault.kind()) {
            case CONNECTION_LOST, CANCELLED, NOT_READ ->
                    OriginErrors.closed(target.origin().endpoint());
            case REFUSED ->
                    new OriginFailure(
                            OriginFailure.Code.CLOSED,
                            at + "refused the request: " + fault.detail());
            case TIMED_OUT -> new OriginFailure(OriginFailure.Code.TIMED_OUT, at + fault.detail());
            case PROTOCOL, INTERNAL ->
                    OriginErrors.protocol(target.origin().endpoint(), fault.detail());
        };
    }

    private void abandon(OriginFailure failure) {
        if (side != null) {
            side.reset(StreamFault.cancelled("the answer is refused"));
        }
        fail(failure);
    }

    private void fail(OriginFailure failure) {
        if (over) {
            return;
        }
        over = true;
        interims.stop();
        waiting.drop();
        caller.response(StreamResponse.failed(failure), true);
        if (!bodyEnded) {
            caller.reset(StreamFault.notRead());
        }
    }

    // ---- from the tunnel

    @Override
    public void response(StreamResponse response, boolean end) {
        throw new IllegalStateException("the tunnel opens streams, it does not answer them");
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        bodyEnded |= end;
        bodySeen |= bytes.isReadable();
        bodySent |= bodySeen && interims.isBodyGoing() && side != null;
        waiting.data(bytes, end);
    }

    @Override
    public void trailers(HeaderList trailers) {
        bodyEnded = true;
        bodySeen = true;
        bodySent |= interims.isBodyGoing() && side != null;
        waiting.trailers(trailers);
    }

    @Override
    public void reset(StreamFault fault) {
        over = true;
        interims.stop();
        if (http1 != null) {
            http1.reset(fault);
        } else if (side != null) {
            side.reset(fault);
        }
        waiting.drop();
    }

    @Override
    public void credit(int bytes) {
        if (http1 != null) {
            http1.credit(bytes);
        } else if (side != null) {
            side.credit(bytes);
        }
    }
}
