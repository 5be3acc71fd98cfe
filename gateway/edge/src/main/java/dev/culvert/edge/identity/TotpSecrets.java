package dev.culvert.edge.identity;

import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.SecretSeal;
import dev.culvert.edge.state.Sql;
import dev.culvert.edge.state.StateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The authenticator apps of the users: one secret each, sealed with the user's id, and the last step a
/// code was accepted of, so that no code is accepted twice.
///
/// A secret counts once a code has proven that the app has it.
///
/// Thread-safe. Blocking: virtual threads only.
public final class TotpSecrets {
    private static final Logger LOG = LoggerFactory.getLogger(TotpSecrets.class);
    private static final long NEVER = -1;

    private final Database database;
    private final SecretSeal seal;
    private final InstantSource clock;
    private final String issuer;

    /// Steps of codes whose use could not be written to the database.
    private final Map<UUID, Long> unkept = new ConcurrentHashMap<>();

    /// Seals again what an older key sealed.
    ///
    /// @param issuer shown by the app beside the account
    public TotpSecrets(Database database, SecretSeal seal, InstantSource clock, String issuer)
            throws StateException {
        this.database = database;
        this.seal = seal;
        this.clock = clock;
        this.issuer = issuer;
        database.transaction(this::resealAll);
    }

    /// A secret that does not count yet.
    ///
    /// @param secret in base 32, for typing it into an app
    /// @param uri for a QR code
    public record Offer(String secret, String uri) {
        /// Holds a secret.
        @Override
        public String toString() {
            return "Offer";
        }
    }

    private record Row(SecretSeal.Sealed secret, long lastStep) {}

    /// A new secret for the user's app.
    public Offer offer(User user) {
        byte[] secret = Totp.newSecret();
        return new Offer(Base32.encode(secret), Totp.uri(secret, issuer, user.email()));
    }

    /// Makes the offered secret the user's.
    ///
    /// @return false when the code is not one of this secret
    public boolean accept(UUID user, Offer offer, String code) throws StateException {
        byte[] secret = Base32.decode(offer.secret());
        OptionalLong step = Totp.matchingStep(secret, code, clock.instant(), NEVER);
        if (step.isEmpty()) {
            return false;
        }
        SecretSeal.Sealed sealed = seal.seal(user, secret);
        return database.transaction(c -> {
            store(c, user, sealed);
            return Sql.update(
                            c,
                            "UPDATE users SET totp_last_step = ? WHERE id = ?",
                            step.getAsLong(),
                            user)
                    == 1;
        });
    }

    /// Whether the code is one of the user's secret now; it is not a second time. Where the database cannot
    /// be written, memory alone knows that it was used: whoever mends a full disk has to sign in.
    public boolean use(UUID user, String code) throws StateException {
        OptionalLong step = database.transaction(c -> matchingStep(c, user, code));
        if (step.isEmpty()) {
            return false;
        }
        try {
            return database.transaction(c -> burn(c, user, step.getAsLong()));
        } catch (StateException e) {
            LOG.warn("A code that was used is in memory only user={}", user, e);
            return spend(user, step.getAsLong());
        }
    }

    /// @return false when another request was accepted with this step or a later one meanwhile
    private boolean spend(UUID user, long step) {
        long[] before = {NEVER};
        unkept.merge(
                user,
                step,
                (old, now) -> {
                    before[0] = old;
                    return Math.max(old, now);
                });
        return before[0] < step;
    }

    private OptionalLong matchingStep(Connection connection, UUID user, String code)
            throws SQLException, StateException {
        Optional<Row> row = row(connection, user);
        if (row.isEmpty()) {
            return OptionalLong.empty();
        }
        long last = Math.max(row.get().lastStep(), unkept.getOrDefault(user, NEVER));
        byte[] secret = seal.unseal(user, row.get().secret());
        return Totp.matchingStep(secret, code, clock.instant(), last);
    }

    /// Codes are no longer asked for.
    public void remove(UUID user) throws StateException {
        database.transaction(c ->
                Sql.update(
                        c,
                        "UPDATE users SET totp_ciphertext = NULL, totp_nonce = NULL,"
                                + " totp_key_id = NULL, totp_last_step = NULL WHERE id = ?",
                        user));
    }

    private static Optional<Row> row(Connection connection, UUID user) throws SQLException {
        return Sql.first(
                connection,
                "SELECT totp_ciphertext, totp_nonce, totp_key_id,"
                        + " COALESCE(totp_last_step, -1) FROM users"
                        + " WHERE id = ? AND totp_ciphertext IS NOT NULL",
                TotpSecrets::read,
                user);
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(
                new SecretSeal.Sealed(row.getBytes(1), row.getBytes(2), row.getString(3)),
                row.getLong(4));
    }

    private static void store(Connection connection, UUID user, SecretSeal.Sealed secret)
            throws SQLException {
        Sql.update(
                connection,
                "UPDATE users SET totp_ciphertext = ?, totp_nonce = ?, totp_key_id = ?"
                        + " WHERE id = ?",
                secret.ciphertext,
                secret.nonce,
                secret.keyId,
                user);
    }

    /// @return false when another request was accepted with this step or a later one meanwhile
    private static boolean burn(Connection connection, UUID user, long step) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE users SET totp_last_step = ? WHERE id = ?"
                                + " AND COALESCE(totp_last_step, -1) < ?",
                        step,
                        user,
                        step)
                == 1;
    }

    private boolean resealAll(Connection connection) throws SQLException, StateException {
        for (UUID user :
                Sql.all(
                        connection,
                        "SELECT id FROM users WHERE totp_key_id <> ?",
                        row -> Sql.id(row, "id"),
                        seal.currentKeyId())) {
            byte[] secret = seal.unseal(user, row(connection, user).orElseThrow().secret());
            store(connection, user, seal.seal(user, secret));
        }
        return true;
    }
}
