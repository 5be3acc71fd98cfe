package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.ca.Authority;
import java.io.IOException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whose a public key is: registered by somebody who is signed in, or in a certificate that our authority has
/// signed for a session that is alive, and which leads to its application alone.
///
/// Thread-safe. Blocking.
final class KnownKeys implements PublickeyAuthenticator {
    private static final Logger log = LoggerFactory.getLogger(KnownKeys.class);

    /// SSHD checks the address itself. Any other option restricts what a certificate may be used for, at hosts.
    private static final Set<String> OPTIONS = Set.of("source-address");

    private final EdgeServices services;
    private final Authority authority;

    KnownKeys(EdgeServices services, Authority authority) {
        this.services = services;
        this.authority = authority;
    }

    /// Notes whose it is in the [Visit]; a proof follows.
    @Override
    public boolean authenticate(String user, PublicKey key, ServerSession session) {
        Visit.Offer offer =
                key instanceof OpenSshCertificate signed ? byCertificate(signed) : byKey(blob(key));
        if (offer == null) {
            return false;
        }
        Visit.of(session).offer(offer);
        return true;
    }

    private Visit.@Nullable Offer byKey(byte[] blob) {
        try {
            Person person = services.byPublicKey(blob);
            return person == null ? null : new Visit.Offer(person, blob, null);
        } catch (IOException e) {
            log.warn("Registered keys cannot be looked up", e);
            return null;
        }
    }

    /// SSHD has checked its time and its signature by the authority that it names.
    private Visit.@Nullable Offer byCertificate(OpenSshCertificate certificate) {
        try {
            if (!isOurs(certificate.getCaPubKey())
                    || !OPTIONS.containsAll(certificate.getCriticalOptionsMap().keySet())) {
                return null;
            }
        } catch (RefusedException e) {
            log.warn("Certificates of users cannot be checked: {}", e.getMessage());
            return null;
        }
        UUID session = Authority.sessionOf(certificate);
        String application = Authority.applicationOf(certificate);
        Person person = session == null ? null : services.person(session);
        return person == null || application == null
                ? null
                : new Visit.Offer(person, blob(certificate), application);
    }

    private boolean isOurs(PublicKey signer) throws RefusedException {
        byte[] blob = blob(signer);
        return authority.ofUsers().stream().anyMatch(key -> Arrays.equals(key.bytes(), blob));
    }

    private static byte[] blob(PublicKey key) {
        ByteArrayBuffer buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(key);
        return buffer.getCompactData();
    }
}
