package dev.culvert.edge.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.edge.state.PrivateFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalAuthorityTest {
    @TempDir Path temp;

    private LocalAuthority open(String... domains) throws Exception {
        return LocalAuthority.open(temp, List.of(domains));
    }

    /// With the authority in the path as well as its anchor: the JDK does not look at the
    /// constraints of an anchor, only at those of certificates in the path.
    private void validate(KeyMaterial material) throws Exception {
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(material.chain());
        PKIXParameters parameters =
                new PKIXParameters(Set.of(new TrustAnchor(raw().certificate(), null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
    }

    private String openssl(KeyMaterial material, String host) throws Exception {
        Path leaf = temp.resolve("leaf.pem");
        Files.write(leaf, PemText.of("CERTIFICATE", material.leaf().getEncoded()));
        Process process =
                new ProcessBuilder(
                                "openssl",
                                "verify",
                                "-x509_strict",
                                "-purpose",
                                "sslserver",
                                host.contains(":") || host.matches("[0-9.]+")
                                        ? "-verify_ip"
                                        : "-verify_hostname",
                                host,
                                "-CAfile",
                                temp.resolve("ca.pem").toString(),
                                leaf.toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " " + output;
    }

    private CertificateAuthority raw() throws Exception {
        return new CertificateAuthority(
                PemText.privateKey(Files.readAllBytes(temp.resolve("ca.key"))),
                PemText.certificates(Files.readAllBytes(temp.resolve("ca.pem"))).getFirst());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com",
                "app.example.com",
                "a.b.example.com",
                "localhost",
                "demo.localhost",
                "h2.cftunnel.com"
            })
    void certifiesPermittedNames(String host) throws Exception {
        KeyMaterial material = open("example.com").forName(host);
        validate(material);
        assertThat(openssl(material, host)).startsWith("0 ").contains("OK");
        assertThat(material.leaf().getNotAfter().toInstant())
                .isBetween(
                        Instant.now().plus(Duration.ofDays(89)),
                        Instant.now().plus(Duration.ofDays(91)));
    }

    @Test
    void certifiesLoopbackAddressesAndTunnelNames() throws Exception {
        LocalAuthority authority = open("example.com");
        validate(authority.loopback());
        for (String host : List.of("localhost", "127.0.0.1", "::1")) {
            assertThat(openssl(authority.loopback(), host)).startsWith("0 ");
        }
        validate(authority.tunnelListener());
        for (String host : List.of("h2.cftunnel.com", "quic.cftunnel.com", "probe.cftunnel.com")) {
            assertThat(openssl(authority.tunnelListener(), host)).startsWith("0 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "badexample.com",
                "com",
                "example.com.evil.org",
                "",
                ".",
                ".example.com",
                "*.example.com",
                "a..example.com",
                "127.0.0.1",
                "a b.example.com"
            })
    void issuesNothingElse(String host) throws Exception {
        assertThat(open("example.com").forName(host)).isNull();
    }

    @Test
    void constraintsMakeOthersRejectAnotherDomain() throws Exception {
        open("example.com");
        KeyMaterial evil =
                raw().issue(
                                CertificateAuthority.newKeyPair(),
                                List.of(new GeneralName(GeneralName.dNSName, "bank.example.org")),
                                Instant.now());
        assertThatThrownBy(() -> validate(evil)).isInstanceOf(CertPathValidatorException.class);
        assertThat(openssl(evil, "bank.example.org"))
                .doesNotStartWith("0 ")
                .contains("permitted subtree violation");
        // Pins what docs/certificates.md says: as an anchor only, the JDK ignores the constraints.
        PKIXParameters anchorOnly =
                new PKIXParameters(Set.of(new TrustAnchor(raw().certificate(), null)));
        anchorOnly.setRevocationEnabled(false);
        CertPath leafOnly =
                CertificateFactory.getInstance("X.509").generateCertPath(List.of(evil.leaf()));
        assertThatCode(() -> CertPathValidator.getInstance("PKIX").validate(leafOnly, anchorOnly))
                .doesNotThrowAnyException();
        KeyMaterial address =
                raw().issue(
                                CertificateAuthority.newKeyPair(),
                                List.of(new GeneralName(GeneralName.iPAddress, "192.0.2.1")),
                                Instant.now());
        assertThat(openssl(address, "192.0.2.1")).contains("permitted subtree violation");
    }

    @Test
    void keepsItsCertificateAndHidesItsKey() throws Exception {
        LocalAuthority first = open("example.com");
        assertThat(first.outcome()).isInstanceOf(LocalAuthority.Outcome.Created.class);
        byte[] pem = Files.readAllBytes(first.certificateFile());
        PrivateFiles.requirePrivate(temp.resolve("ca.key"));
        assertThat(open("example.com", "app.example.com").outcome())
                .isInstanceOf(LocalAuthority.Outcome.Kept.class);
        LocalAuthority fewer = open();
        assertThat(fewer.outcome()).isInstanceOf(LocalAuthority.Outcome.Kept.class);
        assertThat(fewer.forName("example.com")).isNull();
        assertThat(Files.readAllBytes(first.certificateFile())).isEqualTo(pem);
        Files.setPosixFilePermissions(
                temp.resolve("ca.key"),
                java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> open("example.com")).hasMessageContaining("ca.key");
    }

    @Test
    void aNewDomainMakesANewAuthorityAndKeepsTheOldCertificate() throws Exception {
        LocalAuthority first = open("example.com");
        byte[] pem = Files.readAllBytes(first.certificateFile());
        LocalAuthority second = open("example.com", "*.example.org");
        assertThat(second.outcome()).isInstanceOf(LocalAuthority.Outcome.Replaced.class);
        var replaced = (LocalAuthority.Outcome.Replaced) second.outcome();
        assertThat(replaced.reason()).contains("example.org");
        assertThat(Files.readAllBytes(replaced.old())).isEqualTo(pem);
        assertThat(Files.readAllBytes(second.certificateFile())).isNotEqualTo(pem);
        validate(second.forName("a.example.org"));
        assertThat(open("example.com", "example.org").outcome())
                .isInstanceOf(LocalAuthority.Outcome.Kept.class);
    }

    @Test
    void aCrashBetweenKeyAndCertificateIsRepaired() throws Exception {
        open("example.com");
        PrivateFiles.write(
                temp.resolve("ca.key"),
                PemText.of(
                        "PRIVATE KEY",
                        CertificateAuthority.newKeyPair().getPrivate().getEncoded()));
        LocalAuthority repaired = open("example.com");
        assertThat(repaired.outcome()).isInstanceOf(LocalAuthority.Outcome.Replaced.class);
        validate(repaired.forName("example.com"));
    }

    @Test
    void missingKeyIsAnErrorAndNotANewAuthority() throws Exception {
        open("example.com");
        Files.delete(temp.resolve("ca.key"));
        assertThatThrownBy(() -> open("example.com")).hasMessageContaining("key is missing");
    }

    @Test
    void renewsBeforeExpiryAndKeepsTheInstanceUntilThen() throws Exception {
        Instant[] now = {Instant.now()};
        LocalAuthority authority = LocalAuthority.open(temp, List.of("example.com"), () -> now[0]);
        KeyMaterial first = authority.forName("example.com");
        now[0] = now[0].plus(Duration.ofDays(59));
        assertThat(authority.forName("example.com")).isSameAs(first);
        now[0] = now[0].plus(Duration.ofDays(2));
        KeyMaterial second = authority.forName("example.com");
        assertThat(second).isNotSameAs(first);
        assertThat(second.leaf().getNotAfter()).isAfter(first.leaf().getNotAfter());
        assertThat(second.toString()).doesNotContain("PrivateKey");
    }

    @Test
    void keepsABoundedNumberOfCertificates() throws Exception {
        LocalAuthority authority = open("example.com");
        KeyMaterial first = authority.forName("n0.example.com");
        KeyMaterial used = authority.forName("used.example.com");
        for (int i = 1; i <= 1000; i++) {
            authority.forName("n" + i + ".example.com");
            assertThat(authority.forName("used.example.com")).isSameAs(used);
        }
        assertThat(authority.forName("n0.example.com")).isNotSameAs(first);
    }
}
