package dev.culvert.plugin.ssh.edge.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.ssh.edge.Credential;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.protocols.ssh.SshCertificate;
import dev.culvert.protocols.ssh.SshKeyType;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuthorityTest {
    private final MemoryServices services = new MemoryServices();
    private final Authority authority = new Authority(services);

    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource
    void sshKeygenReadsACertificateForEachTypeOfKey(SshKeyType type) throws Exception {
        SshPublicKey key = Keys.of(type, directory);
        Authority.Signed signed =
                authority.sign(Ann.with(List.of("ann", "deploy"), Use.SHELL), key);
        Path file = directory.resolve("k-cert.pub");
        Files.writeString(file, signed.line() + " ann\n");

        String shown = OpenSshd.run("ssh-keygen", "-L", "-f", file.toString());

        String signer =
                type == SshKeyType.ED25519 || type == SshKeyType.SK_ED25519
                        ? "ssh-ed25519"
                        : "ecdsa-sha2-nistp256";
        assertThat(shown)
                .contains(
                        "Type: " + type.certificateWord() + " user certificate",
                        key.fingerprint(),
                        "(using " + signer + ")",
                        "Key ID: \"ann@example.com session 0b9f3a52\"",
                        "Serial: " + Long.toUnsignedString(signed.certificate().serial()),
                        "ann",
                        "deploy",
                        "Critical Options: (none)",
                        "permit-pty",
                        "application@culvert.dev",
                        "session@culvert.dev");
    }

    @Test
    void aCertificateHasTheLoginNamesOfThePolicyAndItsMinutes() throws RefusedException {
        SshCertificate made = sign(Ann.with(List.of("ann", "deploy"), Use.SHELL));

        assertThat(made.use()).isEqualTo(SshCertificate.Use.USER);
        assertThat(made.principals()).containsExactly("ann", "deploy");
        Instant now = services.now.truncatedTo(ChronoUnit.SECONDS);
        assertThat(made.validAfter()).isEqualTo(now.minusSeconds(60));
        assertThat(made.validBefore()).isEqualTo(now.plus(Duration.ofMinutes(5)));
    }

    @Test
    void serialsDiffer() throws RefusedException {
        Ann ann = Ann.with(List.of("ann"), Use.SHELL);
        assertThat(Set.of(sign(ann).serial(), sign(ann).serial(), sign(ann).serial())).hasSize(3);
    }

    @Test
    void aCertificateEndsWithTheSession() throws RefusedException {
        Instant end = services.now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(90);
        assertThat(sign(Ann.with(List.of("ann"), Use.SHELL).until(end)).validBefore())
                .isEqualTo(end);
        Instant late = services.now.plus(Duration.ofHours(8));
        assertThat(sign(Ann.with(List.of("ann"), Use.SHELL).until(late)).validBefore())
                .isBefore(late);
    }

    @Test
    void theApplicationSaysHowLong() throws RefusedException {
        SshSettings absent = SshSettings.DEFAULT;
        SshSettings hour =
                new SshSettings(
                        absent.gateway(),
                        absent.recording(),
                        Duration.ofHours(1),
                        List.of(),
                        List.of());
        assertThat(sign(Ann.with(List.of("ann"), Use.SHELL).settings(hour)).validBefore())
                .isEqualTo(services.now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(3600));
    }

    @Test
    void nothingIsSignedForASessionThatIsOver() {
        Ann ann = Ann.with(List.of("ann"), Use.SHELL);
        refused("session_ended", () -> sign(ann.until(services.now)));
        refused("session_ended", () -> sign(ann.until(services.now.minusSeconds(1))));
        assertThat(services.notes).isEmpty();
    }

    @Test
    void nothingIsSignedWithoutLoginNames() {
        refused("no_principals", () -> sign(Ann.with(List.of(), Use.SHELL)));
        assertThat(services.notes).isEmpty();
    }

    @Test
    void extensionsAreThoseThatRightsAllow() throws RefusedException {
        assertThat(extensions(Use.SHELL)).containsExactlyInAnyOrder("permit-pty");
        assertThat(extensions(Use.EXEC, Use.SFTP, Use.ENV)).isEmpty();
        assertThat(extensions(Use.EXEC, Use.LOCAL_FORWARD))
                .containsExactly("permit-port-forwarding");
        assertThat(extensions(Use.EXEC, Use.REMOTE_FORWARD))
                .containsExactly("permit-port-forwarding");
        assertThat(extensions(Use.values()))
                .containsExactlyInAnyOrder(
                        "permit-pty",
                        "permit-port-forwarding",
                        "permit-agent-forwarding",
                        "permit-X11-forwarding");
    }

    @Test
    void withoutShellAndCommandsThereIsOneCommandThatRunsWhateverIsAskedFor()
            throws RefusedException {
        assertThat(sign(Ann.with(List.of("ann"), Use.SFTP)).criticalOptions())
                .isEqualTo(Map.of("force-command", "internal-sftp"));
        assertThat(sign(Ann.with(List.of("ann"), Use.LOCAL_FORWARD)).criticalOptions())
                .isEqualTo(Map.of("force-command", "/bin/false"));
        assertThat(sign(Ann.with(List.of("ann"), Use.EXEC)).criticalOptions()).isEmpty();
        assertThat(sign(Ann.with(List.of("ann"), Use.SHELL)).criticalOptions()).isEmpty();
    }

    @Test
    void eachSignatureIsAudited() throws RefusedException {
        SshPublicKey key = Keys.ed25519();
        authority.sign(Ann.with(List.of("ann", "deploy"), Use.SHELL), key);

        assertThat(services.notes).hasSize(1);
        AuditNote note = services.notes.getFirst();
        assertThat(note.actor()).isEqualTo("ann@example.com");
        assertThat(note.outcome()).isEqualTo("signed");
        assertThat(note.application()).isEqualTo("build");
        assertThat(note.address()).isEqualTo("192.0.2.7");
        assertThat(MemoryServices.detail(note, "key")).isEqualTo(key.fingerprint());
        assertThat(MemoryServices.detail(note, "principals")).isEqualTo("ann,deploy");
    }

    @Test
    void allThatIsKeptIsSealed() throws RefusedException {
        authority.ofUsers();
        authority.ofHosts();
        assertThat(services.store.isAllSealed()).isTrue();
    }

    @Test
    void usersAndHostsHaveDifferentAuthorities() throws RefusedException {
        assertThat(authority.ofUsers()).hasSize(2).doesNotContainAnyElementsOf(authority.ofHosts());
    }

    @Test
    void anotherEdgeOfTheSameStateSignsWithTheSameKeys() throws RefusedException {
        List<SshPublicKey> keys = authority.ofUsers();
        assertThat(new Authority(services).ofUsers()).isEqualTo(keys);
    }

    @Test
    void aStateThatCannotBeReadIsSaid() {
        services.store.breakDown();
        refused("authority_unavailable", authority::ofUsers);
    }

    @Test
    void theEdgeSignsInWithOneNameOfThePolicyAndAKeyOfItsOwn() throws Exception {
        Credential made = authority.issue(Ann.with(List.of("ann", "deploy"), Use.EXEC), "deploy");

        OpenSshCertificate certificate = made.certificate();
        assertThat(certificate.getPrincipals()).containsExactly("deploy");
        assertThat(KeyUtils.compareKeys(certificate.getCertPubKey(), made.pair().getPublic()))
                .isTrue();
        assertThat(Authority.sessionOf(certificate)).isEqualTo(Ann.PERSON.session());
        assertThat(isSignedBy(certificate, certificate.getCaPubKey())).isTrue();
        assertThat(made.toString()).doesNotContain("PRIVATE");
    }

    @Test
    void theEdgeSignsInWithNoOtherName() {
        Ann ann = Ann.with(List.of("ann"), Use.EXEC);
        refused("login_refused", () -> authority.issue(ann, "root"));
        refused("login_refused", () -> authority.issue(ann, ""));
        assertThat(services.notes).isEmpty();
    }

    @Test
    void aHostCertificateIsForOneNameAndTheSameForHours() throws Exception {
        PublicKey key = hostKey();
        OpenSshCertificate made = authority.issue(key, "build.example.com");

        assertThat(made.getType()).isEqualTo(OpenSshCertificate.Type.HOST);
        assertThat(made.getPrincipals()).containsExactly("build.example.com");
        assertThat(isSignedBy(made, made.getCaPubKey())).isTrue();
        services.pass(Duration.ofHours(11));
        assertThat(authority.issue(key, "build.example.com")).isSameAs(made);
        assertThat(authority.issue(key, "other.example.com")).isNotSameAs(made);
        services.pass(Duration.ofHours(2));
        assertThat(authority.issue(key, "build.example.com")).isNotSameAs(made);
        assertThat(services.notes).hasSize(3);
    }

    @Test
    void anActivatedAuthoritySignsTheNextHostCertificateAtOnce() throws Exception {
        PublicKey key = hostKey();
        OpenSshCertificate made = authority.issue(key, "build.example.com");
        authority.rings().change(SshCertificate.Use.HOST, ring -> ring.rotated(services.now));
        assertThat(authority.issue(key, "build.example.com")).isSameAs(made);
        authority.rings().change(SshCertificate.Use.HOST, ring -> ring.activated(services.now));
        assertThat(authority.issue(key, "build.example.com")).isNotSameAs(made);
        assertThat(authority.ofHosts()).hasSize(4);
        services.pass(KeyRings.LONGEST_OF_HOSTS);
        assertThat(authority.ofHosts()).hasSize(2);
    }

    private SshCertificate sign(Ann ann) throws RefusedException {
        return authority.sign(ann, Keys.ed25519()).certificate();
    }

    private Set<String> extensions(Use... uses) throws RefusedException {
        Map<String, String> all = sign(Ann.with(List.of("ann"), uses)).extensions();
        assertThat(all)
                .containsEntry("session@culvert.dev", Ann.PERSON.session().toString())
                .containsEntry("application@culvert.dev", "build");
        return all.keySet().stream()
                .filter(name -> !name.endsWith("@culvert.dev"))
                .collect(Collectors.toSet());
    }

    private static PublicKey hostKey() throws Exception {
        KeyPair pair = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
        return pair.getPublic();
    }

    private static boolean isSignedBy(OpenSshCertificate certificate, PublicKey authority)
            throws Exception {
        Signature signature = BuiltinSignatures.ed25519.create();
        signature.initVerifier(null, authority);
        signature.update(null, certificate.getMessage());
        return signature.verify(null, certificate.getSignature());
    }

    private static void refused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
