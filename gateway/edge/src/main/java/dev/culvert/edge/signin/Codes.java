package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Pending;
import dev.culvert.edge.identity.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// One-time codes by which a protected host gets its token from the auth host: 60 seconds, one host, one
/// browser, once. At most 20,000, kept as [Pending] says. Thread-safe.
final class Codes {
    static final Duration LIFE = Duration.ofSeconds(60);
    private static final int MAX = 20_000;

    private final Pending<HandOver> codes;

    /// @param token for the application
    /// @param tokenExpires of the token
    record HandOver(Opening opening, String token, Instant tokenExpires) {
        @Override
        public String toString() {
            return "HandOver[" + opening + "]";
        }
    }

    Codes(InstantSource clock) {
        this.codes = new Pending<>(clock, LIFE, MAX);
    }

    /// @param address of the browser
    String make(HandOver handOver, String address) {
        String code = Secrets.make();
        codes.put(Secrets.hash(code), address, handOver);
        return code;
    }

    /// Uses a code up, whether it fits or not.
    ///
    /// @param authority where it is shown
    /// @param cookie the browser's, null when it shows none
    /// @return null when it does not fit
    @Nullable HandOver take(String code, String authority, @Nullable String cookie) {
        return codes.take(Secrets.hash(code))
                .filter(handOver -> cookie != null && fits(handOver.opening(), authority, cookie))
                .orElse(null);
    }

    private static boolean fits(Opening opening, String authority, String cookie) {
        return opening.authority().equals(authority)
                && Secrets.equal(opening.browser(), Secrets.hash(cookie));
    }
}
