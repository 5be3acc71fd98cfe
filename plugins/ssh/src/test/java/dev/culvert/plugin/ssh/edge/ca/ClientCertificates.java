package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.ssh.SshPublicKey;

/// Certificates as `access ssh-gen` gets them, for tests of who takes them.
public final class ClientCertificates {
    private ClientCertificates() {}

    /// A line for a file `…-cert.pub`.
    public static String line(Authority authority, Admitted admitted, SshPublicKey key)
            throws RefusedException {
        return authority.sign(admitted, key).line() + "\n";
    }
}
