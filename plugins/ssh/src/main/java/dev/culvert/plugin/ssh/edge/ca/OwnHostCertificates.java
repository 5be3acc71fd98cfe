package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.protocols.ssh.SshCertificate;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.jspecify.annotations.Nullable;

/// The edge's own certificates as a host, until half of their life is over: a connection need not wait for a
/// signature, nor the audit log have one for each. Those used longest ago are forgotten.
///
/// Thread-safe.
final class OwnHostCertificates {
    private static final int MOST = 1024;

    private final Map<Of, Kept> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Of, Kept> eldest) {
                    return size() > MOST;
                }
            };

    private record Of(SshPublicKey key, String hostname, SshPublicKey authority) {}

    private record Kept(OpenSshCertificate certificate, Instant freshUntil) {}

    synchronized @Nullable OpenSshCertificate find(
            SshPublicKey key, String hostname, SshPublicKey authority, Instant now) {
        Kept found = kept.get(new Of(key, hostname, authority));
        return found != null && now.isBefore(found.freshUntil) ? found.certificate : null;
    }

    /// @param made the same as SSHD has it
    synchronized void keep(SshCertificate certificate, OpenSshCertificate made, Instant now) {
        Duration left = Duration.between(now, certificate.validBefore());
        kept.put(
                new Of(certificate.key(), certificate.id(), certificate.authority()),
                new Kept(made, now.plus(left.dividedBy(2))));
    }
}
