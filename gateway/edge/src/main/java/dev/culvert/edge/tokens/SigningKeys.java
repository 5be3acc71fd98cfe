package dev.culvert.edge.tokens;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.SecretSeal;
import dev.culvert.edge.state.StateException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys that sign tokens: the newest signs, those before it are good until what they signed has
/// expired. A new one is made after six weeks.
///
/// Thread-safe. Questions never block.
public final class SigningKeys {
    private static final Duration NEW_AFTER = Duration.ofDays(42);

    /// Longer than any token lasts.
    private static final Duration GOOD_FOR = Duration.ofDays(31);

    private final Database database;
    private final SecretSeal seal;
    private final InstantSource clock;
    private volatile List<SigningKey> keys = List.of();

    public SigningKeys(Database database, SecretSeal seal, InstantSource clock)
            throws StateException {
        this.database = database;
        this.seal = seal;
        this.clock = clock;
        keys = List.copyOf(database.transaction(c -> SigningKeyTable.all(c, seal)));
        maintain();
    }

    /// Makes a new key when it is time, and forgets old ones. To be called each hour.
    public final synchronized void maintain() throws StateException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (keys.isEmpty() || keys.getFirst().createdAt().plus(NEW_AFTER).isBefore(now)) {
            rotate();
        }
        keys =
                keys.stream()
                        .filter(key -> key.retiresAt() == null || key.retiresAt().isAfter(now))
                        .toList();
    }

    /// Makes a new key that signs from now on.
    public final synchronized void rotate() throws StateException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant retires = now.plus(GOOD_FOR);
        SigningKey made = SigningKey.make(now);
        List<SigningKey> next = new ArrayList<>();
        next.add(made);
        try {
            for (SigningKey key : keys) {
                next.add(key.retiresAt() == null ? key.retiring(retires) : key);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("it was read before", e);
        }
        List<SigningKey> retiring = keys.stream().filter(k -> k.retiresAt() == null).toList();
        database.transaction(c -> {
            SigningKeyTable.insert(c, seal, made);
            for (SigningKey key : retiring) {
                SigningKeyTable.retire(c, key.id(), retires);
            }
            SigningKeyTable.prune(c, now);
            return true;
        });
        keys = List.copyOf(next);
    }

    SigningKey current() {
        return keys.getFirst();
    }

    @Nullable SigningKey find(@Nullable String kid) {
        for (SigningKey key : keys) {
            if (key.kid().equals(kid)) {
                return key;
            }
        }
        return null;
    }

    /// The public keys as a JWK set (RFC 7517), as `/cdn-cgi/access/certs` shows them.
    public String jwks() {
        List<JWK> shown = new ArrayList<>();
        keys.forEach(key -> shown.add(key.jwk()));
        return new JWKSet(shown).toString(true);
    }
}
