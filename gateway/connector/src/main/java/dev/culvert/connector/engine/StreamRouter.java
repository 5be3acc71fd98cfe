package dev.culvert.connector.engine;

import dev.culvert.protocols.stream.LivenessProbe;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.DeadPeer;
import dev.culvert.transport.MemoryBudget;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/// Takes every stream of the tunnel but the control stream and opens it to the origin its ingress rule
/// names. Counts what is open, for draining and for `/metrics`.
///
/// Thread-safe.
public final class StreamRouter implements StreamTarget {
    /// The rules in force: finds the target for a host and a path.
    @FunctionalInterface
    public interface Rules {
        /// @param host without port
        /// @param path path and query as received
        /// @return null when no rule matches or there are none yet
        @Nullable StreamTarget match(String host, String path);

        /// The rules one stream is to be opened by. Whoever gets them calls [#leave] on them once, when the
        /// stream has ended or was not opened.
        default Rules enter() {
            return this;
        }

        /// The stream that entered has ended.
        default void leave() {}
    }

    private final Rules rules;
    private final StreamTarget configuration;
    private final int maxStreams;
    private final StreamCounts counts = new StreamCounts();

    /// @param maxStreams streams open at a time, beyond it they are refused as overloaded
    public StreamRouter(Rules rules, int maxStreams) {
        this(rules, StreamRouter::ownConfiguration, maxStreams);
    }

    /// @param configuration takes the streams by which the edge hands over a configuration
    public StreamRouter(Rules rules, StreamTarget configuration, int maxStreams) {
        this.rules = rules;
        this.configuration = configuration;
        this.maxStreams = maxStreams;
    }

    private static StreamPeer ownConfiguration(
            StreamRequest request, StreamPeer caller, EventLoop loop) {
        return fail(
                caller,
                loop,
                OriginFailure.Code.NOT_READY,
                "this connector takes its configuration from its own file");
    }

    /// Streams open now.
    public int openStreams() {
        return counts.open();
    }

    public StreamCounts counts() {
        return counts;
    }

    @Override
    public StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop loop) {
        switch (request.kind()) {
            case HTTP, WEBSOCKET -> {
                if (LivenessProbe.is(request)) {
                    return ProbeEcho.open(caller, loop);
                }
            }
            case TCP -> {
                return fail(
                        caller,
                        loop,
                        OriginFailure.Code.NOT_READY,
                        "this connector serves no private networks, only its ingress rules");
            }
            case CONFIGURATION -> {
                return configuration.open(request, caller, loop);
            }
            case CONTROL ->
                    throw new IllegalArgumentException("the control stream is the link's own");
        }
        Rules now = rules.enter();
        StreamPeer opened = null;
        try {
            opened = toOrigin(now, request, caller, loop);
        } finally {
            if (opened == null) {
                now.leave();
            }
        }
        return opened != null ? opened : new DeadPeer(caller);
    }

    /// @return null when the stream was answered or refused here; then the rules are free again
    private @Nullable StreamPeer toOrigin(
            Rules now, StreamRequest request, StreamPeer caller, EventLoop loop) {
        StreamTarget target = now.match(request.host(), request.path());
        if (target == null) {
            fail(
                    caller,
                    loop,
                    OriginFailure.Code.NOT_READY,
                    "no ingress rule matches " + request.host());
            return null;
        }
        if (MemoryBudget.process().isExhausted()) {
            // Nothing was done yet: another connector may take it.
            loop.execute(() ->
                    caller.reset(StreamFault.refused("the connector's memory budget is used up")));
            return null;
        }
        boolean bytes = target instanceof ByteOriginTarget;
        if (!counts.opened(maxStreams, bytes)) {
            fail(
                    caller,
                    loop,
                    OriginFailure.Code.OVERLOADED,
                    "the connector already carries " + maxStreams + " streams");
            return null;
        }
        try {
            return CountedStream.open(target, request, caller, loop, counts, bytes, now);
        } catch (RuntimeException e) {
            counts.closed(bytes);
            throw e;
        }
    }

    static StreamPeer fail(
            StreamPeer caller, EventLoop loop, OriginFailure.Code code, String detail) {
        StreamResponse response = StreamResponse.failed(new OriginFailure(code, detail));
        loop.execute(() -> caller.response(response, true));
        return new DeadPeer(caller);
    }
}
