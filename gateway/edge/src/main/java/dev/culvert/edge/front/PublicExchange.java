package dev.culvert.edge.front;

import dev.culvert.edge.admission.Admission;
import dev.culvert.edge.admission.Grant;
import dev.culvert.edge.admission.Visitor;
import dev.culvert.edge.state.Route;
import dev.culvert.edge.tunnel.TunnelConnection;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.DeadPeer;
import dev.culvert.transport.LogThrottle;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One public request on its way: stands between the client's side and the tunnel's stream, turns
/// failures into answers, and tries another connection when one refused the stream before anything of
/// it was done and the request has no body.
///
/// Confined to the client's event loop.
final class PublicExchange implements StreamPeer {
    private static final Logger log = LoggerFactory.getLogger("dev.culvert.edge.requests");
    private static final int MAX_ATTEMPTS = 3;

    /// A WebSocket that is ended may finish its frame so long.
    private static final int FRAME_MILLIS = 300;

    /// What lasts longer is written down on its own.
    private static final Duration LASTING = Duration.ofSeconds(30);

    /// Anybody can ask for names that are not there, as often as they like.
    private static final LogThrottle REFUSALS = new LogThrottle(200, Duration.ofSeconds(10));

    private final PublicTarget target;
    private final StreamRequest request;
    private final StreamPeer client;
    private final EventLoop loop;
    private final Visitor visitor;
    private final String id;
    private final long startedNanos = System.nanoTime();
    private final StallWatch watch;
    private StreamPeer tunnel;
    private volatile @Nullable Route route;
    private volatile @Nullable Grant grant;
    private @Nullable TunnelConnection connection;
    private long bytesUp;
    private long bytesDown;

    /// Follows the frames of a WebSocket that was accepted.
    private @Nullable FrameBoundary frames;

    /// Why the edge ended it, empty while it has not.
    private String ending = "";

    private int attempts;
    private int status;
    private boolean responded;

    /// The bytes of the answer are none of the tunnel's.
    private boolean answeredByUs;

    private boolean bodyBegun;
    private boolean requestEnded;
    private boolean responseEnded;

    /// Ended by a reset: nobody waits for its last bytes to be taken.
    private boolean cut;

    private boolean over;

    PublicExchange(
            PublicTarget target,
            StreamRequest request,
            StreamPeer client,
            EventLoop loop,
            Visitor visitor) {
        this.target = target;
        this.request = request;
        this.client = client;
        this.tunnel = new DeadPeer(client);
        this.loop = loop;
        this.visitor = visitor;
        this.id = String.format("%016x", ThreadLocalRandom.current().nextLong());
        this.requestEnded = request.endOfBody();
        this.watch =
                new StallWatch(
                        requestEnded ? 0 : bodyLength(request),
                        request.headers().hasToken("expect", "100-continue"));
    }

    private static long bodyLength(StreamRequest request) {
        String length = request.headers().first("content-length");
        if (length == null || request.kind() != StreamKind.HTTP) {
            return 0;
        }
        try {
            return Long.parseLong(length);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    void start() {
        target.metrics().opened();
        target.opened(this);
        boolean mayOpen = target.clients().open(visitor.text());
        decided(target.decide(request, mayOpen, visitor, id));
    }

    private void decided(PublicTarget.Decision decision) {
        switch (decision) {
            case PublicTarget.Decision.Forward(Route to, Grant by) -> {
                grant = by;
                route = to;
                attempt(to);
                target.check(this);
            }
            case PublicTarget.Decision.Serve(Route to, Grant by, StreamTarget here) -> {
                grant = by;
                route = to;
                attempts++;
                tunnel = here.open(request, new FromTunnel(attempts), loop);
                target.check(this);
            }
            case PublicTarget.Decision.Answer(StreamTarget by) -> {
                attempts++;
                tunnel = by.open(request, new FromTunnel(attempts), loop);
            }
            case PublicTarget.Decision.Later(var later) -> hold(later);
            case PublicTarget.Decision.Refuse(EdgeError error) -> refuse(error);
        }
    }

    private void hold(CompletionStage<PublicTarget.Decision> later) {
        HeldBody held = new HeldBody();
        tunnel = held;
        later.thenAccept(decision ->
                loop.execute(() -> {
                    if (over) {
                        return;
                    }
                    tunnel = new DeadPeer(client);
                    decided(decision);
                    held.giveTo(tunnel);
                }));
    }

    StreamRequest request() {
        return request;
    }

    /// A quarter of the stall timeout has passed. Thread-safe.
    void tick() {
        if (request.kind() == StreamKind.HTTP) {
            loop.execute(this::endIfStalled);
        }
    }

    private void endIfStalled() {
        StallWatch.Stall stall = over ? null : watch.tick();
        if (stall == null) {
            return;
        }
        String why =
                switch (stall) {
                    case READER -> "the client takes nothing of its answer";
                    case SENDER -> "the client sends nothing of its request";
                };
        target.metrics().stalled();
        tunnel.reset(StreamFault.cancelled(why));
        if (!responded) {
            answer(EdgeError.REQUEST_TIMED_OUT, why);
            return;
        }
        log.debug("stream stalled id={} reason=\"{}\"", id, why);
        cut = true;
        requestEnded = true;
        responseEnded = true;
        client.reset(StreamFault.timedOut(why));
        finish();
    }

    /// Null until the request was let in. Thread-safe.
    @Nullable Route route() {
        return route;
    }

    /// Null when it is in no application, or was not let in. Thread-safe.
    @Nullable Grant grant() {
        return grant;
    }

    /// For people; null until the request was let in. Thread-safe.
    @Nullable OpenStream shown() {
        Route to = route;
        return to == null
                ? null
                : new OpenStream(
                        id,
                        request.host(),
                        to.tunnelId(),
                        grant,
                        Duration.ofNanos(System.nanoTime() - startedNanos));
    }

    /// Ends a stream that would not be let in now. A WebSocket's client is told by a Close frame, as soon
    /// as the frame under way is over. Thread-safe.
    ///
    /// @param why for people
    void revoke(EdgeError error, String why) {
        loop.execute(() -> {
            if (over || !ending.isEmpty()) {
                return;
            }
            ending = why;
            FrameBoundary boundary = frames;
            if (!responded) {
                tunnel.reset(StreamFault.cancelled(why));
                answer(error, why);
                return;
            }
            log.info(
                    "Stream ended host={} id={} reason=\"{}\"",
                    ProtocolException.quote(request.authority()),
                    id,
                    why);
            if (boundary == null) {
                cut(why);
            } else if (boundary.isBetweenFrames()) {
                closeWebSocket(why);
            } else {
                loop.schedule(() -> cut(why), FRAME_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }

    private void cut(String why) {
        if (over || answeredByUs) {
            return;
        }
        tunnel.reset(StreamFault.cancelled(why));
        cut = true;
        requestEnded = true;
        responseEnded = true;
        client.reset(StreamFault.cancelled(why));
        finish();
    }

    private void closeWebSocket(String why) {
        tunnel.reset(StreamFault.cancelled(why));
        answeredByUs = true;
        requestEnded = true;
        responseEnded = true;
        ByteBuf frame = FrameBoundary.close(FrameBoundary.POLICY, why);
        watch.answer(frame.readableBytes());
        client.data(frame, true);
        finish();
    }

    private void attempt(Route to) {
        TunnelConnection chosen = target.choose(to, loop, connection);
        connection = chosen;
        if (chosen == null) {
            // None at all, or none but the one that has just refused.
            refuse(attempts == 0 ? EdgeError.TUNNEL_DOWN : EdgeError.ORIGIN_OVERLOADED);
            return;
        }
        attempts++;
        tunnel =
                chosen.carrier()
                        .open(
                                ForwardedRequest.of(request, visitor.text(), id, grant),
                                new FromTunnel(attempts),
                                loop);
    }

    /// Answers with an error of our own, on a later turn: the caller does not know us yet.
    private void refuse(EdgeError error) {
        loop.execute(() -> answer(error, ""));
    }

    private void answer(EdgeError error, String detail) {
        if (responded || over) {
            return;
        }
        responded = true;
        answeredByUs = true;
        status = error.status();
        long leftOut = REFUSALS.permit();
        if (leftOut >= 0 || log.isDebugEnabled()) {
            log.info(
                    "Request not served code={} status={} host={} id={}{}{}",
                    error.code(),
                    error.status(),
                    ProtocolException.quote(request.authority()),
                    id,
                    detail.isEmpty() ? "" : " detail=" + ProtocolException.quote(detail),
                    leftOut > 0 ? " leftOut=" + leftOut : "");
        }
        watch.answer(ErrorAnswer.give(client, request, error, request.host(), id));
        responseEnded = true;
        if (!requestEnded) {
            requestEnded = true;
            client.reset(StreamFault.notRead());
        }
        finish();
    }

    private void finish() {
        if (over || !(requestEnded && responseEnded) || !(cut || watch.isTaken())) {
            return;
        }
        over = true;
        target.closed(this);
        target.clients().close(visitor.text());
        target.metrics().closed(status);
        used();
        if (log.isDebugEnabled()) {
            // Without the query: one-time links and codes are there, and origins' secrets.
            log.debug(
                    "request method={} host={} path={} status={} ms={} id={}",
                    request.method(),
                    request.authority(),
                    ProtocolException.quote(request.path().split("\\?", 2)[0]),
                    status,
                    (System.nanoTime() - startedNanos) / 1_000_000,
                    id);
        }
    }

    private void used() {
        Grant by = grant;
        Admission admission = target.admission();
        if (by == null || admission == null) {
            return;
        }
        by.use().moved(bytesUp, bytesDown);
        Duration lasted = Duration.ofNanos(System.nanoTime() - startedNanos);
        if (frames != null || !ending.isEmpty() || lasted.compareTo(LASTING) > 0) {
            admission.ended(request, id, by, bytesUp, bytesDown, lasted, ending);
        }
    }

    private void movedUp(int bytes) {
        bytesUp += bytes;
        target.metrics().received(bytes);
        if (connection != null) {
            connection.traffic().sent(bytes);
        }
    }

    private void movedDown(int bytes) {
        bytesDown += bytes;
        target.metrics().sent(bytes);
        if (connection != null) {
            connection.traffic().received(bytes);
        }
    }

    // ---- from the client

    @Override
    public void response(StreamResponse response, boolean end) {
        throw new IllegalStateException("clients ask, they do not answer");
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        if (!ending.isEmpty()) {
            throwAway(bytes);
            return;
        }
        bodyBegun = true;
        requestEnded |= end;
        movedUp(bytes.readableBytes());
        watch.body(bytes.readableBytes(), end);
        tunnel.data(bytes, end);
        finish();
    }

    private void throwAway(ByteBuf bytes) {
        int size = bytes.readableBytes();
        bytes.release();
        client.credit(size);
    }

    @Override
    public void trailers(HeaderList trailers) {
        bodyBegun = true;
        requestEnded = true;
        watch.body(0, true);
        tunnel.trailers(ForwardedRequest.trailers(trailers));
        finish();
    }

    @Override
    public void reset(StreamFault fault) {
        tunnel.reset(fault);
        if (!responded) {
            status = 499;
        }
        responded = true;
        cut = true;
        requestEnded = true;
        responseEnded = true;
        finish();
    }

    @Override
    public void credit(int bytes) {
        watch.taken(bytes);
        if (!answeredByUs) {
            tunnel.credit(bytes);
        }
        finish();
    }

    // ---- from the tunnel

    /// One attempt: calls of an earlier one are ignored.
    private final class FromTunnel implements StreamPeer {
        private final int attempt;

        FromTunnel(int attempt) {
            this.attempt = attempt;
        }

        private boolean stale() {
            return attempt != attempts || over;
        }

        @Override
        public void informational(StreamResponse interim) {
            if (!stale() && !responded) {
                watch.toldToContinue();
                client.informational(interim);
            }
        }

        @Override
        public void response(StreamResponse response, boolean end) {
            if (stale() || responded) {
                return;
            }
            OriginFailure failure = response.failure();
            if (failure != null) {
                tunnel.reset(StreamFault.cancelled("answered by the edge"));
                answer(EdgeError.of(failure.code()), failure.detail());
                return;
            }
            responded = true;
            status = response.status();
            responseEnded = end;
            if (status == 101 && grant != null) {
                frames = new FrameBoundary();
            }
            client.response(response, end);
            finish();
        }

        @Override
        public void data(ByteBuf bytes, boolean end) {
            if (stale() || responseEnded) {
                bytes.release();
                return;
            }
            FrameBoundary boundary = frames;
            if (boundary != null && !ending.isEmpty()) {
                lastFrame(bytes, boundary);
                return;
            }
            if (boundary != null) {
                boundary.passed(bytes);
            }
            responseEnded = end;
            give(bytes, end);
            finish();
        }

        /// The rest of the frame that was under way, then ours.
        private void lastFrame(ByteBuf bytes, FrameBoundary boundary) {
            int size = boundary.passedToEnd(bytes);
            if (size > 0) {
                give(bytes.readRetainedSlice(size), false);
            }
            bytes.release();
            if (boundary.isBetweenFrames()) {
                closeWebSocket(ending);
            }
        }

        private void give(ByteBuf bytes, boolean end) {
            movedDown(bytes.readableBytes());
            watch.answer(bytes.readableBytes());
            client.data(bytes, end);
        }

        @Override
        public void trailers(HeaderList trailers) {
            if (!stale() && !responseEnded) {
                responseEnded = true;
                client.trailers(trailers);
                finish();
            }
        }

        @Override
        public void reset(StreamFault fault) {
            if (stale()) {
                return;
            }
            Route to = route;
            if (!responded
                    && fault.kind() == StreamFault.Kind.REFUSED
                    && (request.endOfBody() || request.kind() == StreamKind.WEBSOCKET)
                    && !bodyBegun
                    && attempts < MAX_ATTEMPTS
                    && to != null) {
                attempt(to);
            } else if (!responded) {
                boolean refused = fault.kind() == StreamFault.Kind.REFUSED;
                answer(
                        refused ? EdgeError.ORIGIN_OVERLOADED : EdgeError.STREAM_LOST,
                        fault.detail());
            } else if (fault.kind() == StreamFault.Kind.NOT_READ) {
                requestEnded = true;
                client.reset(fault);
                finish();
            } else {
                cut = true;
                requestEnded = true;
                responseEnded = true;
                client.reset(fault);
                finish();
            }
        }

        @Override
        public void credit(int bytes) {
            // Also when both directions are over: the last bytes may just be written now.
            if (attempt == attempts) {
                watch.forwarded(bytes);
                client.credit(bytes);
            }
        }
    }
}
