package dev.culvert.edge.state;

import dev.culvert.edge.state.StateException.Code;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// The tables, as numbered steps that are never changed once released. SQL that SQLite and PostgreSQL
/// both understand: times are milliseconds since 1970, ids are text.
final class Schema {
    /// Statements of each version, from 1.
    private static final List<List<String>> STEPS =
            List.of(
                    List.of(
                            """
                            CREATE TABLE settings (
                              name TEXT PRIMARY KEY,
                              value TEXT NOT NULL)
                            """,
                            """
                            CREATE TABLE tunnels (
                              id TEXT PRIMARY KEY,
                              name TEXT NOT NULL,
                              secret_ciphertext BYTEA,
                              secret_nonce BYTEA,
                              secret_key_id TEXT,
                              rotation BIGINT NOT NULL DEFAULT 0,
                              rotated_at BIGINT,
                              created_at BIGINT NOT NULL,
                              deleted_at BIGINT)
                            """,
                            """
                            CREATE UNIQUE INDEX tunnels_name ON tunnels (name)
                              WHERE deleted_at IS NULL
                            """,
                            """
                            CREATE TABLE routes (
                              id TEXT PRIMARY KEY,
                              hostname TEXT NOT NULL UNIQUE,
                              tunnel_id TEXT NOT NULL REFERENCES tunnels (id),
                              is_public BOOLEAN NOT NULL DEFAULT FALSE,
                              application_id TEXT,
                              created_at BIGINT NOT NULL)
                            """,
                            "CREATE INDEX routes_tunnel ON routes (tunnel_id)"),
                    List.of(
                            """
                            CREATE TABLE tunnel_configurations (
                              tunnel_id TEXT PRIMARY KEY REFERENCES tunnels (id),
                              version BIGINT NOT NULL,
                              config TEXT,
                              changed_at BIGINT NOT NULL)
                            """),
                    List.of(
                            """
                            CREATE TABLE users (
                              id TEXT PRIMARY KEY,
                              email TEXT NOT NULL UNIQUE,
                              name TEXT NOT NULL,
                              is_admin BOOLEAN NOT NULL DEFAULT FALSE,
                              password_hash TEXT,
                              totp_ciphertext BYTEA,
                              totp_nonce BYTEA,
                              totp_key_id TEXT,
                              totp_last_step BIGINT,
                              created_at BIGINT NOT NULL,
                              disabled_at BIGINT)
                            """,
                            """
                            CREATE TABLE recovery_codes (
                              code_hash TEXT PRIMARY KEY,
                              user_id TEXT NOT NULL REFERENCES users (id))
                            """,
                            """
                            CREATE TABLE passkeys (
                              credential_id TEXT PRIMARY KEY,
                              user_id TEXT NOT NULL REFERENCES users (id),
                              name TEXT NOT NULL,
                              credential BYTEA NOT NULL,
                              sign_count BIGINT NOT NULL,
                              created_at BIGINT NOT NULL,
                              last_used_at BIGINT)
                            """,
                            """
                            CREATE TABLE invitations (
                              token_hash TEXT PRIMARY KEY,
                              purpose TEXT NOT NULL,
                              user_id TEXT REFERENCES users (id),
                              created_at BIGINT NOT NULL,
                              expires_at BIGINT NOT NULL)
                            """,
                            """
                            CREATE TABLE sessions (
                              id TEXT PRIMARY KEY,
                              kind TEXT NOT NULL,
                              secret_hash TEXT NOT NULL UNIQUE,
                              identity TEXT NOT NULL,
                              email TEXT NOT NULL,
                              address TEXT NOT NULL,
                              agent TEXT NOT NULL,
                              created_at BIGINT NOT NULL,
                              expires_at BIGINT NOT NULL,
                              last_seen_at BIGINT NOT NULL,
                              ended_at BIGINT)
                            """,
                            """
                            CREATE TABLE service_tokens (
                              id TEXT PRIMARY KEY,
                              name TEXT NOT NULL UNIQUE,
                              secret_hash TEXT NOT NULL,
                              previous_hash TEXT,
                              previous_until BIGINT,
                              created_at BIGINT NOT NULL,
                              expires_at BIGINT,
                              last_used_at BIGINT)
                            """,
                            """
                            CREATE TABLE signing_keys (
                              id TEXT PRIMARY KEY,
                              private_ciphertext BYTEA NOT NULL,
                              private_nonce BYTEA NOT NULL,
                              private_key_id TEXT NOT NULL,
                              created_at BIGINT NOT NULL,
                              retires_at BIGINT)
                            """,
                            """
                            CREATE TABLE access_rules (
                              version BIGINT PRIMARY KEY,
                              document TEXT NOT NULL,
                              changed_by TEXT NOT NULL,
                              changed_at BIGINT NOT NULL)
                            """,
                            """
                            CREATE TABLE audit (
                              id BIGINT PRIMARY KEY,
                              at BIGINT NOT NULL,
                              kind TEXT NOT NULL,
                              actor TEXT NOT NULL,
                              application TEXT,
                              host TEXT,
                              outcome TEXT NOT NULL,
                              policy TEXT,
                              address TEXT,
                              country TEXT,
                              request_id TEXT,
                              detail TEXT)
                            """,
                            "CREATE INDEX sessions_email ON sessions (email)",
                            "CREATE INDEX audit_at ON audit (at)"),
                    List.of(
                            """
                            CREATE TABLE ssh_keys (
                              fingerprint TEXT PRIMARY KEY,
                              identity TEXT NOT NULL,
                              type TEXT NOT NULL,
                              name TEXT NOT NULL,
                              created_at BIGINT NOT NULL,
                              last_used_at BIGINT)
                            """,
                            "CREATE INDEX ssh_keys_identity ON ssh_keys (identity)",
                            """
                            CREATE TABLE plugin_values (
                              plugin TEXT NOT NULL,
                              kind TEXT NOT NULL,
                              name TEXT NOT NULL,
                              value BYTEA NOT NULL,
                              nonce BYTEA,
                              key_id TEXT,
                              changed_at BIGINT NOT NULL,
                              PRIMARY KEY (plugin, kind, name))
                            """));

    private Schema() {}

    /// Runs the missing steps, each in a transaction of its own.
    static void upgrade(Database database) throws StateException {
        int version = database.transaction(Schema::version);
        if (version > STEPS.size()) {
            throw new StateException(
                    Code.STORAGE,
                    "the state has schema version "
                            + version
                            + " (expected: at most "
                            + STEPS.size()
                            + ")",
                    "start the newer release that wrote it, or restore an older backup");
        }
        for (int next = version + 1; next <= STEPS.size(); next++) {
            int step = next;
            database.transaction(connection -> apply(connection, step));
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE TABLE IF NOT EXISTS schema_versions (
                      version BIGINT PRIMARY KEY,
                      applied_at BIGINT NOT NULL)
                    """);
            try (ResultSet rows =
                    statement.executeQuery(
                            "SELECT COALESCE(MAX(version), 0) FROM schema_versions")) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    private static int apply(Connection connection, int version) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : STEPS.get(version - 1)) {
                statement.execute(sql);
            }
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "INSERT INTO schema_versions (version, applied_at) VALUES (?, ?)")) {
            statement.setInt(1, version);
            statement.setLong(2, System.currentTimeMillis());
            return statement.executeUpdate();
        }
    }
}
