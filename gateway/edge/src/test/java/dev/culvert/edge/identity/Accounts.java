package dev.culvert.edge.identity;

import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import java.nio.file.Path;
import java.time.Duration;

/// Everything about accounts on a real database, with a clock that is moved by hand and passwords that cost
/// little.
public final class Accounts implements AutoCloseable {
    static final Argon2id.Cost CHEAP = new Argon2id.Cost(64, 1, 1);
    public static final String PASSWORD = "seven tame herons";
    public static final String AUTHORITY = "auth.example.com:8443";

    private final StateDirectory directory;
    private final State state;
    public final MovableClock clock;
    public final LocalAccounts all;
    public final Users users;
    public final Passwords passwords;
    public final TotpSecrets totp;
    public final RecoveryCodes recoveryCodes;
    public final Passkeys passkeys;
    public final Invitations invitations;

    public Accounts(Path path) throws Exception {
        this(path, new MovableClock());
    }

    Accounts(Path path, MovableClock clock) throws Exception {
        this.clock = clock;
        directory = StateDirectory.open(path);
        state = State.open(directory, null);
        all =
                LocalAccounts.open(
                        database(),
                        state.secrets(),
                        clock,
                        "auth.example.com",
                        new Argon2id(CHEAP, 2, Duration.ofMinutes(1)));
        users = all.users();
        passwords = all.passwords();
        totp = all.totp();
        recoveryCodes = all.recoveryCodes();
        passkeys = all.passkeys();
        invitations = all.invitations();
    }

    public Database database() {
        return state.database();
    }

    public State state() {
        return state;
    }

    /// A user with a password.
    public User user(String email) throws Exception {
        User user = users.create(email, "Ann", false);
        passwords.change(user.id(), PASSWORD);
        return user;
    }

    @Override
    public void close() {
        state.close();
        directory.close();
    }
}
