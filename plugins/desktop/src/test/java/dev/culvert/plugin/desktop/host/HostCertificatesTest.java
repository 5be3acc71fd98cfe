package dev.culvert.plugin.desktop.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.plugin.desktop.TestEdge;
import dev.culvert.plugin.desktop.TestEntry;
import dev.culvert.plugin.desktop.session.CertificateQuestion;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.DesktopSettings.HostTrust;
import dev.culvert.plugin.edge.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Certificates are made by the JDK's keytool.
final class HostCertificatesTest {
    private static final String AUTHORITY = "authority";

    @TempDir static Path directory;
    private static String pem;

    private final TestEdge edge = new TestEdge();
    private final HostCertificates certificates = new HostCertificates(edge);

    @BeforeAll
    static void makeAuthority() throws Exception {
        keytool(
                "-genkeypair",
                "-alias",
                AUTHORITY,
                "-dname",
                "CN=Authority",
                "-ext",
                "bc:c=ca:true");
        pem = keytool("-exportcert", "-alias", AUTHORITY, "-rfc");
    }

    private static String keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(
                List.of(
                        "-keystore",
                        directory.resolve("keys.p12").toString(),
                        "-storepass",
                        "changeit"));
        if (arguments[0].equals("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        }
        Path output = Files.createTempFile(directory, "out", ".txt");
        Process process =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        return Files.readString(output);
    }

    private static X509Certificate certificate(String alias) throws Exception {
        String text = keytool("-exportcert", "-alias", alias, "-rfc");
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(text.getBytes()));
    }

    /// @param extensions of keytool, separated by blanks; empty for none
    private static X509Certificate signed(String alias, String extensions) throws Exception {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-genkeypair",
                                "-alias",
                                alias,
                                "-dname",
                                "CN=office.example.com",
                                "-signer",
                                AUTHORITY));
        for (String extension : extensions.split(" ")) {
            if (!extension.isEmpty()) {
                arguments.addAll(List.of("-ext", extension));
            }
        }
        keytool(arguments.toArray(String[]::new));
        return certificate(alias);
    }

    private static TestEntry entry(HostTrust trust) {
        DesktopSettings any = DesktopSettings.DEFAULT;
        return TestEntry.rdp(
                1,
                new DesktopSettings(
                        any.engine(),
                        any.programs(),
                        any.readOnly(),
                        any.clipboard(),
                        any.files(),
                        any.audio(),
                        any.recording(),
                        any.recordKeys(),
                        trust,
                        any.security(),
                        any.keyboard(),
                        any.connect(),
                        any.idle(),
                        any.sessionsPerUser()));
    }

    private void refuses(String code, HostTrust trust, X509Certificate shown, String accepted) {
        assertThatThrownBy(() -> certificates.judge(entry(trust), List.of(shown), accepted))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource({
        "plain, san=dns:office.example.com, ",
        "star, san=dns:*.example.com, ",
        "windows, san=dns:pc7.corp eku=1.3.6.1.4.1.311.54.1.2, pc7.corp",
        "address, san=ip:192.0.2.9, 192.0.2.9"
    })
    void whatAnAuthoritySignedForTheNameIsGood(String alias, String extensions, String name)
            throws Exception {
        X509Certificate shown = signed(alias, extensions);
        assertThat(
                        certificates.judge(
                                entry(new HostTrust(List.of(), List.of(pem), name)),
                                List.of(shown),
                                ""))
                .isEqualTo(ShownCertificate.fingerprint(shown));
        assertThat(edge.store().all("host-certificate")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "nameless, ''",
        "other, san=dns:other.example.com",
        "deep, san=dns:*.com",
        "client, san=dns:office.example.com eku=clientAuth"
    })
    void whatAnAuthoritySignedForSomethingElseIsNot(String alias, String extensions)
            throws Exception {
        X509Certificate shown = signed(alias, extensions);
        HostTrust trust = new HostTrust(List.of(), List.of(pem), null);
        refuses("certificate_untrusted", trust, shown, ShownCertificate.fingerprint(shown));
    }

    @Test
    void nobodyIsAskedWhereSomethingIsPinned() throws Exception {
        keytool(
                "-genkeypair",
                "-alias",
                "self",
                "-dname",
                "CN=x",
                "-ext",
                "san=dns:office.example.com");
        X509Certificate self = certificate("self");
        X509Certificate signed = signed("pinned-other", "san=dns:office.example.com");
        String fingerprint = ShownCertificate.fingerprint(self);
        HostTrust pinned = new HostTrust(List.of(fingerprint), List.of(), null);
        HostTrust either = new HostTrust(List.of(fingerprint), List.of(pem), null);

        assertThat(certificates.judge(entry(pinned), List.of(self), "")).isEqualTo(fingerprint);
        assertThat(certificates.judge(entry(either), List.of(self), "")).isEqualTo(fingerprint);
        assertThat(certificates.judge(entry(either), List.of(signed), "")).isNotEmpty();
        refuses("certificate_untrusted", pinned, signed, ShownCertificate.fingerprint(signed));
        refuses(
                "certificate_untrusted",
                new HostTrust(List.of(), List.of(pem), null),
                self,
                fingerprint);
    }

    @Test
    void theFirstOneIsShownAndKeptAndAnotherIsRefused() throws Exception {
        X509Certificate first = signed("first", "");
        X509Certificate second = signed("second", "");
        TestEntry entry = entry(HostTrust.FIRST_USE);
        String fingerprint = ShownCertificate.fingerprint(first);

        assertThatThrownBy(() -> certificates.judge(entry, List.of(first), ""))
                .isInstanceOfSatisfying(
                        CertificateQuestion.class,
                        question -> assertThat(question.fingerprint()).isEqualTo(fingerprint));
        assertThatThrownBy(() -> certificates.judge(entry, List.of(first), "SHA256:00"))
                .isInstanceOf(CertificateQuestion.class);
        assertThat(certificates.judge(entry, List.of(first), fingerprint)).isEqualTo(fingerprint);
        assertThat(certificates.judge(entry, List.of(first), "")).isEqualTo(fingerprint);
        refuses(
                "certificate_changed",
                HostTrust.FIRST_USE,
                second,
                ShownCertificate.fingerprint(second));
        assertThat(certificates.kept())
                .singleElement()
                .satisfies(kept ->
                        assertThat(kept.certificate().fingerprint()).isEqualTo(fingerprint));
        certificates.forget(TestEntry.HOST);
        assertThatThrownBy(() -> certificates.judge(entry, List.of(second), ""))
                .isInstanceOf(CertificateQuestion.class);
        assertThat(edge.outcomes()).containsExactly("changed", "changed");
    }

    @Test
    void aStateThatCannotBeReadLetsNobodyIn() throws Exception {
        X509Certificate shown = signed("broken", "");
        edge.store().breakDown();
        assertThatThrownBy(() ->
                        certificates.judge(
                                entry(HostTrust.FIRST_USE),
                                List.of(shown),
                                ShownCertificate.fingerprint(shown)))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(RefusedException.class);
    }
}
