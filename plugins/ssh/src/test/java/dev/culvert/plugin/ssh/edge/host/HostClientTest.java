package dev.culvert.plugin.ssh.edge.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.edge.SshSettings.Recording;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.plugin.ssh.edge.TestEdge;
import dev.culvert.plugin.ssh.edge.TestEntry;
import dev.culvert.plugin.ssh.edge.io.SessionThreads;
import dev.culvert.plugin.ssh.edge.io.SessionTimer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.sshd.client.session.ClientConnectionServiceFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Signing in at OpenSSH, and what is said when that does not work.
@Timeout(120)
final class HostClientTest {
    @TempDir private Path directory;
    private final TestEdge edge = new TestEdge();
    private final ScheduledExecutorService timer = SessionTimer.start();
    private TestCertificates certificates;
    private HostClient client;

    @BeforeEach
    void start() throws Exception {
        certificates = new TestCertificates(directory, OpenSshd.USER);
        client = new HostClient(timer, new HostKeys(edge, List::of), certificates);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        timer.shutdownNow();
        SessionThreads.awaitNone();
    }

    private OpenSshd host(String... lines) throws Exception {
        return new OpenSshd(directory, String.join("\n", lines));
    }

    private String trustsUs() {
        return "TrustedUserCAKeys " + certificates.authority() + ".pub\nAuthorizedKeysFile none";
    }

    private SignIn pasted(Path key, String passphrase) throws Exception {
        return new SignIn.PastedKey(Files.readAllBytes(key), passphrase);
    }

    private void signsIn(TestEntry entry, SignIn how, HostDialog dialog) throws Exception {
        try (HostSession session = client.open(entry, OpenSshd.USER, how, dialog)) {
            assertThat(session.ssh().executeRemoteCommand("echo in")).isEqualTo("in\n");
        }
    }

    private RefusedException refused(TestEntry entry, SignIn how, HostDialog dialog) {
        return catchThrowableOfType(
                RefusedException.class,
                () -> client.open(entry, OpenSshd.USER, how, dialog).close());
    }

    @Test
    void signsInWithACertificate() throws Exception {
        try (OpenSshd host = host(trustsUs())) {
            signsIn(TestEntry.to(host.port()), new SignIn.Certificate(), TestDialog.trusting());
        }
    }

    @Test
    void aHostThatDoesNotTrustTheAuthoritySaysWhatItTakesInstead() throws Exception {
        try (OpenSshd host = host("PasswordAuthentication yes")) {
            RefusedException refused =
                    refused(
                            TestEntry.to(host.port()),
                            new SignIn.Certificate(),
                            TestDialog.trusting());
            assertThat(refused.code()).isEqualTo("sign_in_failed");
            assertThat(refused).hasMessageContaining("it takes publickey, password.");
            assertThat(refused.next()).contains("TrustedUserCAKeys", "a password");
        }
    }

    @Test
    void aCertificateForAnotherNameIsNotTaken() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        certificates = new TestCertificates(other, "somebody-else");
        client.close();
        client = new HostClient(timer, new HostKeys(edge, List::of), certificates);
        try (OpenSshd host = host(trustsUs())) {
            assertThat(
                            refused(
                                            TestEntry.to(host.port()),
                                            new SignIn.Certificate(),
                                            TestDialog.trusting())
                                    .code())
                    .isEqualTo("sign_in_failed");
        }
    }

    @Test
    void signsInWithAPastedKeyWhichIsOverwritten() throws Exception {
        try (OpenSshd host = host()) {
            byte[] text = Files.readAllBytes(host.key());
            signsIn(
                    TestEntry.to(host.port()),
                    new SignIn.PastedKey(text, ""),
                    TestDialog.trusting());
            assertThat(text).containsOnly(0);
        }
    }

    @Test
    void readsKeysOfOpenSshAndPemWithAndWithoutPassphrase() throws Exception {
        try (OpenSshd host = host()) {
            TestEntry entry = TestEntry.to(host.port());
            int count = 0;
            for (String type : List.of("ed25519", "ecdsa", "rsa")) {
                for (String format : List.of("RFC4716", "PEM", "PKCS8")) {
                    if (type.equals("ed25519") && !format.equals("RFC4716")) {
                        continue;
                    }
                    for (String passphrase : List.of("", "correct horse")) {
                        Path key = directory.resolve("key-" + count++);
                        OpenSshd.run(
                                "ssh-keygen",
                                "-q",
                                "-t",
                                type,
                                "-b",
                                type.equals("rsa") ? "2048" : "256",
                                "-m",
                                format,
                                "-N",
                                passphrase,
                                "-f",
                                key.toString());
                        Files.copy(
                                Path.of(key + ".pub"),
                                Path.of(host.key() + ".pub"),
                                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                        try {
                            signsIn(entry, pasted(key, passphrase), TestDialog.trusting());
                        } catch (RefusedException e) {
                            throw new AssertionError(type + " " + format + " " + passphrase, e);
                        }
                    }
                }
            }
        }
    }

    @Test
    void aWrongPassphraseAndNoKeyAtAllAreToldApart() throws Exception {
        Path key = directory.resolve("locked");
        OpenSshd.run(
                "ssh-keygen", "-q", "-t", "ed25519", "-N", "correct horse", "-f", key.toString());
        TestEntry entry = TestEntry.to(1);
        TestDialog dialog = TestDialog.trusting();
        assertThat(refused(entry, pasted(key, "wrong"), dialog).code()).isEqualTo("key_passphrase");
        assertThat(refused(entry, pasted(key, ""), dialog))
                .hasMessage("The private key is encrypted.");
        byte[] nonsense = "ssh-ed25519 AAAA".getBytes();
        assertThat(refused(entry, new SignIn.PastedKey(nonsense, ""), dialog).code())
                .isEqualTo("key_unreadable");
    }

    @Test
    void theFirstKeyIsShownAndThenKept() throws Exception {
        try (OpenSshd host = host(trustsUs())) {
            TestEntry entry = TestEntry.to(host.port());
            TestDialog first = TestDialog.trusting();
            signsIn(entry, new SignIn.Certificate(), first);
            String fingerprint =
                    OpenSshd.run("ssh-keygen", "-lf", host.hostKey() + ".pub").split(" ")[1];
            assertThat(first.shown)
                    .containsExactly(new HostDialog.ShownKey("ssh-ed25519", fingerprint));
            TestDialog second = new TestDialog(false, _ -> null);
            signsIn(entry, new SignIn.Certificate(), second);
            assertThat(second.shown).isEmpty();
            assertThat(edge.outcomes()).containsExactly("changed");
            assertThat(TestEdge.detail(edge.notes.getFirst(), "fingerprint"))
                    .isEqualTo(fingerprint);
        }
    }

    @Test
    void aKeyThatIsNotTrustedIsNotKept() throws Exception {
        try (OpenSshd host = host(trustsUs())) {
            RefusedException refused =
                    refused(
                            TestEntry.to(host.port()),
                            new SignIn.Certificate(),
                            new TestDialog(false, _ -> null));
            assertThat(refused.code()).isEqualTo("host_key_refused");
            assertThat(edge.store().all(HostKeys.KIND)).isEmpty();
        }
    }

    @Test
    void aChangedKeyIsRefusedAndNobodyIsAsked() throws Exception {
        try (OpenSshd host = host(trustsUs())) {
            signsIn(TestEntry.to(host.port()), new SignIn.Certificate(), TestDialog.trusting());
            Files.delete(host.hostKey());
        }
        try (OpenSshd host = host(trustsUs())) {
            TestDialog dialog = TestDialog.trusting();
            RefusedException refused =
                    refused(TestEntry.to(host.port()), new SignIn.Certificate(), dialog);
            assertThat(refused.code()).isEqualTo("host_key_changed");
            assertThat(dialog.shown).isEmpty();
        }
    }

    /// A host with several keys is asked for the one that is known.
    @Test
    void aHostThatGotAnotherKindOfKeyIsStillKnown() throws Exception {
        try (OpenSshd host = host(trustsUs(), "HostKeyAlgorithms rsa-sha2-512", rsaHostKey())) {
            signsIn(TestEntry.to(host.port()), new SignIn.Certificate(), TestDialog.trusting());
        }
        try (OpenSshd host = host(trustsUs(), "HostKey " + directory.resolve("host_rsa"))) {
            signsIn(
                    TestEntry.to(host.port()),
                    new SignIn.Certificate(),
                    new TestDialog(false, _ -> null));
        }
    }

    private String rsaHostKey() throws Exception {
        Path key = directory.resolve("host_rsa");
        OpenSshd.run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", key.toString());
        return "HostKey " + key;
    }

    private TestEntry pinned(OpenSshd host, List<String> keys, List<String> authorities) {
        SshSettings settings = TestEntry.settings(Recording.OFF, keys, authorities);
        return new TestEntry(host.port(), TestEntry.access(settings));
    }

    @Test
    void aPinnedKeyOrFingerprintIsEnoughAndAnotherRefused() throws Exception {
        TestDialog dialog = new TestDialog(false, _ -> null);
        try (OpenSshd host = host(trustsUs())) {
            String line = Files.readString(Path.of(host.hostKey() + ".pub"));
            String fingerprint =
                    OpenSshd.run("ssh-keygen", "-lf", host.hostKey() + ".pub").split(" ")[1];
            signsIn(pinned(host, List.of(line), List.of()), new SignIn.Certificate(), dialog);
            signsIn(
                    pinned(host, List.of(fingerprint), List.of()),
                    new SignIn.Certificate(),
                    dialog);
            String other = Files.readString(Path.of(certificates.authority() + ".pub"));
            RefusedException refused =
                    refused(
                            pinned(host, List.of(other), List.of()),
                            new SignIn.Certificate(),
                            dialog);
            assertThat(refused.code()).isEqualTo("host_key_unknown");
            assertThat(refused).hasMessageContaining(fingerprint);
        }
    }

    @Test
    void aHostCertificateOfANamedAuthorityIsEnough() throws Exception {
        TestDialog dialog = new TestDialog(false, _ -> null);
        String authority = Files.readString(Path.of(certificates.authority() + ".pub"));
        host().close();
        certificates.signHost(directory.resolve("host_key"), TestEntry.HOST, "-V", "+1h");
        try (OpenSshd host =
                host(trustsUs(), "HostCertificate " + directory.resolve("host_key-cert.pub"))) {
            signsIn(pinned(host, List.of(), List.of(authority)), new SignIn.Certificate(), dialog);
        }
    }

    @Test
    void aHostCertificateOfOurOwnAuthorityIsEnough() throws Exception {
        client.close();
        client =
                new HostClient(
                        timer, new HostKeys(edge, certificates::authorityKeys), certificates);
        host().close();
        certificates.signHost(directory.resolve("host_key"), TestEntry.HOST, "-V", "+1h");
        try (OpenSshd host =
                host(trustsUs(), "HostCertificate " + directory.resolve("host_key-cert.pub"))) {
            signsIn(
                    TestEntry.to(host.port()),
                    new SignIn.Certificate(),
                    new TestDialog(false, _ -> null));
        }
    }

    @Test
    void aHostCertificateOfAnotherNameOrTimeIsRefused() throws Exception {
        String authority = Files.readString(Path.of(certificates.authority() + ".pub"));
        host().close();
        Path key = directory.resolve("host_key");
        String[][] wrong = {
            {"other.example.com", "-V", "+1h"}, {TestEntry.HOST, "-V", "20200101:20200102"}
        };
        for (String[] each : wrong) {
            certificates.signHost(key, each[0], each[1], each[2]);
            try (OpenSshd host =
                    host(trustsUs(), "HostCertificate " + directory.resolve("host_key-cert.pub"))) {
                RefusedException refused =
                        refused(
                                pinned(host, List.of(), List.of(authority)),
                                new SignIn.Certificate(),
                                TestDialog.trusting());
                assertThat(refused.code()).isEqualTo("host_certificate_missing");
            }
        }
    }

    @Test
    void withANamedAuthorityAPlainKeyIsRefused() throws Exception {
        String authority = Files.readString(Path.of(certificates.authority() + ".pub"));
        try (OpenSshd host = host(trustsUs())) {
            RefusedException refused =
                    refused(
                            pinned(host, List.of(), List.of(authority)),
                            new SignIn.Certificate(),
                            TestDialog.trusting());
            assertThat(refused.code()).isEqualTo("host_certificate_missing");
        }
    }

    @Test
    void aHostWithOldAlgorithmsAloneIsSaidToBeOne() throws Exception {
        try (OpenSshd host = host("KexAlgorithms diffie-hellman-group14-sha1")) {
            assertThat(
                            refused(
                                            TestEntry.to(host.port()),
                                            new SignIn.Certificate(),
                                            TestDialog.trusting())
                                    .code())
                    .isEqualTo("host_no_algorithms");
        }
    }

    @Test
    void whatIsNoSshServerIsSaidToBeNone() throws Exception {
        try (ServerSocket web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (Socket client = web.accept()) {
                            client.getOutputStream().write("HTTP/1.1 400 no\r\n\r\n".getBytes());
                        } catch (java.io.IOException e) {
                            throw new AssertionError(e);
                        }
                    });
            assertThat(
                            refused(
                                            TestEntry.to(web.getLocalPort()),
                                            new SignIn.Certificate(),
                                            TestDialog.trusting())
                                    .code())
                    .isEqualTo("host_not_ssh");
        }
    }

    @Test
    void aServiceThatIsDownIsSaidInTheEdgesWords() throws Exception {
        assertThat(refused(TestEntry.to(1), new SignIn.Certificate(), TestDialog.trusting()).code())
                .isEqualTo("origin_refused");
    }

    /// The host's key is checked again whenever keys are exchanged anew, and nobody asked.
    @Test
    void aSessionOutlivesNewKeys() throws Exception {
        String authority = Files.readString(Path.of(certificates.authority() + ".pub"));
        host().close();
        Path key = directory.resolve("host_key");
        certificates.signHost(key, TestEntry.HOST, "-V", "+1h");
        String certificate = "HostCertificate " + key + "-cert.pub";
        for (String shown : List.of("", certificate)) {
            try (OpenSshd host = host(trustsUs(), "RekeyLimit 512K", shown)) {
                TestEntry entry =
                        shown.isEmpty()
                                ? TestEntry.to(host.port())
                                : pinned(host, List.of(), List.of(authority));
                TestDialog dialog = TestDialog.trusting();
                try (HostSession session =
                        client.open(entry, OpenSshd.USER, new SignIn.Certificate(), dialog)) {
                    String zeros = "head -c 200000 /dev/zero | tr '\\0' x";
                    assertThat(session.ssh().executeRemoteCommand(zeros)).hasSize(200_000);
                    assertThat(session.ssh().executeRemoteCommand("echo in")).isEqualTo("in\n");
                }
                assertThat(dialog.shown).hasSize(shown.isEmpty() ? 1 : 0);
                assertThat(Files.readString(host.log())).doesNotContain("fatal");
            }
        }
    }

    @Test
    void aHostThatSaysNothingIsGivenUp() throws Exception {
        client.close();
        client =
                new HostClient(
                        timer,
                        new HostKeys(edge, List::of),
                        certificates,
                        ClientConnectionServiceFactory.INSTANCE,
                        Duration.ofMillis(200));
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            RefusedException refused =
                    refused(
                            TestEntry.to(silent.getLocalPort()),
                            new SignIn.Certificate(),
                            TestDialog.trusting());
            assertThat(refused.code()).isEqualTo("host_timeout");
            assertThat(refused).hasMessageContaining("said nothing");
        }
    }

    @Test
    void wordsBeforeTheSignInAreHandedOn() throws Exception {
        Path words = Files.writeString(directory.resolve("words"), "for members only\n");
        try (OpenSshd host = host(trustsUs(), "Banner " + words)) {
            TestDialog dialog = TestDialog.trusting();
            signsIn(TestEntry.to(host.port()), new SignIn.Certificate(), dialog);
            assertThat(dialog.banners).containsExactly("for members only\n");
        }
    }
}
