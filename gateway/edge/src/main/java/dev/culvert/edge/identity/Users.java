package dev.culvert.edge.identity;

import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.policy.Identity;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The people who have accounts here. One enabled admin remains, whatever is asked.
///
/// A change is on the disk when its method returns, and listeners have seen it by then.
///
/// Thread-safe. Blocking: virtual threads only.
public final class Users implements Standing {
    private static final Logger LOG = LoggerFactory.getLogger(Users.class);
    static final int MAX_USERS = 50_000;

    /// The login method of accounts here.
    public static final String LOCAL = "local";

    private final Database database;
    private final InstantSource clock;
    private final List<Consumer<User>> listeners = new CopyOnWriteArrayList<>();
    private final Set<String> admins = ConcurrentHashMap.newKeySet();
    private final Map<String, Instant> changedAt = new ConcurrentHashMap<>();

    public Users(Database database, InstantSource clock) throws StateException {
        this.database = database;
        this.clock = clock;
        list().forEach(this::note);
    }

    @Override
    public boolean isAdmin(Identity identity) {
        return identity.loginMethod().equals(LOCAL) && admins.contains(identity.id());
    }

    @Override
    public boolean changedSince(Identity identity, Instant moment) {
        Instant last = identity.loginMethod().equals(LOCAL) ? changedAt.get(identity.id()) : null;
        return last != null && last.isAfter(moment);
    }

    /// When the account was changed last; long ago when that was before this process began. Never blocks.
    public Instant changedAt(UUID id) {
        return changedAt.getOrDefault(id.toString(), Instant.EPOCH);
    }

    /// Calls the listener with each user that was made or changed, as it is now; a deleted one as disabled. It
    /// runs on the changing thread.
    public void onChange(Consumer<User> listener) {
        listeners.add(listener);
    }

    /// A user who cannot sign in here yet: a password or passkey comes by an invitation.
    public User create(String email, String name, boolean admin) throws StateException {
        User user = database.transaction(c -> insert(c, email, name, admin));
        changed(user);
        LOG.info("User created user={} admin={}", user.id(), admin);
        return user;
    }

    /// Within a transaction of the caller's.
    User insert(Connection connection, String email, String name, boolean admin)
            throws SQLException, StateException {
        String address = EmailAddress.parse(email);
        String shown = PersonName.parse(name);
        if (UserTable.count(connection) >= MAX_USERS) {
            throw new StateException(
                    Code.LIMIT,
                    "there are " + MAX_USERS + " users already",
                    "delete users who are gone, or let people in by an identity provider");
        }
        UUID id = UUID.randomUUID();
        if (!UserTable.insert(connection, id, address, shown, admin, now())) {
            throw new StateException(
                    Code.CONFLICT,
                    "a user with the e-mail address "
                            + StateException.quoted(address)
                            + " exists already",
                    "change that user, or delete it first");
        }
        return UserTable.byId(connection, id).orElseThrow();
    }

    /// By e-mail address.
    public List<User> list() throws StateException {
        return database.transaction(UserTable::all);
    }

    public Optional<User> byId(UUID id) throws StateException {
        return database.transaction(c -> UserTable.byId(c, id));
    }

    /// @param email in any case; what is no address is nobody's
    public Optional<User> byEmail(String email) throws StateException {
        String address = EmailAddress.normal(email);
        return address == null
                ? Optional.empty()
                : database.transaction(c -> UserTable.byEmail(c, address));
    }

    /// The user, who is known to be there.
    User require(UUID id) throws StateException {
        return database.transaction(c -> require(c, id));
    }

    public User rename(UUID id, String name) throws StateException {
        String shown = PersonName.parse(name);
        return changed("renamed", id, c -> UserTable.rename(c, id, shown));
    }

    public User makeAdmin(UUID id) throws StateException {
        return changed("made admin", id, c -> UserTable.setAdmin(c, id, true));
    }

    public User unmakeAdmin(UUID id) throws StateException {
        return changed(
                "no longer admin",
                id,
                c -> {
                    keepOneAdmin(c, id);
                    UserTable.setAdmin(c, id, false);
                });
    }

    /// Nobody gets in as this user until it is enabled again.
    public User disable(UUID id) throws StateException {
        return changed(
                "disabled",
                id,
                c -> {
                    keepOneAdmin(c, id);
                    UserTable.setDisabled(c, id, now());
                });
    }

    public User enable(UUID id) throws StateException {
        return changed("enabled", id, c -> UserTable.setDisabled(c, id, null));
    }

    public void delete(UUID id) throws StateException {
        User gone =
                database.transaction(c -> {
                    User user = require(c, id);
                    keepOneAdmin(c, id);
                    UserTable.delete(c, id);
                    return user.disabled(now());
                });
        LOG.info("User deleted user={}", id);
        changed(gone);
    }

    @FunctionalInterface
    private interface Change {
        void apply(Connection connection) throws SQLException, StateException;
    }

    private User changed(String what, UUID id, Change change) throws StateException {
        User user =
                database.transaction(c -> {
                    require(c, id);
                    change.apply(c);
                    return require(c, id);
                });
        LOG.info("User {} user={}", what, id);
        changed(user);
        return user;
    }

    private static User require(Connection connection, UUID id)
            throws SQLException, StateException {
        return UserTable.byId(connection, id)
                .orElseThrow(() ->
                        new StateException(
                                Code.NOT_FOUND,
                                "no user has the id " + id,
                                "see which there are with: gateway user list"));
    }

    private static void keepOneAdmin(Connection connection, UUID leaving)
            throws SQLException, StateException {
        User user = require(connection, leaving);
        boolean last =
                UserTable.enabledAdmins(connection) == 1
                        || UserTable.readyAdmins(connection).equals(List.of(leaving));
        if (user.isAdmin() && user.isEnabled() && last) {
            throw new StateException(
                    Code.CONFLICT,
                    StateException.quoted(user.email()) + " is the last admin",
                    "make somebody else an admin first");
        }
    }

    /// After a transaction that made the user what it is now.
    void changed(User user) {
        changedAt.put(user.id().toString(), clock.instant());
        note(user);
        for (Consumer<User> listener : listeners) {
            try {
                listener.accept(user);
            } catch (RuntimeException e) {
                // The change is committed; one listener's fault must not make it look refused.
                LOG.error("Listener for changes of users failed", e);
            }
        }
    }

    private void note(User user) {
        if (user.isAdmin() && user.isEnabled()) {
            admins.add(user.id().toString());
        } else {
            admins.remove(user.id().toString());
        }
    }

    /// As precise as the database keeps it.
    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
