package dev.culvert.edge.identity;

import dev.culvert.edge.identity.Invitation.Purpose;
import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.Sql;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One-time links by which people choose their password: the first admin, invited users, and those who
/// have lost theirs. Tokens are 256 random bits and kept as hashes; a new link to the same end makes the
/// ones before worthless.
///
/// Thread-safe. Blocking: virtual threads only.
public final class Invitations {
    public static final Duration FIRST_ADMIN_VALIDITY = Duration.ofHours(24);
    public static final Duration INVITE_VALIDITY = Duration.ofDays(3);
    public static final Duration RESET_VALIDITY = Duration.ofHours(1);

    private final Database database;
    private final InstantSource clock;
    private final Passwords passwords;
    private final Users users;

    public Invitations(Database database, InstantSource clock, Passwords passwords, Users users) {
        this.database = database;
        this.clock = clock;
        this.passwords = passwords;
        this.users = users;
    }

    /// A token for a user who has no password yet. A secret.
    public String invite(UUID user) throws StateException {
        return tokenFor(Purpose.INVITE, user, INVITE_VALIDITY);
    }

    /// A token for a user who has lost the password; until it is used, the password stays good. A secret.
    public String reset(UUID user) throws StateException {
        return tokenFor(Purpose.RESET, user, RESET_VALIDITY);
    }

    private String tokenFor(Purpose purpose, UUID user, Duration validity) throws StateException {
        return database.transaction(c -> {
            if (UserTable.byId(c, user).isEmpty()) {
                throw new StateException(
                        Code.NOT_FOUND,
                        "no user has the id " + user,
                        "see which there are with: gateway user list");
            }
            Sql.update(c, "DELETE FROM invitations WHERE user_id = ?", user);
            return insert(c, purpose, user, validity);
        });
    }

    /// A token by which the first admin is made; empty when there is an enabled admin. A secret.
    Optional<String> firstAdmin() throws StateException {
        return database.transaction(c -> {
            Sql.update(
                    c,
                    "DELETE FROM invitations WHERE purpose = ? OR expires_at <= ?",
                    Purpose.FIRST_ADMIN.name(),
                    clock.instant());
            return UserTable.enabledAdmins(c) > 0
                    ? Optional.<String>empty()
                    : Optional.of(insert(c, Purpose.FIRST_ADMIN, null, FIRST_ADMIN_VALIDITY));
        });
    }

    private String insert(
            Connection connection, Purpose purpose, @Nullable UUID user, Duration validity)
            throws SQLException {
        String token = Secrets.make();
        Instant now = clock.instant();
        Sql.update(
                connection,
                "INSERT INTO invitations (token_hash, purpose, user_id, created_at, expires_at)"
                        + " VALUES (?, ?, ?, ?, ?)",
                Secrets.hash(token),
                purpose.name(),
                user,
                now,
                now.plus(validity));
        return token;
    }

    /// What the token is for, while it is good.
    public Optional<Invitation> find(String token) throws StateException {
        return database.transaction(c -> living(c, token));
    }

    private Optional<Invitation> living(Connection connection, String token) throws SQLException {
        return Sql.first(
                connection,
                "SELECT purpose, user_id, expires_at FROM invitations"
                        + " WHERE token_hash = ? AND expires_at > ?",
                row -> read(connection, row),
                Secrets.hash(token),
                clock.instant());
    }

    private static Invitation read(Connection connection, ResultSet row) throws SQLException {
        String user = row.getString("user_id");
        return new Invitation(
                Purpose.valueOf(row.getString("purpose")),
                user == null
                        ? null
                        : UserTable.byId(connection, UUID.fromString(user)).orElseThrow(),
                Sql.time(row, "expires_at"));
    }

    /// Makes the first admin. The token is worthless afterwards.
    ///
    /// @throws StateException when the token is not good, or what was chosen is not accepted: then the
    ///     token stays good
    public User acceptFirstAdmin(String token, String email, String name, String password)
            throws StateException, BusyException, InterruptedException {
        String hash = passwords.hashed(password, EmailAddress.parse(email), PersonName.parse(name));
        User made =
                database.transaction(c -> {
                    take(c, token, Purpose.FIRST_ADMIN);
                    User user = users.insert(c, email, name, true);
                    Passwords.store(c, user.id(), hash);
                    return UserTable.byId(c, user.id()).orElseThrow();
                });
        users.changed(made);
        return made;
    }

    /// Sets the password of the user the token is for. The token is worthless afterwards.
    ///
    /// @param name the user's from now on, or empty for the one there is
    /// @throws StateException when the token is not good, or the password is not accepted: then the
    ///     token stays good
    public User accept(String token, String name, String password)
            throws StateException, BusyException, InterruptedException {
        User invited =
                find(token)
                        .flatMap(invitation -> Optional.ofNullable(invitation.user()))
                        .filter(User::isEnabled)
                        .orElseThrow(Invitations::notGood);
        String shown = name.isBlank() ? invited.name() : PersonName.parse(name);
        String hash = passwords.hashed(password, invited.email(), shown);
        database.transaction(c -> {
            take(c, token, Purpose.INVITE, Purpose.RESET);
            UserTable.rename(c, invited.id(), shown);
            Passwords.store(c, invited.id(), hash);
            return true;
        });
        User user = users.require(invited.id());
        users.changed(user);
        return user;
    }

    /// Uses a token up, for one of these purposes.
    private void take(Connection connection, String token, Purpose... purposes)
            throws SQLException, StateException {
        Invitation invitation = living(connection, token).orElseThrow(Invitations::notGood);
        boolean late =
                invitation.purpose() == Purpose.FIRST_ADMIN
                        && UserTable.enabledAdmins(connection) > 0;
        if (late || !List.of(purposes).contains(invitation.purpose())) {
            throw notGood();
        }
        Sql.update(connection, "DELETE FROM invitations WHERE token_hash = ?", Secrets.hash(token));
    }

    private static StateException notGood() {
        return new StateException(
                Code.NOT_FOUND,
                "this link has been used, has been replaced, or is too old",
                "ask an admin for a new one; the first admin's is printed when the edge starts");
    }
}
