package dev.culvert.plugin.ssh.edge;

import dev.culvert.plugin.edge.RefusedException;
import java.security.PublicKey;
import org.apache.sshd.common.config.keys.OpenSshCertificate;

/// Certificates under which the edge itself is an SSH server. Thread-safe. Blocking.
public interface HostCertificates {
    /// A certificate for the edge's key as a host. The same one is answered for hours: ask for each connection,
    /// and an authority that was activated since is used.
    ///
    /// @param hostname as clients know it, without port
    /// @throws RefusedException when the authority cannot be read (`authority_unavailable`)
    OpenSshCertificate issue(PublicKey key, String hostname) throws RefusedException;
}
