package dev.culvert.edge.identity;

import dev.culvert.edge.state.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The table `users`, without its secrets. Used inside a transaction, by one thread at a time.
final class UserTable {
    private static final String COLUMNS =
            "SELECT id, email, name, is_admin, password_hash IS NOT NULL AS has_password,"
                    + " totp_ciphertext IS NOT NULL AS has_totp, created_at, disabled_at FROM users";

    private UserTable() {}

    static User read(ResultSet row) throws SQLException {
        return new User(
                Sql.id(row, "id"),
                row.getString("email"),
                row.getString("name"),
                row.getBoolean("is_admin"),
                row.getBoolean("has_password"),
                row.getBoolean("has_totp"),
                Sql.time(row, "created_at"),
                Sql.timeOrNull(row, "disabled_at"));
    }

    /// By e-mail address.
    static List<User> all(Connection connection) throws SQLException {
        return Sql.all(connection, COLUMNS + " ORDER BY email", UserTable::read);
    }

    static Optional<User> byId(Connection connection, UUID id) throws SQLException {
        return Sql.first(connection, COLUMNS + " WHERE id = ?", UserTable::read, id);
    }

    static Optional<User> byEmail(Connection connection, String email) throws SQLException {
        return Sql.first(connection, COLUMNS + " WHERE email = ?", UserTable::read, email);
    }

    static int count(Connection connection) throws SQLException {
        return Sql.first(connection, "SELECT COUNT(*) FROM users", row -> row.getInt(1))
                .orElseThrow();
    }

    static int enabledAdmins(Connection connection) throws SQLException {
        return Sql.first(
                        connection,
                        "SELECT COUNT(*) FROM users WHERE is_admin = ? AND disabled_at IS NULL",
                        row -> row.getInt(1),
                        true)
                .orElseThrow();
    }

    /// The enabled admins who have a way to sign in: an invitation alone is none.
    static List<UUID> readyAdmins(Connection connection) throws SQLException {
        return Sql.all(
                connection,
                "SELECT id FROM users WHERE is_admin = ? AND disabled_at IS NULL"
                        + " AND (password_hash IS NOT NULL OR EXISTS"
                        + " (SELECT 1 FROM passkeys WHERE user_id = users.id))",
                row -> Sql.id(row, "id"),
                true);
    }

    /// @return false when somebody has this address
    static boolean insert(
            Connection connection, UUID id, String email, String name, boolean admin, Instant now)
            throws SQLException {
        return Sql.update(
                        connection,
                        "INSERT INTO users (id, email, name, is_admin, created_at)"
                                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING",
                        id,
                        email,
                        name,
                        admin,
                        now)
                == 1;
    }

    static void rename(Connection connection, UUID id, String name) throws SQLException {
        Sql.update(connection, "UPDATE users SET name = ? WHERE id = ?", name, id);
    }

    static void setAdmin(Connection connection, UUID id, boolean admin) throws SQLException {
        Sql.update(connection, "UPDATE users SET is_admin = ? WHERE id = ?", admin, id);
    }

    static void setDisabled(Connection connection, UUID id, @Nullable Instant since)
            throws SQLException {
        Sql.update(connection, "UPDATE users SET disabled_at = ? WHERE id = ?", since, id);
    }

    static void delete(Connection connection, UUID id) throws SQLException {
        Sql.update(connection, "DELETE FROM recovery_codes WHERE user_id = ?", id);
        Sql.update(connection, "DELETE FROM passkeys WHERE user_id = ?", id);
        Sql.update(connection, "DELETE FROM invitations WHERE user_id = ?", id);
        Sql.update(connection, "DELETE FROM ssh_keys WHERE identity = ?", id);
        Sql.update(connection, "DELETE FROM users WHERE id = ?", id);
    }
}
