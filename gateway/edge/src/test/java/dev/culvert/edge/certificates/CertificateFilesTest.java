package dev.culvert.edge.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.culvert.edge.certificates.CertificateFiles.Pair;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFilesTest {
    @TempDir Path temp;
    private final CertificateAuthority authority =
            CertificateAuthority.create(List.of("example.com"), Instant.now());

    private Pair write(String file, String... names) throws Exception {
        KeyPair keys = CertificateAuthority.newKeyPair();
        List<GeneralName> alternatives = new ArrayList<>();
        for (String name : names) {
            alternatives.add(new GeneralName(GeneralName.dNSName, name));
        }
        KeyMaterial material = authority.issue(keys, alternatives, Instant.now());
        Path certificate = temp.resolve(file + ".pem");
        Path key = temp.resolve(file + ".key");
        replace(certificate, PemText.of("CERTIFICATE", material.leaf().getEncoded()));
        replace(key, PemText.of("PRIVATE KEY", keys.getPrivate().getEncoded()));
        return new Pair(certificate, key);
    }

    private void replace(Path file, byte[] content) throws Exception {
        Path fresh = temp.resolve("fresh");
        Files.write(fresh, content);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void choosesByExactThenWildcardName() throws Exception {
        Pair wild = write("wild", "*.example.com", "example.com");
        Pair exact = write("exact", "App.example.com");
        try (CertificateFiles files = CertificateFiles.load(List.of(wild, exact))) {
            KeyMaterial app = files.forName("app.example.com");
            KeyMaterial other = files.forName("other.example.com");
            assertThat(app).isNotNull().isNotSameAs(other);
            assertThat(other).isNotNull().isSameAs(files.forName("example.com"));
            assertThat(files.first()).isSameAs(other);
            assertThat(files.forName("a.b.example.com")).isNull();
            assertThat(files.forName("example.org")).isNull();
            assertThat(files.forName("")).isNull();
        }
    }

    @Test
    void takesAChangedPairOnceItIsWhole() throws Exception {
        Pair pair = write("site", "a.example.com");
        try (CertificateFiles files = CertificateFiles.load(List.of(pair))) {
            assertThat(files.reload()).isFalse();
            KeyMaterial before = files.forName("a.example.com");
            byte[] oldKey = Files.readAllBytes(pair.key());
            write("site", "b.example.com");
            byte[] newKey = Files.readAllBytes(pair.key());
            replace(pair.key(), oldKey);
            assertThat(files.reload()).as("certificate without its key").isFalse();
            assertThat(files.forName("a.example.com")).isSameAs(before);
            replace(pair.key(), newKey);
            assertThat(files.reload()).isTrue();
            assertThat(files.forName("a.example.com")).isNull();
            assertThat(files.forName("b.example.com")).isNotNull();
        }
    }

    @Test
    void keepsTheOldOneWhileTheNewIsBrokenOrGone() throws Exception {
        Pair pair = write("site", "a.example.com");
        try (CertificateFiles files = CertificateFiles.load(List.of(pair))) {
            KeyMaterial before = files.forName("a.example.com");
            replace(pair.certificate(), "not a certificate".getBytes(StandardCharsets.US_ASCII));
            assertThat(files.reload()).isFalse();
            Files.delete(pair.certificate());
            assertThat(files.reload()).isFalse();
            assertThat(files.forName("a.example.com")).isSameAs(before);
        }
    }

    @Test
    void touchedFileIsNotANewOne() throws Exception {
        Pair pair = write("site", "a.example.com");
        try (CertificateFiles files = CertificateFiles.load(List.of(pair))) {
            Files.setLastModifiedTime(pair.certificate(), FileTime.fromMillis(1));
            assertThat(files.reload()).isFalse();
        }
    }

    @Test
    void reportsEveryProblemAtOnceWithoutQuotingKeys() throws Exception {
        Pair good = write("good", "a.example.com");
        Pair other = write("other", "b.example.com");
        Path text = Files.writeString(temp.resolve("text.pem"), "c2VjcmV0");
        BadCertificateException bad =
                catchThrowableOfType(
                        BadCertificateException.class,
                        () ->
                                CertificateFiles.load(
                                        List.of(
                                                new Pair(good.certificate(), other.key()),
                                                new Pair(temp.resolve("none.pem"), good.key()),
                                                new Pair(text, text))));
        assertThat(bad.problems()).hasSize(4);
        assertThat(bad.problems().get(0)).contains("does not belong to");
        assertThat(bad.problems().get(1)).contains("none.pem: is missing");
        assertThat(bad.problems().get(2)).contains("holds no certificate");
        assertThat(bad.problems().get(3)).contains("holds no private key");
        assertThat(bad.getMessage()).doesNotContain("c2VjcmV0");
    }

    @Test
    void filesComeBeforeTheAuthorityAndUnknownNamesGetADefault() throws Exception {
        LocalAuthority local = LocalAuthority.open(temp, List.of("example.com"));
        Pair pair = write("site", "a.example.com");
        try (CertificateFiles files = CertificateFiles.load(List.of(pair));
                CertificateFiles none = CertificateFiles.load(List.of())) {
            ServerCertificates both = new ServerCertificates(files, local);
            assertThat(both.forName("A.example.com")).isSameAs(files.first());
            assertThat(both.forName("b.example.com")).isSameAs(local.forName("b.example.com"));
            assertThat(both.forName(null)).isSameAs(files.first());
            assertThat(both.forName("example.org")).isSameAs(files.first());
            ServerCertificates only = new ServerCertificates(none, local);
            assertThat(only.forName(null)).isSameAs(local.loopback());
            assertThat(only.forName("x".repeat(70_000))).isSameAs(local.loopback());
            assertThat(only.tunnelListener()).isSameAs(local.tunnelListener());
        }
    }

    @Test
    void readsKeysOfEveryUsualForm() throws Exception {
        for (String[] command :
                List.of(
                        new String[] {"-newkey", "rsa:2048"},
                        new String[] {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"},
                        new String[] {"-newkey", "ed25519"})) {
            Path key = temp.resolve("made.key");
            Path certificate = temp.resolve("made.pem");
            List<String> line = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes"));
            line.addAll(List.of(command));
            line.addAll(
                    List.of(
                            "-subj",
                            "/CN=x",
                            "-addext",
                            "subjectAltName=DNS:x.example.com",
                            "-keyout",
                            key.toString(),
                            "-out",
                            certificate.toString()));
            assertThat(run(line)).as(line.toString()).isZero();
            try (CertificateFiles files =
                    CertificateFiles.load(List.of(new Pair(certificate, key)))) {
                assertThat(files.forName("x.example.com")).isNotNull();
            }
            if (!command[1].equals("ed25519")) {
                Path traditional = temp.resolve("traditional.key");
                assertThat(
                                run(
                                        List.of(
                                                "openssl",
                                                command[1].equals("ec") ? "ec" : "rsa",
                                                command[1].equals("ec")
                                                        ? "-no_public"
                                                        : "-traditional",
                                                "-in",
                                                key.toString(),
                                                "-out",
                                                traditional.toString())))
                        .isZero();
                CertificateFiles.load(List.of(new Pair(certificate, traditional))).close();
            }
        }
    }

    private static int run(List<String> command) throws Exception {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.waitFor();
    }
}
