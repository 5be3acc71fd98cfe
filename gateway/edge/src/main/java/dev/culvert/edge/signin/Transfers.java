package dev.culvert.edge.signin;

import dev.culvert.protocols.box.TokenTransfer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Tokens on their way from a browser's confirmation to the command line that waits for them, sealed for
/// it: ten minutes, taken once. At most 5,000; beyond, the oldest go. Thread-safe.
final class Transfers {
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final int MAX = 5_000;

    private final InstantSource clock;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();

    /// What came for a command line.
    sealed interface Arrived {
        record Tokens(TokenTransfer.Sealed sealed) implements Arrived {}

        /// The person did not confirm.
        record Refused() implements Arrived {}
    }

    /// Who waits.
    ///
    /// @param agent its `User-Agent`
    record Asker(String address, String agent) {}

    private record Waiting(
            CompletableFuture<Arrived> arrived, AtomicReference<Asker> asker, Instant until) {}

    Transfers(InstantSource clock) {
        this.clock = clock;
    }

    /// @param key the receiver's public key
    void put(String key, TokenTransfer.Sealed sealed) {
        at(key).arrived().complete(new Arrived.Tokens(sealed));
    }

    /// Nothing will be put there.
    void refuse(String key) {
        at(key).arrived().complete(new Arrived.Refused());
    }

    /// Waits for what is put under a key. Blocking.
    ///
    /// @return null when nothing came in time
    @Nullable Arrived await(String key, Asker asker, Duration time) throws InterruptedException {
        Waiting at = at(key);
        at.asker().compareAndSet(null, asker);
        try {
            Arrived arrived = at.arrived().get(time.toMillis(), TimeUnit.MILLISECONDS);
            synchronized (this) {
                return waiting.remove(key) == null ? null : arrived;
            }
        } catch (TimeoutException | ExecutionException e) {
            return null;
        }
    }

    /// Who has asked first for what is put under a key; null when nobody has yet.
    @Nullable Asker asker(String key) {
        return at(key).asker().get();
    }

    private synchronized Waiting at(String key) {
        Instant now = clock.instant();
        waiting.values().removeIf(old -> old.until().isBefore(now));
        if (waiting.size() >= MAX && !waiting.containsKey(key)) {
            waiting.remove(waiting.keySet().iterator().next());
        }
        return waiting.computeIfAbsent(
                key,
                same ->
                        new Waiting(
                                new CompletableFuture<>(),
                                new AtomicReference<>(),
                                now.plus(LIFE)));
    }
}
