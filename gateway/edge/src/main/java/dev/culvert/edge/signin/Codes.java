package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One-time codes by which a protected host gets its token from the auth host: 60 seconds, one host, one
/// browser, once. At most 20,000; beyond, the oldest go. Thread-safe.
final class Codes {
    static final Duration LIFE = Duration.ofSeconds(60);
    private static final int MAX = 20_000;

    private final InstantSource clock;
    private final Map<String, Kept> codes = new LinkedHashMap<>();

    /// @param token for the application
    /// @param tokenExpires of the token
    record HandOver(Opening opening, String token, Instant tokenExpires) {
        @Override
        public String toString() {
            return "HandOver[" + opening + "]";
        }
    }

    private record Kept(HandOver handOver, Instant until) {}

    Codes(InstantSource clock) {
        this.clock = clock;
    }

    synchronized String make(HandOver handOver) {
        if (codes.size() >= MAX) {
            codes.remove(codes.keySet().iterator().next());
        }
        String code = Secrets.make();
        codes.put(Secrets.hash(code), new Kept(handOver, clock.instant().plus(LIFE)));
        return code;
    }

    /// Uses a code up, whether it fits or not.
    ///
    /// @param authority where it is shown
    /// @param cookie the browser's, null when it shows none
    /// @return null when it does not fit
    synchronized @Nullable HandOver take(String code, String authority, @Nullable String cookie) {
        Kept kept = codes.remove(Secrets.hash(code));
        if (kept == null || cookie == null || kept.until().isBefore(clock.instant())) {
            return null;
        }
        Opening opening = kept.handOver().opening();
        boolean fits =
                opening.authority().equals(authority)
                        && Secrets.equal(opening.browser(), Secrets.hash(cookie));
        return fits ? kept.handOver() : null;
    }
}
