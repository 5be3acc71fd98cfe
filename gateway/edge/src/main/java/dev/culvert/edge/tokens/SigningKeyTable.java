package dev.culvert.edge.tokens;

import dev.culvert.edge.state.SecretSeal;
import dev.culvert.edge.state.Sql;
import dev.culvert.edge.state.StateException;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// The table `signing_keys`. Used inside a transaction.
final class SigningKeyTable {
    private SigningKeyTable() {}

    /// The newest first.
    static List<SigningKey> all(Connection connection, SecretSeal seal)
            throws SQLException, StateException {
        return Sql.all(
                connection,
                "SELECT id, private_ciphertext, private_nonce, private_key_id, created_at,"
                        + " retires_at FROM signing_keys ORDER BY created_at DESC, id",
                row -> key(connection, seal, row));
    }

    private static SigningKey key(Connection connection, SecretSeal seal, ResultSet row)
            throws SQLException, StateException {
        UUID id = Sql.id(row, "id");
        SecretSeal.Sealed sealed =
                new SecretSeal.Sealed(
                        row.getBytes("private_ciphertext"),
                        row.getBytes("private_nonce"),
                        row.getString("private_key_id"));
        byte[] secret = seal.unseal(id, sealed);
        if (!sealed.keyId.equals(seal.currentKeyId())) {
            reseal(connection, id, seal.seal(id, secret));
        }
        try {
            return SigningKey.read(
                    id, secret, Sql.time(row, "created_at"), Sql.timeOrNull(row, "retires_at"));
        } catch (GeneralSecurityException e) {
            throw new StateException(
                    StateException.Code.STORAGE,
                    "a signing key of the state cannot be read",
                    "restore the state from a backup",
                    e);
        }
    }

    static void insert(Connection connection, SecretSeal seal, SigningKey key) throws SQLException {
        SecretSeal.Sealed sealed = seal.seal(key.id(), key.encoded());
        Sql.update(
                connection,
                "INSERT INTO signing_keys (id, private_ciphertext, private_nonce, private_key_id,"
                        + " created_at) VALUES (?, ?, ?, ?, ?)",
                key.id(),
                sealed.ciphertext,
                sealed.nonce,
                sealed.keyId,
                key.createdAt());
    }

    private static void reseal(Connection connection, UUID id, SecretSeal.Sealed sealed)
            throws SQLException {
        Sql.update(
                connection,
                "UPDATE signing_keys SET private_ciphertext = ?, private_nonce = ?,"
                        + " private_key_id = ? WHERE id = ?",
                sealed.ciphertext,
                sealed.nonce,
                sealed.keyId,
                id);
    }

    static void retire(Connection connection, UUID id, Instant at) throws SQLException {
        Sql.update(connection, "UPDATE signing_keys SET retires_at = ? WHERE id = ?", at, id);
    }

    static void prune(Connection connection, Instant now) throws SQLException {
        Sql.update(connection, "DELETE FROM signing_keys WHERE retires_at < ?", now);
    }
}
