package dev.culvert.edge.identity;

import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.Sql;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.policy.Identity;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Public keys that people have registered, in the table `ssh_keys`: at most 20 each, and no key for two people.
///
/// A key stands for a sign-in that lives: alone it lets nobody in. With no session of its owner's alive, the
/// owner signs in with a browser first.
///
/// Thread-safe. Blocking, where it does not say otherwise: virtual threads only.
public final class SshKeys {
    static final int MAX_OF_ONE = 20;

    private final Database database;
    private final InstantSource clock;

    /// By fingerprint: used, but not in the database yet. Registered keys only.
    private final Map<String, Instant> used = new ConcurrentHashMap<>();

    public SshKeys(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// The oldest first.
    ///
    /// @param identity of [Identity#id]
    public List<SshKey> list(String identity) throws StateException {
        return database.transaction(c -> list(c, identity)).stream().map(this::asOfNow).toList();
    }

    private static List<SshKey> list(Connection connection, String identity) throws SQLException {
        return Sql.all(
                connection,
                "SELECT fingerprint, type, name, created_at, last_used_at FROM ssh_keys"
                        + " WHERE identity = ? ORDER BY created_at, fingerprint",
                SshKeys::read,
                identity);
    }

    private static SshKey read(ResultSet row) throws SQLException {
        return new SshKey(
                row.getString("fingerprint"),
                row.getString("type"),
                row.getString("name"),
                Sql.time(row, "created_at"),
                Sql.timeOrNull(row, "last_used_at"));
    }

    private SshKey asOfNow(SshKey key) {
        Instant at = used.get(key.fingerprint());
        return at == null
                ? key
                : new SshKey(key.fingerprint(), key.type(), key.name(), key.createdAt(), at);
    }

    /// @param name empty for the key's comment, or its kind
    /// @throws StateException when somebody has this key, or this person 20
    public SshKey add(Identity owner, String name, PastedKey key) throws StateException {
        String shown = name.isBlank() ? named(key) : PersonName.parse(name);
        Instant now = Instant.ofEpochMilli(clock.millis());
        SshKey added =
                new SshKey(key.key().fingerprint(), key.key().type().word(), shown, now, null);
        database.transaction(c -> insert(c, owner.id(), added));
        return added;
    }

    private static String named(PastedKey key) {
        try {
            return PersonName.parse(key.comment());
        } catch (StateException e) {
            return key.key().type().word();
        }
    }

    private static boolean insert(Connection connection, String identity, SshKey key)
            throws SQLException, StateException {
        if (list(connection, identity).size() >= MAX_OF_ONE) {
            throw new StateException(
                    Code.LIMIT,
                    "there are " + MAX_OF_ONE + " keys already",
                    "remove one that is not used");
        }
        int inserted =
                Sql.update(
                        connection,
                        "INSERT INTO ssh_keys (fingerprint, identity, type, name, created_at)"
                                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO NOTHING",
                        key.fingerprint(),
                        identity,
                        key.type(),
                        key.name(),
                        key.createdAt());
        if (inserted == 0) {
            throw new StateException(
                    Code.CONFLICT,
                    "the key " + key.fingerprint() + " is registered already",
                    "if you did not do that, ask an administrator: a key is one person's");
        }
        return true;
    }

    /// @return false when the person has no such key
    public boolean remove(String identity, String fingerprint) throws StateException {
        return database.transaction(c ->
                Sql.update(
                                c,
                                "DELETE FROM ssh_keys WHERE identity = ? AND fingerprint = ?",
                                identity,
                                fingerprint)
                        == 1);
    }

    /// How many each has who has any, by [Identity#id].
    public Map<String, Integer> counts() throws StateException {
        Map<String, Integer> counts = new HashMap<>();
        database.transaction(c ->
                        Sql.all(
                                c,
                                "SELECT identity, COUNT(*) AS keys FROM ssh_keys GROUP BY identity",
                                row -> Map.entry(row.getString("identity"), row.getInt("keys"))))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    /// [Identity#id] of who has registered a key.
    ///
    /// @param blob the key as on the wire
    public Optional<String> identityOf(byte[] blob) throws StateException {
        return database.transaction(c ->
                Sql.first(
                        c,
                        "SELECT identity FROM ssh_keys WHERE fingerprint = ?",
                        row -> row.getString("identity"),
                        SshPublicKey.fingerprint(blob)));
    }

    /// The newest living session of who has registered a key; null when nobody has, or they have to sign in
    /// again.
    ///
    /// @param blob the key as on the wire
    public @Nullable Session sessionOf(byte[] blob, Sessions sessions) throws StateException {
        String identity = identityOf(blob).orElse(null);
        return identity == null ? null : sessions.newestOf(identity);
    }

    /// Somebody has proven to hold a registered key; written to the database by [#maintain]. Does not block.
    public void used(byte[] blob) {
        used.put(SshPublicKey.fingerprint(blob), clock.instant());
    }

    /// Writes down when keys were used last. To be called each minute.
    public void maintain() throws StateException {
        Map<String, Instant> written = Map.copyOf(used);
        if (written.isEmpty()) {
            return;
        }
        database.transaction(c -> {
            for (Map.Entry<String, Instant> use : written.entrySet()) {
                Sql.update(
                        c,
                        "UPDATE ssh_keys SET last_used_at = ? WHERE fingerprint = ?",
                        use.getValue(),
                        use.getKey());
            }
            return true;
        });
        written.forEach(used::remove);
    }
}
