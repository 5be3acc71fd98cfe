package dev.culvert.connector.engine;

import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamPeer;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The interim answers of an origin to one request, and what hangs on them: the body of a request with
/// `Expect: 100-continue` is held back until a 100 comes, or until [#CONTINUE_WITHIN] has passed, since
/// an origin need not say it (RFC 9110, section 10.1.1). A final answer before that means that the body
/// is not wanted.
///
/// At most [#MAX] are passed on for a request; an origin that sends more is broken.
///
/// Confined to the stream's event loop.
final class InterimAnswers {
    static final int MAX = 32;

    /// As cloudflared's.
    static final Duration CONTINUE_WITHIN = Duration.ofSeconds(1);

    private final StreamPeer caller;
    private final EventLoop loop;
    private final Runnable sendBody;
    private boolean waiting;
    private boolean bodyGoing;
    private @Nullable Future<?> deadline;
    private int taken;

    /// @param sendBody called once, when the body held back may go
    InterimAnswers(OriginRequestHead head, StreamPeer caller, EventLoop loop, Runnable sendBody) {
        this.caller = caller;
        this.loop = loop;
        this.sendBody = sendBody;
        this.waiting = head.expectsContinue();
    }

    /// The head is being sent.
    ///
    /// @return true when the body may follow at once; else `sendBody` says when
    boolean mayBodyGo() {
        if (waiting && deadline == null) {
            deadline =
                    loop.schedule(this::release, CONTINUE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        }
        bodyGoing = !waiting;
        return bodyGoing;
    }

    boolean isBodyGoing() {
        return bodyGoing;
    }

    /// @return why the origin is given up, or null
    @Nullable String take(StreamResponse interim) {
        taken++;
        if (taken > MAX) {
            return "more than " + MAX + " interim answers";
        }
        caller.informational(interim);
        if (interim.status() == 100) {
            release();
        }
        return null;
    }

    private void release() {
        if (waiting) {
            stop();
            bodyGoing = true;
            sendBody.run();
        }
    }

    /// A final answer is there, or the stream is over: what is held back stays where it is.
    void stop() {
        waiting = false;
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
