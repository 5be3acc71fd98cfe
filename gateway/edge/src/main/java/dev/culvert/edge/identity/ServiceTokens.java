package dev.culvert.edge.identity;

import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service tokens, in memory and in the database, their secrets as hashes.
///
/// Thread-safe. Questions never block; changes do: virtual threads only.
public final class ServiceTokens {
    /// For how long the old secret counts after a rotation, unless told otherwise.
    public static final Duration OVERLAP = Duration.ofDays(1);

    private static final Logger log = LoggerFactory.getLogger(ServiceTokens.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 16;
    private static final int MAX = 10_000;

    private final Database database;
    private final InstantSource clock;
    private final Map<String, ServiceTokenTable.Row> byId = new ConcurrentHashMap<>();
    private final Map<String, Instant> used = new ConcurrentHashMap<>();

    /// Ids of revoked ones that are still in the database.
    private final Set<String> unwritten = ConcurrentHashMap.newKeySet();

    private final List<Consumer<ServiceToken>> listeners = new CopyOnWriteArrayList<>();

    /// A token and its secret, shown once.
    public record Made(ServiceToken token, String secret) {
        @Override
        public String toString() {
            return "Made[" + token + "]";
        }
    }

    public ServiceTokens(Database database, InstantSource clock) throws StateException {
        this.database = database;
        this.clock = clock;
        database.transaction(ServiceTokenTable::all)
                .forEach(row -> byId.put(row.token().id(), row));
    }

    /// Told of each token that was rotated or revoked. Must be quick.
    public void onChange(Consumer<ServiceToken> listener) {
        listeners.add(listener);
    }

    /// In the order they were made.
    public List<ServiceToken> list() {
        return byId.values().stream()
                .map(ServiceTokenTable.Row::token)
                .map(token ->
                        used.containsKey(token.id()) ? at(token, used.get(token.id())) : token)
                .sorted(Comparator.comparing(ServiceToken::createdAt))
                .toList();
    }

    private static ServiceToken at(ServiceToken token, @Nullable Instant used) {
        return new ServiceToken(
                token.id(),
                token.name(),
                token.createdAt(),
                token.previousUntil(),
                token.expiresAt(),
                used);
    }

    /// A token and which of its secrets proved it.
    ///
    /// @param hash of that secret
    public record Proof(ServiceToken token, String hash) {
        @Override
        public String toString() {
            return "Proof[" + token + "]";
        }
    }

    /// The token that these credentials prove, and that it was used now.
    ///
    /// @return null when they prove none
    public @Nullable Proof check(String id, String secret) {
        ServiceTokenTable.Row row = byId.get(id);
        String hash = Secrets.hash(secret);
        if (row == null) {
            return null;
        }
        Instant now = clock.instant();
        if (!proves(hash, row, now)) {
            return null;
        }
        used.put(id, now.truncatedTo(ChronoUnit.MINUTES));
        return new Proof(row.token(), hash);
    }

    private static boolean proves(String hash, ServiceTokenTable.Row row, Instant now) {
        String previous = row.previousHash();
        Instant until = row.token().previousUntil();
        boolean current = Secrets.equal(hash, row.secretHash());
        boolean before =
                previous != null
                        && until != null
                        && until.isAfter(now)
                        && Secrets.equal(hash, previous);
        return (current || before) && isValid(row.token(), now);
    }

    /// Whether what was proven once would be proven now: the token is there, and the secret not rotated away.
    public boolean isGood(Proof proof) {
        ServiceTokenTable.Row row = byId.get(proof.token().id());
        return row != null && proves(proof.hash(), row, clock.instant());
    }

    /// Whether a token that was good once still is.
    public boolean isValid(String id) {
        ServiceTokenTable.Row row = byId.get(id);
        return row != null && isValid(row.token(), clock.instant());
    }

    private static boolean isValid(ServiceToken token, Instant now) {
        Instant expires = token.expiresAt();
        return expires == null || expires.isAfter(now);
    }

    /// @param life null for one that does not expire
    public synchronized Made create(String name, @Nullable Duration life) throws StateException {
        if (!NAME.matcher(name).matches()) {
            throw new StateException(
                    Code.INVALID,
                    "name "
                            + StateException.quoted(name)
                            + " (expected: 1 to 64 letters, digits and . _ -, beginning with a"
                            + " letter or digit)",
                    "choose another name");
        }
        if (byId.size() >= MAX) {
            throw new StateException(
                    Code.LIMIT,
                    "there are " + MAX + " service tokens already",
                    "revoke those that are not used");
        }
        byte[] random = new byte[ID_BYTES];
        RANDOM.nextBytes(random);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        ServiceToken token =
                new ServiceToken(
                        HexFormat.of().formatHex(random) + ".access",
                        name,
                        now,
                        null,
                        life == null ? null : now.plus(life),
                        null);
        String secret = Secrets.make();
        ServiceTokenTable.Row row = new ServiceTokenTable.Row(token, Secrets.hash(secret), null);
        if (!database.transaction(c -> ServiceTokenTable.insert(c, row))) {
            throw new StateException(
                    Code.CONFLICT,
                    "a service token named " + StateException.quoted(name) + " exists already",
                    "choose another name, rotate it, or revoke it first");
        }
        byId.put(token.id(), row);
        return new Made(token, secret);
    }

    /// Gives it a new secret. The old one counts for the overlap.
    ///
    /// @param life from now, null keeps the expiry there is
    public synchronized Made rotate(String nameOrId, Duration overlap, @Nullable Duration life)
            throws StateException {
        ServiceTokenTable.Row old = find(nameOrId);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        ServiceToken token =
                new ServiceToken(
                        old.token().id(),
                        old.token().name(),
                        old.token().createdAt(),
                        overlap.isZero() ? null : now.plus(overlap),
                        life == null ? old.token().expiresAt() : now.plus(life),
                        old.token().lastUsedAt());
        String secret = Secrets.make();
        ServiceTokenTable.Row row =
                new ServiceTokenTable.Row(
                        token, Secrets.hash(secret), overlap.isZero() ? null : old.secretHash());
        database.transaction(c -> {
            ServiceTokenTable.rotate(c, row);
            return true;
        });
        byId.put(token.id(), row);
        listeners.forEach(listener -> listener.accept(token));
        return new Made(token, secret);
    }

    /// It counts no more, also on streams that are open. So it is when the database cannot be written; that is
    /// done later then.
    public synchronized ServiceToken revoke(String nameOrId) throws StateException {
        ServiceToken token = find(nameOrId).token();
        byId.remove(token.id());
        used.remove(token.id());
        unwritten.add(token.id());
        listeners.forEach(listener -> listener.accept(token));
        try {
            writeRevocations();
        } catch (StateException e) {
            if (e.code() != Code.STORAGE) {
                throw e;
            }
            log.warn("Revocation is not written down yet token={}", token.name(), e);
        }
        return token;
    }

    private void writeRevocations() throws StateException {
        Set<String> revoked = Set.copyOf(unwritten);
        if (revoked.isEmpty()) {
            return;
        }
        database.transaction(c -> {
            for (String id : revoked) {
                ServiceTokenTable.delete(c, id);
            }
            return true;
        });
        unwritten.removeAll(revoked);
    }

    private ServiceTokenTable.Row find(String nameOrId) throws StateException {
        for (ServiceTokenTable.Row row : byId.values()) {
            if (row.token().name().equals(nameOrId) || row.token().id().equals(nameOrId)) {
                return row;
            }
        }
        throw new StateException(
                Code.NOT_FOUND,
                "no service token is called " + StateException.quoted(nameOrId),
                "see which there are with: gateway service-token list");
    }

    /// Writes down when tokens were last used. To be called each minute.
    public void maintain() throws StateException {
        writeRevocations();
        Map<String, Instant> written = Map.copyOf(used);
        if (written.isEmpty()) {
            return;
        }
        database.transaction(c -> {
            ServiceTokenTable.used(c, written);
            return true;
        });
        written.forEach((id, at) -> {
            byId.computeIfPresent(
                    id,
                    (same, row) ->
                            new ServiceTokenTable.Row(
                                    at(row.token(), at), row.secretHash(), row.previousHash()));
            used.remove(id, at);
        });
    }
}
