package dev.culvert.edge.identity;

import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.Sql;
import dev.culvert.edge.state.StateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/// The users' passwords: hashed by [Argon2id], accepted by [PasswordRules].
///
/// Thread-safe. Blocking: virtual threads only.
public final class Passwords {
    private final Database database;
    private final Users users;
    private final Argon2id argon2id;

    public Passwords(Database database, Users users) {
        this(database, users, new Argon2id());
    }

    Passwords(Database database, Users users, Argon2id argon2id) {
        this.database = database;
        this.users = users;
        this.argon2id = argon2id;
    }

    private record Row(User user, String hash) {}

    /// The enabled user with this address and password. Takes as long when there is none.
    public Optional<User> find(String email, String typed)
            throws StateException, BusyException, InterruptedException {
        String address = EmailAddress.normal(email);
        return check(
                address == null
                        ? Optional.empty()
                        : database.transaction(c -> row(c, UserTable.byEmail(c, address))),
                typed);
    }

    /// Whether this enabled user has this password.
    public boolean isRight(UUID user, String typed)
            throws StateException, BusyException, InterruptedException {
        return check(database.transaction(c -> row(c, UserTable.byId(c, user))), typed).isPresent();
    }

    private Optional<User> check(Optional<Row> row, String typed)
            throws StateException, BusyException, InterruptedException {
        String password = PasswordRules.prepared(typed);
        String hash = row.map(Row::hash).orElse(null);
        if (!argon2id.matches(password, hash) || hash == null) {
            return Optional.empty();
        }
        Optional<User> user = row.map(Row::user).filter(User::isEnabled);
        if (user.isPresent() && argon2id.isOutdated(hash)) {
            rehash(user.get().id(), hash, argon2id.hash(password));
        }
        return user;
    }

    /// The user, if there is one with a password, and its hash.
    private static Optional<Row> row(Connection connection, Optional<User> user)
            throws SQLException {
        if (user.isEmpty()) {
            return Optional.empty();
        }
        return Sql.first(
                connection,
                "SELECT password_hash FROM users WHERE id = ? AND password_hash IS NOT NULL",
                row -> new Row(user.get(), row.getString(1)),
                user.get().id());
    }

    /// Only where the password has not been changed meanwhile.
    private void rehash(UUID user, String old, String fresh) throws StateException {
        database.transaction(c ->
                Sql.update(
                        c,
                        "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?",
                        fresh,
                        user,
                        old));
    }

    /// The hash of a password that is accepted for this user, for [#store].
    String hashed(String typed, String email, String name)
            throws StateException, BusyException, InterruptedException {
        String password = PasswordRules.prepared(typed);
        PasswordRules.check(password, email, name);
        return argon2id.hash(password);
    }

    /// Within a transaction of the caller's.
    static void store(Connection connection, UUID user, String hash) throws SQLException {
        Sql.update(connection, "UPDATE users SET password_hash = ? WHERE id = ?", hash, user);
    }

    /// Gives the user another password.
    ///
    /// @throws StateException when the password is not accepted
    public void change(UUID user, String typed)
            throws StateException, BusyException, InterruptedException {
        User known = users.require(user);
        String hash = hashed(typed, known.email(), known.name());
        database.transaction(c -> {
            store(c, user, hash);
            return true;
        });
        users.changed(users.require(user));
    }
}
