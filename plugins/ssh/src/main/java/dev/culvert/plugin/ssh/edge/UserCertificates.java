package dev.culvert.plugin.ssh.edge;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;

/// Signs the edge's own sign-in at hosts, in the name of somebody. Thread-safe. Blocking.
public interface UserCertificates {
    /// A fresh pair and a certificate for one login name, for the minutes of the application and never longer
    /// than the session.
    ///
    /// @throws RefusedException when the policy does not have that name (`login_refused`), the session has ended
    ///     (`session_ended`), or the authority cannot be read (`authority_unavailable`)
    Credential issue(Admitted admitted, String login) throws RefusedException;
}
