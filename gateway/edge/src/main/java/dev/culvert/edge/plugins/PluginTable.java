package dev.culvert.edge.plugins;

import dev.culvert.edge.state.SecretSeal;
import dev.culvert.edge.state.Sql;
import dev.culvert.edge.state.StateException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// The table `plugin_values`. Used inside a transaction.
final class PluginTable {
    private PluginTable() {}

    record Row(String name, byte[] value) {}

    static List<Row> all(Connection connection, SecretSeal seal, String plugin, String kind)
            throws SQLException, StateException {
        return Sql.all(
                connection,
                "SELECT name, value, nonce, key_id FROM plugin_values WHERE plugin = ? AND kind = ?"
                        + " ORDER BY name",
                row -> new Row(row.getString("name"), opened(connection, seal, plugin, kind, row)),
                plugin,
                kind);
    }

    static List<Row> get(
            Connection connection, SecretSeal seal, String plugin, String kind, String name)
            throws SQLException, StateException {
        return Sql.all(
                connection,
                "SELECT name, value, nonce, key_id FROM plugin_values WHERE plugin = ? AND kind = ?"
                        + " AND name = ?",
                row -> new Row(row.getString("name"), opened(connection, seal, plugin, kind, row)),
                plugin,
                kind,
                name);
    }

    private static byte[] opened(
            Connection connection, SecretSeal seal, String plugin, String kind, ResultSet row)
            throws SQLException, StateException {
        String keyId = row.getString("key_id");
        byte[] value = row.getBytes("value");
        if (keyId == null) {
            return value;
        }
        String name = row.getString("name");
        byte[] secret =
                seal.unseal(
                        owner(plugin, kind, name),
                        new SecretSeal.Sealed(value, row.getBytes("nonce"), keyId));
        if (!keyId.equals(seal.currentKeyId())) {
            SecretSeal.Sealed anew = seal.seal(owner(plugin, kind, name), secret);
            Sql.update(
                    connection,
                    "UPDATE plugin_values SET value = ?, nonce = ?, key_id = ?"
                            + " WHERE plugin = ? AND kind = ? AND name = ?",
                    anew.ciphertext,
                    anew.nonce,
                    anew.keyId,
                    plugin,
                    kind,
                    name);
        }
        return secret;
    }

    /// What a sealed value is bound to: it cannot be moved to another name.
    private static UUID owner(String plugin, String kind, String name) {
        return UUID.nameUUIDFromBytes(
                (plugin + '\0' + kind + '\0' + name).getBytes(StandardCharsets.UTF_8));
    }

    static void put(
            Connection connection,
            SecretSeal seal,
            String plugin,
            String kind,
            String name,
            byte[] value,
            boolean isSecret,
            Instant now)
            throws SQLException {
        delete(connection, plugin, kind, name);
        SecretSeal.Sealed sealed = isSecret ? seal.seal(owner(plugin, kind, name), value) : null;
        Sql.update(
                connection,
                "INSERT INTO plugin_values (plugin, kind, name, value, nonce, key_id, changed_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                plugin,
                kind,
                name,
                sealed == null ? value : sealed.ciphertext,
                sealed == null ? null : sealed.nonce,
                sealed == null ? null : sealed.keyId,
                now);
    }

    static boolean delete(Connection connection, String plugin, String kind, String name)
            throws SQLException {
        return Sql.update(
                        connection,
                        "DELETE FROM plugin_values WHERE plugin = ? AND kind = ? AND name = ?",
                        plugin,
                        kind,
                        name)
                > 0;
    }
}
