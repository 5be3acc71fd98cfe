package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshAccess;
import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.protocols.ssh.SshCertificate;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a certificate says of whom policies let in. Nothing of it comes from the client but the key.
///
/// Stateless.
final class UserClaims {
    /// The extension that names the session; not critical, so that hosts pass over it.
    static final String SESSION = "session@culvert.dev";

    /// The extension that names the application whose policies let somebody in; likewise.
    static final String APPLICATION = "application@culvert.dev";

    /// Clocks of hosts may be behind by this.
    private static final Duration EARLIER = Duration.ofMinutes(1);

    private static final int SESSION_SHOWN = 8;

    private UserClaims() {}

    /// @param principals some of those that the policy has
    /// @throws RefusedException when there are none, or the session is over
    static SshCertificate of(
            Admitted admitted,
            SshPublicKey key,
            List<String> principals,
            long serial,
            SshPublicKey authority,
            Instant now)
            throws RefusedException {
        if (principals.isEmpty()) {
            throw new RefusedException(
                    "no_principals",
                    "the policy has no login name for " + admitted.actor(),
                    "ask the owner of the edge for ssh.principals in the policy of "
                            + admitted.application());
        }
        SshAccess ssh = admitted.ssh();
        return new SshCertificate(
                key,
                SshCertificate.Use.USER,
                serial,
                id(admitted),
                principals,
                now.minus(EARLIER).truncatedTo(ChronoUnit.SECONDS),
                end(admitted, now),
                criticalOptions(ssh),
                extensions(admitted),
                authority);
    }

    private static Instant end(Admitted admitted, Instant now) throws RefusedException {
        Instant end = now.plus(admitted.ssh().settings().certificateLife());
        Instant session = admitted.expiresAt();
        if (session != null && session.isBefore(end)) {
            end = session;
        }
        end = end.truncatedTo(ChronoUnit.SECONDS);
        if (!end.isAfter(now)) {
            throw new RefusedException(
                    "session_ended", "the session has ended", "sign in again: access login URL");
        }
        return end;
    }

    /// Hosts write it into their logs.
    private static String id(Admitted admitted) {
        Person person = admitted.person();
        String session =
                person == null
                        ? ""
                        : " session " + person.session().toString().substring(0, SESSION_SHOWN);
        return admitted.actor() + session;
    }

    /// Certificates cannot say "no commands", but can say which one runs whatever is asked for.
    private static SortedMap<String, String> criticalOptions(SshAccess ssh) {
        SortedMap<String, String> options = new TreeMap<>();
        if (!ssh.allows(Use.SHELL) && !ssh.allows(Use.EXEC)) {
            options.put("force-command", ssh.allows(Use.SFTP) ? "internal-sftp" : "/bin/false");
        }
        return options;
    }

    private static SortedMap<String, String> extensions(Admitted admitted) {
        SshAccess ssh = admitted.ssh();
        SortedMap<String, String> extensions = new TreeMap<>();
        if (ssh.allows(Use.SHELL)) {
            extensions.put("permit-pty", "");
        }
        if (ssh.allows(Use.LOCAL_FORWARD) || ssh.allows(Use.REMOTE_FORWARD)) {
            extensions.put("permit-port-forwarding", "");
        }
        if (ssh.allows(Use.AGENT)) {
            extensions.put("permit-agent-forwarding", "");
        }
        if (ssh.allows(Use.X11)) {
            extensions.put("permit-X11-forwarding", "");
        }
        Person person = admitted.person();
        if (person != null) {
            extensions.put(SESSION, person.session().toString());
        }
        extensions.put(APPLICATION, admitted.application());
        return extensions;
    }
}
