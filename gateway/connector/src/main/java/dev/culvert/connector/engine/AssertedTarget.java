package dev.culvert.connector.engine;

import dev.culvert.connector.assertion.AssertionCheck;
import dev.culvert.connector.assertion.AssertionCheck.Verdict;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.channel.EventLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets only streams with a good assertion through to an origin: nothing is dialled before the verdict,
/// and what the caller sends waits, within its window.
///
/// Thread-safe; each assertion is judged on a virtual thread of its own, as many as there are streams.
final class AssertedTarget implements StreamTarget {
    private static final Logger log = LoggerFactory.getLogger(AssertedTarget.class);
    private static final String HEADER = "cf-access-jwt-assertion";

    private final StreamTarget origin;
    private final AssertionCheck check;
    private final String rule;

    /// @param rule for the log
    AssertedTarget(StreamTarget origin, AssertionCheck check, String rule) {
        this.origin = origin;
        this.check = check;
        this.rule = rule;
    }

    @Override
    public StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop loop) {
        WaitingPeer waiting = new WaitingPeer(caller, request.endOfBody());
        List<String> assertions = request.headers().all(HEADER);
        Thread.ofVirtual()
                .name("assertion-", 0)
                .start(() -> {
                    Verdict verdict = judge(assertions);
                    loop.execute(() -> {
                        if (!waiting.isReset()) {
                            decided(verdict, request, caller, waiting, loop);
                        }
                    });
                });
        return waiting;
    }

    private Verdict judge(List<String> assertions) {
        try {
            return check.check(assertions);
        } catch (RuntimeException e) {
            log.warn("An access token could not be judged rule=\"{}\"", rule, e);
            return new Verdict.Denied("the access token could not be judged");
        }
    }

    private void decided(
            Verdict verdict,
            StreamRequest request,
            StreamPeer caller,
            WaitingPeer waiting,
            EventLoop loop) {
        OriginFailure failure = failure(verdict);
        if (failure == null) {
            waiting.become(origin.open(request, caller, loop));
            return;
        }
        log.info("access denied rule=\"{}\" reason={}", rule, failure.detail());
        waiting.drop();
        caller.response(StreamResponse.failed(failure), true);
        if (!waiting.isEnded()) {
            caller.reset(StreamFault.notRead());
        }
    }

    private static @Nullable OriginFailure failure(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Admitted _ -> null;
            case Verdict.Denied denied ->
                    new OriginFailure(OriginFailure.Code.DENIED, denied.reason());
            case Verdict.Unknown unknown ->
                    new OriginFailure(OriginFailure.Code.UNREACHABLE, unknown.reason());
        };
    }
}
