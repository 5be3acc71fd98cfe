package dev.culvert.edge.identity;

import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.SecretSeal;
import dev.culvert.edge.state.StateException;
import java.time.InstantSource;

/// All about the accounts that this edge keeps itself. Thread-safe.
public record LocalAccounts(
        Users users,
        Passwords passwords,
        TotpSecrets totp,
        RecoveryCodes recoveryCodes,
        Passkeys passkeys,
        Challenges challenges,
        Invitations invitations,
        Throttle throttle) {

    /// @param host the auth host, without port: relying party of passkeys, issuer of codes
    public static LocalAccounts open(
            Database database, SecretSeal seal, InstantSource clock, String host)
            throws StateException {
        return open(database, seal, clock, host, new Argon2id());
    }

    static LocalAccounts open(
            Database database, SecretSeal seal, InstantSource clock, String host, Argon2id argon2id)
            throws StateException {
        Users users = new Users(database, clock);
        Passwords passwords = new Passwords(database, users, argon2id);
        return new LocalAccounts(
                users,
                passwords,
                new TotpSecrets(database, seal, clock, host),
                new RecoveryCodes(database),
                new Passkeys(database, clock, host),
                new Challenges(clock),
                new Invitations(database, clock, passwords, users),
                new Throttle(clock));
    }
}
