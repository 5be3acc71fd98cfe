package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Secrets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sign-in attempts under way, each known to its browser by a secret in a cookie: ten minutes, at most
/// 20,000; beyond, the oldest go. Kept in memory only. Thread-safe.
final class Attempts {
    static final Duration LIFE = Duration.ofMinutes(10);
    private static final int MAX = 20_000;

    private final InstantSource clock;
    private final Map<String, Attempt> attempts = new LinkedHashMap<>();

    record Begun(Attempt attempt, String secret) {}

    Attempts(InstantSource clock) {
        this.clock = clock;
    }

    synchronized Begun begin(String destination) {
        if (attempts.size() >= MAX) {
            attempts.remove(attempts.keySet().iterator().next());
        }
        String secret = Secrets.make();
        Attempt attempt = new Attempt(destination, clock.instant());
        attempts.put(Secrets.hash(secret), attempt);
        return new Begun(attempt, secret);
    }

    synchronized @Nullable Attempt find(@Nullable String secret) {
        if (secret == null) {
            return null;
        }
        String hash = Secrets.hash(secret);
        Attempt attempt = attempts.get(hash);
        if (attempt != null && attempt.begunAt().plus(LIFE).isBefore(clock.instant())) {
            attempts.remove(hash);
            return null;
        }
        return attempt;
    }

    synchronized void end(Attempt attempt) {
        attempts.values().remove(attempt);
    }
}
