package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Pending;
import dev.culvert.protocols.box.TokenTransfer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Tokens on their way from a browser's confirmation to the command line that waits for them, sealed for
/// it: ten minutes, taken once. At most 5,000, kept as [Pending] says. Thread-safe.
final class Transfers {
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final int MAX = 5_000;

    /// Stands for the address of a command line that does not wait yet: all that people confirm too early
    /// counts as one network.
    private static final String NOWHERE = "";

    private final Pending<Waiting> waiting;

    /// What came for a command line.
    sealed interface Arrived {
        record Tokens(TokenTransfer.Sealed sealed) implements Arrived {}

        /// The person did not confirm.
        record Refused() implements Arrived {}
    }

    /// Who waits.
    ///
    /// @param agent its `User-Agent`, cut to 200 characters
    record Asker(String address, String agent) {
        private static final int MAX_AGENT = 200;

        Asker {
            agent = agent.substring(0, Math.min(agent.length(), MAX_AGENT));
        }
    }

    private record Waiting(CompletableFuture<Arrived> arrived, AtomicReference<Asker> asker) {}

    Transfers(InstantSource clock) {
        this.waiting = new Pending<>(clock, LIFE, MAX);
    }

    /// @param key the receiver's public key
    void put(String key, TokenTransfer.Sealed sealed) {
        at(key, NOWHERE).arrived().complete(new Arrived.Tokens(sealed));
    }

    /// Nothing will be put there.
    void refuse(String key) {
        at(key, NOWHERE).arrived().complete(new Arrived.Refused());
    }

    /// Waits for what is put under a key. Blocking.
    ///
    /// @return null when nothing came in time
    @Nullable Arrived await(String key, Asker asker, Duration time) throws InterruptedException {
        Waiting at = at(key, asker.address());
        at.asker().compareAndSet(null, asker);
        try {
            Arrived arrived = at.arrived().get(time.toMillis(), TimeUnit.MILLISECONDS);
            return waiting.take(key).isEmpty() ? null : arrived;
        } catch (TimeoutException | ExecutionException e) {
            return null;
        }
    }

    /// Who has asked first for what is put under a key; null when nobody has yet.
    @Nullable Asker asker(String key) {
        return waiting.get(key).map(at -> at.asker().get()).orElse(null);
    }

    private synchronized Waiting at(String key, String address) {
        return waiting.get(key)
                .orElseGet(() -> {
                    Waiting fresh = new Waiting(new CompletableFuture<>(), new AtomicReference<>());
                    waiting.put(key, address, fresh);
                    return fresh;
                });
    }
}
