package dev.culvert.edge.identity;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Random challenges that passkeys sign: one at a time for each browser, good once and for five minutes.
///
/// Thread-safe.
public final class Challenges {
    private static final Duration VALIDITY = Duration.ofMinutes(5);
    private static final int PLACES = 10_000;
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Pending<byte[]> pending;

    public Challenges(InstantSource clock) {
        this.pending = new Pending<>(clock, VALIDITY, PLACES);
    }

    /// A new challenge; the one before, if any, is no longer good.
    ///
    /// @param holder of [Pending#put]
    /// @param address likewise
    public byte[] issue(String holder, String address) {
        byte[] challenge = new byte[BYTES];
        RANDOM.nextBytes(challenge);
        pending.put(holder, address, challenge);
        return challenge.clone();
    }

    /// The holder's challenge, while it is good. It is not afterwards.
    public Optional<byte[]> take(String holder) {
        return pending.take(holder);
    }
}
