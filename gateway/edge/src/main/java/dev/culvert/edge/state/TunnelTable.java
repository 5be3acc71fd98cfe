package dev.culvert.edge.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The table `tunnels`. Used inside a transaction, by one thread at a time.
final class TunnelTable {
    private TunnelTable() {}

    /// A living tunnel with its sealed secret.
    record Row(UUID id, String name, Instant createdAt, long rotation, SecretSeal.Sealed secret) {}

    static List<Row> living(Connection connection) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "SELECT id, name, created_at, rotation, secret_ciphertext,"
                                        + " secret_nonce, secret_key_id FROM tunnels"
                                        + " WHERE deleted_at IS NULL ORDER BY created_at, id");
                ResultSet found = select.executeQuery()) {
            while (found.next()) {
                rows.add(
                        new Row(
                                UUID.fromString(found.getString(1)),
                                found.getString(2),
                                Instant.ofEpochMilli(found.getLong(3)),
                                found.getLong(4),
                                new SecretSeal.Sealed(
                                        found.getBytes(5), found.getBytes(6), found.getString(7))));
            }
        }
        return rows;
    }

    /// @return false when a living tunnel has this name
    static boolean insert(
            Connection connection, UUID id, String name, Instant now, SecretSeal.Sealed secret)
            throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO tunnels (id, name, created_at, secret_ciphertext,"
                                + " secret_nonce, secret_key_id) VALUES (?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (name) WHERE deleted_at IS NULL DO NOTHING"
                                + " RETURNING id")) {
            insert.setString(1, id.toString());
            insert.setString(2, name);
            insert.setLong(3, now.toEpochMilli());
            insert.setBytes(4, secret.ciphertext);
            insert.setBytes(5, secret.nonce);
            insert.setString(6, secret.keyId);
            try (ResultSet inserted = insert.executeQuery()) {
                return inserted.next();
            }
        }
    }

    static Optional<SecretSeal.Sealed> secret(Connection connection, UUID id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT secret_ciphertext, secret_nonce, secret_key_id FROM tunnels"
                                + " WHERE id = ? AND deleted_at IS NULL")) {
            select.setString(1, id.toString());
            try (ResultSet found = select.executeQuery()) {
                return found.next()
                        ? Optional.of(
                                new SecretSeal.Sealed(
                                        found.getBytes(1), found.getBytes(2), found.getString(3)))
                        : Optional.empty();
            }
        }
    }

    /// The same secret under another key.
    static void reseal(Connection connection, UUID id, SecretSeal.Sealed secret)
            throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE tunnels SET secret_ciphertext = ?, secret_nonce = ?,"
                                + " secret_key_id = ? WHERE id = ?")) {
            update.setBytes(1, secret.ciphertext);
            update.setBytes(2, secret.nonce);
            update.setString(3, secret.keyId);
            update.setString(4, id.toString());
            update.executeUpdate();
        }
    }

    /// A new secret.
    static void rotate(
            Connection connection, UUID id, Instant now, long rotation, SecretSeal.Sealed secret)
            throws SQLException {
        reseal(connection, id, secret);
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE tunnels SET rotation = ?, rotated_at = ? WHERE id = ?")) {
            update.setLong(1, rotation);
            update.setLong(2, now.toEpochMilli());
            update.setString(3, id.toString());
            update.executeUpdate();
        }
    }

    /// Keeps the row, forgets the secret.
    static void delete(Connection connection, UUID id, Instant now) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE tunnels SET deleted_at = ?, secret_ciphertext = NULL,"
                                + " secret_nonce = NULL, secret_key_id = NULL WHERE id = ?")) {
            update.setLong(1, now.toEpochMilli());
            update.setString(2, id.toString());
            update.executeUpdate();
        }
    }
}
