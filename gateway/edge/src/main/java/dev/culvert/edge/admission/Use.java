package dev.culvert.edge.admission;

import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// One recorded decision while it is used: what origins are told, and how much went through. Thread-safe.
public final class Use {
    private final @Nullable String assertion;
    private final Instant until;
    private final LongAdder requests = new LongAdder();
    private final LongAdder up = new LongAdder();
    private final LongAdder down = new LongAdder();

    Use(@Nullable String assertion, Instant until) {
        this.assertion = assertion;
        this.until = until;
    }

    /// `Cf-Access-Jwt-Assertion`, null for nobody in particular.
    public @Nullable String assertion() {
        return assertion;
    }

    /// From when on the decision has to be recorded anew.
    Instant until() {
        return until;
    }

    void request() {
        requests.increment();
    }

    /// Bytes of bodies went through.
    public void moved(long bytesUp, long bytesDown) {
        up.add(bytesUp);
        down.add(bytesDown);
    }

    long requests() {
        return requests.sum();
    }

    long up() {
        return up.sum();
    }

    long down() {
        return down.sum();
    }
}
