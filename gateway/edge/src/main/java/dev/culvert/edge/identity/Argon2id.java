package dev.culvert.edge.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/// Argon2id (RFC 9106) with hashes in the PHC string format,
/// `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, base64 without padding.
///
/// Only a few hashes are computed at a time, so that a flood of sign-ins costs waiting and not the
/// memory of the process; who would wait too long is turned away.
///
/// Thread-safe. Blocking: virtual threads only.
final class Argon2id {
    /// As OWASP's password storage sheet asks for at least: 19 MiB, two passes.
    static final Cost DEFAULT_COST = new Cost(19 * 1024, 2, 1);

    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    static final int MAX_WAITING = 100;
    private static final Duration MAX_WAIT = Duration.ofSeconds(5);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern FORM =
            Pattern.compile(
                    "\\$argon2id\\$v=19\\$m=([1-9]\\d{0,6}),t=([1-9]\\d?),p=([1-9])"
                            + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

    private final Cost cost;
    private final Semaphore places;
    private final Duration maxWait;
    private final AtomicInteger waiting = new AtomicInteger();

    /// What one hash takes.
    ///
    /// @param memoryKib memory in KiB
    /// @param passes over it
    /// @param lanes computed one after another here, so more of them only help the attacker
    record Cost(int memoryKib, int passes, int lanes) {}

    Argon2id() {
        this(DEFAULT_COST, Math.max(2, Runtime.getRuntime().availableProcessors()), MAX_WAIT);
    }

    /// @param atOnce hashes computed at the same time
    /// @param maxWait for a place
    Argon2id(Cost cost, int atOnce, Duration maxWait) {
        this.cost = cost;
        this.places = new Semaphore(atOnce, true);
        this.maxWait = maxWait;
    }

    /// A salted hash of the password, at today's cost.
    String hash(String password) throws BusyException, InterruptedException {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return phc(cost, salt, compute(password, cost, salt, HASH_BYTES));
    }

    /// Whether the hash is of this password. Without a hash the answer is no, and takes as long.
    boolean matches(String password, @Nullable String phc)
            throws BusyException, InterruptedException {
        Matcher parts = phc == null ? null : FORM.matcher(phc);
        if (parts == null || !parts.matches()) {
            compute(password, cost, new byte[SALT_BYTES], HASH_BYTES);
            return false;
        }
        byte[] expected = decoded(parts.group(5));
        byte[] actual = compute(password, costOf(parts), decoded(parts.group(4)), expected.length);
        return MessageDigest.isEqual(actual, expected);
    }

    /// Whether a hash was made at another cost than today's.
    boolean isOutdated(String phc) {
        Matcher parts = FORM.matcher(phc);
        return !parts.matches() || !costOf(parts).equals(cost);
    }

    private byte[] compute(String password, Cost cost, byte[] salt, int bytes)
            throws BusyException, InterruptedException {
        enter();
        try {
            return raw(password.getBytes(StandardCharsets.UTF_8), cost, salt, bytes);
        } finally {
            places.release();
        }
    }

    private void enter() throws BusyException, InterruptedException {
        try {
            if (waiting.incrementAndGet() > MAX_WAITING
                    || !places.tryAcquire(maxWait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BusyException();
            }
        } finally {
            waiting.decrementAndGet();
        }
    }

    private static byte[] raw(byte[] password, Cost cost, byte[] salt, int bytes) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(
                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(cost.memoryKib())
                        .withIterations(cost.passes())
                        .withParallelism(cost.lanes())
                        .withSalt(salt)
                        .build());
        byte[] hash = new byte[bytes];
        generator.generateBytes(password, hash);
        return hash;
    }

    private static Cost costOf(Matcher parts) {
        return new Cost(
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)));
    }

    private static String phc(Cost cost, byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m="
                + cost.memoryKib()
                + ",t="
                + cost.passes()
                + ",p="
                + cost.lanes()
                + "$"
                + base64.encodeToString(salt)
                + "$"
                + base64.encodeToString(hash);
    }

    private static byte[] decoded(String base64) {
        return Base64.getDecoder().decode(base64);
    }
}
