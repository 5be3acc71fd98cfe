package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshSettings.Recording;
import dev.culvert.plugin.ssh.edge.Credential;
import dev.culvert.plugin.ssh.edge.HostCertificates;
import dev.culvert.plugin.ssh.edge.UserCertificates;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.ssh.SshCertificate;
import dev.culvert.protocols.ssh.SshCertificate.Use;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/// Signs certificates: those of users under one authority, those of hosts under another. Each signature is in the
/// audit log.
///
/// Thread-safe. Blocking.
public final class Authority implements UserCertificates, HostCertificates {
    /// Of the edge's own certificates as a host.
    private static final Duration OWN_HOST_LIFE = Duration.ofHours(24);

    /// Clocks of clients may be behind by this.
    private static final Duration EARLIER = Duration.ofHours(1);

    private static final String EDGE = "edge";
    private static final int NONCE_BYTES = 32;

    private final EdgeServices services;
    private final KeyRings rings;
    private final OwnHostCertificates own = new OwnHostCertificates();
    private final SecureRandom random = new SecureRandom();

    public Authority(EdgeServices services) {
        this.services = services;
        this.rings = new KeyRings(services.store(), services.clock());
    }

    /// A certificate, and its line for a file.
    record Signed(SshCertificate certificate, byte[] bytes) {
        String line() {
            return certificate.line(bytes);
        }
    }

    KeyRings rings() {
        return rings;
    }

    /// The public keys that certificates of users may be signed by.
    ///
    /// @throws RefusedException when the authority cannot be read (`authority_unavailable`)
    public List<SshPublicKey> ofUsers() throws RefusedException {
        return published(Use.USER);
    }

    /// The public keys that certificates of hosts may be signed by.
    ///
    /// @throws RefusedException when the authority cannot be read (`authority_unavailable`)
    public List<SshPublicKey> ofHosts() throws RefusedException {
        return published(Use.HOST);
    }

    private List<SshPublicKey> published(Use use) throws RefusedException {
        return rings.of(use).generations().stream().flatMap(one -> one.keys().stream()).toList();
    }

    /// The application whose policies let the user of a certificate in, null when it says none.
    ///
    /// @param certificate whose signature, authority and time are checked already
    public static @Nullable String applicationOf(OpenSshCertificate certificate) {
        return certificate.getExtensionsMap().get(UserClaims.APPLICATION);
    }

    /// The session in a certificate of a user, null when there is none.
    ///
    /// @param certificate whose signature, authority and time are checked already
    public static @Nullable UUID sessionOf(OpenSshCertificate certificate) {
        String text = certificate.getExtensionsMap().get(UserClaims.SESSION);
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// A certificate for the key of somebody's client, for all login names that the policy has. It is good for
    /// connections that the edge does not see, so there is none where sessions have to be recorded.
    Signed sign(Admitted admitted, SshPublicKey key) throws RefusedException {
        if (admitted.ssh().settings().recording() == Recording.REQUIRED) {
            throw new RefusedException(
                    "recording_required",
                    "sessions of "
                            + admitted.application()
                            + " have to be recorded, and a certificate opens the host to some that"
                            + " are not",
                    "open https://"
                            + admitted.host()
                            + " in a browser, or use ssh LOGIN%"
                            + admitted.host()
                            + "@EDGE");
        }
        return signUser(admitted, key, admitted.ssh().principals(), "client");
    }

    @Override
    public Credential issue(Admitted admitted, String login) throws RefusedException {
        if (!admitted.ssh().principals().contains(login)) {
            throw new RefusedException(
                    "login_refused",
                    "the policy does not let "
                            + admitted.actor()
                            + " sign in as "
                            + ProtocolException.quote(login)
                            + " by certificate (allowed: "
                            + admitted.ssh().principals()
                            + ")",
                    "use one of these names, or a password or key of the host");
        }
        KeyPair pair = freshPair();
        Signed signed = signUser(admitted, keyOf(pair.getPublic()), List.of(login), EDGE);
        return new Credential(pair, parsed(signed.bytes()));
    }

    private Signed signUser(
            Admitted admitted, SshPublicKey key, List<String> principals, String side)
            throws RefusedException {
        AuthorityKey signer = rings.of(Use.USER).signing().signerFor(key.type());
        SshCertificate certificate =
                UserClaims.of(
                        admitted,
                        key,
                        principals,
                        random.nextLong(),
                        signer.open(),
                        services.clock().instant());
        Signed signed = signed(certificate, signer);
        services.audit(
                AuditNote.of(
                        admitted,
                        "signed",
                        "certificate",
                        "user",
                        "for",
                        side,
                        "serial",
                        Long.toUnsignedString(certificate.serial()),
                        "principals",
                        String.join(",", certificate.principals()),
                        "key",
                        key.fingerprint(),
                        "authority",
                        signer.open().fingerprint(),
                        "until",
                        certificate.validBefore().toString()));
        return signed;
    }

    @Override
    public OpenSshCertificate issue(PublicKey key, String hostname) throws RefusedException {
        SshPublicKey open = keyOf(key);
        Generation signing = rings.of(Use.HOST).signing();
        Instant now = services.clock().instant();
        OpenSshCertificate known =
                own.find(open, hostname, signing.signerFor(open.type()).open(), now);
        if (known != null) {
            return known;
        }
        Signed signed = signHost(open, hostname, OWN_HOST_LIFE, EDGE);
        OpenSshCertificate made = parsed(signed.bytes());
        own.keep(signed.certificate(), made, now);
        return made;
    }

    /// A certificate for a host's own key.
    ///
    /// @param hostname as clients know it, without port
    /// @param actor who asks, for the audit log
    Signed signHost(SshPublicKey key, String hostname, Duration life, String actor)
            throws RefusedException {
        AuthorityKey signer = rings.of(Use.HOST).signing().signerFor(key.type());
        Instant now = services.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        SshCertificate certificate =
                new SshCertificate(
                        key,
                        Use.HOST,
                        random.nextLong(),
                        hostname,
                        List.of(hostname),
                        now.minus(EARLIER),
                        now.plus(life),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        signer.open());
        Signed signed = signed(certificate, signer);
        services.audit(
                new AuditNote(
                        actor,
                        "signed",
                        null,
                        hostname,
                        null,
                        null,
                        "certificate",
                        "host",
                        "serial",
                        Long.toUnsignedString(certificate.serial()),
                        "key",
                        key.fingerprint(),
                        "authority",
                        signer.open().fingerprint(),
                        "until",
                        certificate.validBefore().toString()));
        return signed;
    }

    private Signed signed(SshCertificate certificate, AuthorityKey signer) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return new Signed(certificate, certificate.sign(nonce, signer::sign));
    }

    private static KeyPair freshPair() {
        try {
            return KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no Ed25519 here", e);
        }
    }

    /// A key as SSHD has it.
    private static SshPublicKey keyOf(PublicKey key) {
        try {
            ByteArrayBuffer buffer = new ByteArrayBuffer();
            buffer.putRawPublicKey(key);
            return SshPublicKey.of(buffer.getCompactData());
        } catch (ProtocolException e) {
            throw new IllegalArgumentException(
                    "a key for certificates was expected: " + key.getAlgorithm(), e);
        }
    }

    private static OpenSshCertificate parsed(byte[] bytes) {
        try {
            return (OpenSshCertificate) new ByteArrayBuffer(bytes).getRawPublicKey();
        } catch (SshException e) {
            throw new IllegalStateException("SSHD does not read our certificate", e);
        }
    }
}
