package dev.culvert.connector.assertion;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The RSA keys of one issuer, kept.
///
/// | when | what |
/// |---|---|
/// | nothing is known, or the keys are older than [#FRESH] | they are fetched |
/// | a key id is unknown | fetched again, at most once in [#BETWEEN_FETCHES]: a forged token is no reason to ask more often |
/// | a fetch failed | the next one is at least [#AFTER_FAILURE] later; known keys are used until they are [#STALE] |
///
/// One thread fetches; those that need its outcome wait for it, those that have a usable key do not.
///
/// Thread-safe: an immutable snapshot, and a lock around fetching. Blocking: virtual threads only.
final class IssuerKeys {
    static final Duration FRESH = Duration.ofHours(1);
    static final Duration STALE = Duration.ofHours(24);
    static final Duration BETWEEN_FETCHES = Duration.ofSeconds(30);
    static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final int MAX_KEYS = 50;
    private static final int MIN_BITS = 2048;

    private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);

    private record Key(@Nullable String id, RSAPublicKey key) {}

    private record Known(List<Key> keys, Instant since) {
        List<RSAPublicKey> named(@Nullable String id) {
            return keys.stream()
                    .filter(key -> id == null || id.equals(key.id))
                    .map(Key::key)
                    .toList();
        }
    }

    private final KeySource source;
    private final InstantSource clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Known known;
    private Instant notBefore = Instant.MIN;
    private String problem = "";

    IssuerKeys(KeySource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    /// @param id of the key; null for all of them
    /// @return empty when the issuer has no such key
    /// @throws IOException when the issuer's keys are not known
    List<RSAPublicKey> find(@Nullable String id) throws IOException {
        Known before = known;
        List<RSAPublicKey> found = before == null ? List.of() : before.named(id);
        if (before != null && !found.isEmpty() && !isOlder(before, STALE)) {
            if (isOlder(before, FRESH) && fetching.tryLock()) {
                try {
                    fetchIfDue();
                } finally {
                    fetching.unlock();
                }
                Known after = known;
                return after == null ? found : after.named(id);
            }
            return found;
        }
        fetching.lock();
        try {
            Known meanwhile = known;
            if (meanwhile == before || meanwhile == null || meanwhile.named(id).isEmpty()) {
                fetchIfDue();
            }
            Known now = known;
            if (now == null || isOlder(now, STALE)) {
                throw new IOException(problem);
            }
            return now.named(id);
        } finally {
            fetching.unlock();
        }
    }

    private boolean isOlder(Known keys, Duration age) {
        return keys.since.plus(age).isBefore(clock.instant());
    }

    private void fetchIfDue() {
        if (clock.instant().isBefore(notBefore)) {
            return;
        }
        try {
            List<Key> keys = parse(source.fetch());
            known = new Known(keys, clock.instant());
            notBefore = clock.instant().plus(BETWEEN_FETCHES);
            log.debug("Access keys fetched count={}", keys.size());
        } catch (IOException e) {
            problem = "the issuer's keys cannot be fetched: " + e.getMessage();
            notBefore = clock.instant().plus(AFTER_FAILURE);
            log.warn("Access keys cannot be fetched reason=\"{}\"", e.getMessage());
        }
    }

    /// RSA keys for signatures; everything else is left out, as another application may use it.
    private static List<Key> parse(String json) throws IOException {
        List<Key> keys = new ArrayList<>();
        try {
            Map<String, Object>[] all =
                    JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(json), "keys");
            if (all == null) {
                throw new IOException("no list \"keys\" in what the server sent");
            }
            for (Map<String, Object> each : all) {
                Key key = key(each);
                if (key != null && keys.size() < MAX_KEYS) {
                    keys.add(key);
                }
            }
        } catch (ParseException e) {
            throw new IOException("what the server sent is no key set: " + e.getMessage(), e);
        }
        return keys;
    }

    private static @Nullable Key key(Map<String, Object> json) {
        try {
            if (!(JWK.parse(json) instanceof RSAKey rsa)
                    || rsa.size() < MIN_BITS
                    || (rsa.getKeyUse() != null && !KeyUse.SIGNATURE.equals(rsa.getKeyUse()))
                    || (rsa.getAlgorithm() != null
                            && !JWSAlgorithm.RS256.equals(rsa.getAlgorithm()))) {
                return null;
            }
            return new Key(rsa.getKeyID(), rsa.toRSAPublicKey());
        } catch (ParseException | JOSEException | RuntimeException e) {
            return null;
        }
    }
}
