package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.edge.RefusedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What guacd knows of each kind of host, of which there are few. Each is asked for once at a time, by a thread that nobody
/// has to wait for longer than that; what comes of it is believed for 5 s. A kind holds up no other.
///
/// Thread-safe. Blocking.
final class Looks {
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Duration longest;
    private final LongSupplier nanos;
    private final Map<String, CompletableFuture<Look>> looks = new HashMap<>();

    /// Asks guacd.
    interface Question {
        /// @return names of the parameters it knows
        Set<String> ask() throws RefusedException;
    }

    /// What came of it: `known`, else `refusal`.
    private record Look(
            @Nullable Set<String> known, @Nullable RefusedException refusal, long nanos) {}

    /// @param longest that a caller waits
    /// @param nanos a clock, as [System#nanoTime]
    Looks(Duration longest, LongSupplier nanos) {
        this.longest = longest;
        this.nanos = nanos;
    }

    /// @throws RefusedException the question's, or `guacd_missing` when the answer takes too long
    Set<String> known(String kind, Question question)
            throws RefusedException, InterruptedException {
        Look look = await(current(kind, question));
        if (look.known == null) {
            RefusedException why = Objects.requireNonNull(look.refusal);
            throw new RefusedException(why.code(), why.getMessage(), why.next());
        }
        return look.known;
    }

    private Look await(CompletableFuture<Look> look) throws RefusedException, InterruptedException {
        try {
            return look.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new RefusedException(
                    "guacd_missing",
                    "guacd does not answer within " + longest.toSeconds() + " s.",
                    Advice.START);
        } catch (ExecutionException e) {
            throw new IllegalStateException("guacd could not be looked at", e.getCause());
        }
    }

    private CompletableFuture<Look> current(String kind, Question question) {
        synchronized (looks) {
            CompletableFuture<Look> look = looks.get(kind);
            if (look == null || isOver(look)) {
                look =
                        CompletableFuture.supplyAsync(
                                () -> look(question), Thread.ofVirtual().name("guacd-look")::start);
                looks.put(kind, look);
            }
            return look;
        }
    }

    private boolean isOver(CompletableFuture<Look> look) {
        return look.isCompletedExceptionally()
                || look.isDone() && nanos.getAsLong() - look.join().nanos >= FRESH.toNanos();
    }

    private Look look(Question question) {
        try {
            return new Look(question.ask(), null, nanos.getAsLong());
        } catch (RefusedException e) {
            return new Look(null, e, nanos.getAsLong());
        }
    }
}
