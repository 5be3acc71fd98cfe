package dev.culvert.edge.tokens;

import dev.culvert.edge.state.SecretSeal;
import dev.culvert.edge.state.StateException;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The table `signing_keys`. Used inside a transaction.
final class SigningKeyTable {
    private SigningKeyTable() {}

    /// The newest first.
    static List<SigningKey> all(Connection connection, SecretSeal seal)
            throws SQLException, StateException {
        List<SigningKey> keys = new ArrayList<>();
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "SELECT id, private_ciphertext, private_nonce, private_key_id,"
                                        + " created_at, retires_at FROM signing_keys"
                                        + " ORDER BY created_at DESC, id");
                ResultSet found = select.executeQuery()) {
            while (found.next()) {
                UUID id = UUID.fromString(found.getString(1));
                SecretSeal.Sealed sealed =
                        new SecretSeal.Sealed(
                                found.getBytes(2), found.getBytes(3), found.getString(4));
                Instant createdAt = Instant.ofEpochMilli(found.getLong(5));
                long retires = found.getLong(6);
                Instant retiresAt = found.wasNull() ? null : Instant.ofEpochMilli(retires);
                byte[] secret = seal.unseal(id, sealed);
                keys.add(SigningKey.read(id, secret, createdAt, retiresAt));
                if (!sealed.keyId.equals(seal.currentKeyId())) {
                    reseal(connection, id, seal.seal(id, secret));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new StateException(
                    StateException.Code.STORAGE,
                    "a signing key of the state cannot be read",
                    "restore the state from a backup",
                    e);
        }
        return keys;
    }

    static void insert(Connection connection, SecretSeal seal, SigningKey key) throws SQLException {
        SecretSeal.Sealed sealed = seal.seal(key.id(), key.encoded());
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO signing_keys (id, private_ciphertext, private_nonce,"
                                + " private_key_id, created_at) VALUES (?, ?, ?, ?, ?)")) {
            insert.setString(1, key.id().toString());
            insert.setBytes(2, sealed.ciphertext);
            insert.setBytes(3, sealed.nonce);
            insert.setString(4, sealed.keyId);
            insert.setLong(5, key.createdAt().toEpochMilli());
            insert.executeUpdate();
        }
    }

    private static void reseal(Connection connection, UUID id, SecretSeal.Sealed sealed)
            throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE signing_keys SET private_ciphertext = ?, private_nonce = ?,"
                                + " private_key_id = ? WHERE id = ?")) {
            update.setBytes(1, sealed.ciphertext);
            update.setBytes(2, sealed.nonce);
            update.setString(3, sealed.keyId);
            update.setString(4, id.toString());
            update.executeUpdate();
        }
    }

    static void retire(Connection connection, UUID id, Instant at) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE signing_keys SET retires_at = ? WHERE id = ?")) {
            update.setLong(1, at.toEpochMilli());
            update.setString(2, id.toString());
            update.executeUpdate();
        }
    }

    static void prune(Connection connection, Instant now) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM signing_keys WHERE retires_at < ?")) {
            delete.setLong(1, now.toEpochMilli());
            delete.executeUpdate();
        }
    }
}
