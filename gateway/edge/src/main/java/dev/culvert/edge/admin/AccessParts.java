package dev.culvert.edge.admin;

import dev.culvert.edge.admission.RulesInForce;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.identity.Invitations;
import dev.culvert.edge.identity.LocalAccounts;
import dev.culvert.edge.identity.Passkeys;
import dev.culvert.edge.identity.ServiceTokens;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.identity.Users;
import dev.culvert.edge.plugins.LiveSessions;
import dev.culvert.edge.recordings.EdgeRecordings;
import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;

/// Who may come in, as administrators see and change it. Thread-safe.
///
/// @param origin of the auth host: `https://` and its authority
public record AccessParts(
        State state,
        RulesInForce rules,
        Sessions sessions,
        ServiceTokens serviceTokens,
        Users users,
        Invitations invitations,
        Passkeys passkeys,
        AuditLog audit,
        EdgeRecordings recordings,
        LiveSessions desktops,
        Supplier<String> origin) {

    /// What links begin with while no edge runs, whose configuration would say it.
    static final String UNKNOWN_ORIGIN = "https://AUTH_HOST";

    /// Of a state that no edge has open. The audit log is the caller's to close.
    public static AccessParts open(State state, Path directory) throws StateException {
        InstantSource clock = InstantSource.system();
        Database database = state.database();
        // Invitations need no host; only passkeys and codes by time do.
        LocalAccounts accounts = LocalAccounts.open(database, state.secrets(), clock, "localhost");
        return new AccessParts(
                state,
                new RulesInForce(database, null, null, clock),
                new Sessions(database, clock),
                new ServiceTokens(database, clock),
                accounts.users(),
                accounts.invitations(),
                accounts.passkeys(),
                new AuditLog(database, directory, clock).start(),
                EdgeRecordings.ofState(state, directory, clock),
                new LiveSessions(),
                () -> UNKNOWN_ORIGIN);
    }
}
