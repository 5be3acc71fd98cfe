package dev.culvert.plugin.ssh.edge;

import java.security.KeyPair;
import org.apache.sshd.common.config.keys.OpenSshCertificate;

/// A fresh pair of keys and a certificate for it, in memory only. Immutable.
///
/// @param pair Ed25519; its private key is secret
public record Credential(KeyPair pair, OpenSshCertificate certificate) {
    /// Without the private key.
    @Override
    public String toString() {
        return "Credential[" + certificate.getId() + "]";
    }
}
