package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Pending;
import dev.culvert.edge.identity.Secrets;
import dev.culvert.edge.pages.Paths;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Sign-in attempts under way, each known to its browser by a secret in a cookie: ten minutes, at most
/// 20,000, kept in memory as [Pending] says. Thread-safe.
final class Attempts {
    static final Duration LIFE = Duration.ofMinutes(10);
    private static final int MAX = 20_000;
    private static final int MAX_DESTINATION = 4096;

    private final InstantSource clock;
    private final Pending<Attempt> attempts;

    record Begun(Attempt attempt, String secret) {}

    Attempts(InstantSource clock) {
        this.clock = clock;
        this.attempts = new Pending<>(clock, LIFE, MAX);
    }

    /// @param destination path and query on the auth host; the start page instead of a longer one than 4096
    ///     characters
    /// @param address of who begins it
    Begun begin(String destination, String address) {
        String secret = Secrets.make();
        String key = Secrets.hash(secret);
        Attempt attempt =
                new Attempt(
                        key,
                        destination.length() > MAX_DESTINATION ? Paths.LAUNCHER : destination,
                        clock.instant());
        attempts.put(key, address, attempt);
        return new Begun(attempt, secret);
    }

    @Nullable Attempt find(@Nullable String secret) {
        return secret == null ? null : attempts.get(Secrets.hash(secret)).orElse(null);
    }

    void end(Attempt attempt) {
        attempts.take(attempt.key());
    }
}
