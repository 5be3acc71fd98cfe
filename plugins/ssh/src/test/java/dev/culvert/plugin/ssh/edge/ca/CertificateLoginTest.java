package dev.culvert.plugin.ssh.edge.ca;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.protocols.ssh.SshCertificate;
import dev.culvert.protocols.ssh.SshKeyFile;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// OpenSSH's client and server with our certificates: what the host takes, and what it does not.
@Timeout(120)
class CertificateLoginTest {
    private static final int DEADLINE_SECONDS = 30;

    private final MemoryServices services = new MemoryServices();
    private final Authority authority = new Authority(services);

    @TempDir private Path directory;

    private record Ran(int exit, String output) {}

    @BeforeEach
    void trust() throws Exception {
        writeTrusted();
    }

    private Path trusted() {
        return directory.resolve("user_ca.pub");
    }

    private void writeTrusted() throws Exception {
        Files.write(trusted(), authority.ofUsers().stream().map(SshPublicKey::line).toList());
    }

    private OpenSshd host() throws Exception {
        return new OpenSshd(
                directory,
                """
                TrustedUserCAKeys %s
                AuthorizedKeysFile none
                LogLevel VERBOSE
                """
                        .formatted(trusted()));
    }

    @ParameterizedTest
    @CsvSource({"Ed25519, 0", "EC, 256", "EC, 384", "EC, 521", "RSA, 2048"})
    void theHostLetsInByACertificate(String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (bits > 0) {
            generator.initialize(bits);
        }
        Path key = algorithm.equals("RSA") ? rsaKey() : keyFile(generator.generateKeyPair());
        certify(key, Ann.with(List.of(OpenSshd.USER), Use.EXEC));
        try (OpenSshd host = host()) {
            Ran ssh = ssh(host, key, "echo by certificate");

            assertThat(ssh).isEqualTo(new Ran(0, "by certificate\n"));
            assertThat(Files.readString(host.log()))
                    .contains("ID ann@example.com session 0b9f3a52 (serial ");
        }
    }

    @Test
    void theHostLetsNobodyInByTheKeyAlone() throws Exception {
        Path key = keyFile(ed25519());
        try (OpenSshd host = host()) {
            assertRefused(ssh(host, key, "true"));
        }
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        Path key = keyFile(ed25519());
        services.pass(Duration.ofMinutes(-6));
        certify(key, Ann.with(List.of(OpenSshd.USER), Use.EXEC));
        try (OpenSshd host = host()) {
            assertRefused(ssh(host, key, "true"));
            assertThat(Files.readString(host.log())).contains("Certificate invalid: expired");
        }
    }

    @Test
    void aCertificateForAnotherLoginNameIsRefused() throws Exception {
        Path key = keyFile(ed25519());
        certify(key, Ann.with(List.of("somebody-else"), Use.EXEC));
        try (OpenSshd host = host()) {
            assertRefused(ssh(host, key, "true"));
            assertThat(Files.readString(host.log()))
                    .contains("Certificate invalid: name is not a listed principal");
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
        Path key = keyFile(ed25519());
        writeCertificate(
                key,
                new Authority(new MemoryServices())
                        .sign(Ann.with(List.of(OpenSshd.USER), Use.EXEC), open(key)));
        try (OpenSshd host = host()) {
            assertRefused(ssh(host, key, "true"));
        }
    }

    @Test
    void aHostCertificateLetsNobodyIn() throws Exception {
        Path key = keyFile(ed25519());
        Authority.Signed signed =
                authority.signHost(open(key), OpenSshd.USER, Duration.ofHours(1), "cli");
        Files.write(trusted(), authority.ofHosts().stream().map(SshPublicKey::line).toList());
        writeCertificate(key, signed);
        try (OpenSshd host = host()) {
            assertRefused(ssh(host, key, "true"));
        }
    }

    @Test
    void forwardingThatIsNotInTheCertificateIsRefused() throws Exception {
        Path key = keyFile(ed25519());
        try (OpenSshd host = host()) {
            String target = "127.0.0.1:" + host.port();

            certify(key, Ann.with(List.of(OpenSshd.USER), Use.EXEC));
            Ran refused = ssh(host, key, "-W", target);
            certify(key, Ann.with(List.of(OpenSshd.USER), Use.EXEC, Use.LOCAL_FORWARD));
            Ran forwarded = ssh(host, key, "-W", target);

            assertThat(refused.exit()).isNotZero();
            assertThat(refused.output()).contains("administratively prohibited");
            assertThat(forwarded.output()).startsWith("SSH-2.0-OpenSSH");
        }
    }

    @Test
    void aTerminalThatIsNotInTheCertificateIsRefused() throws Exception {
        Path key = keyFile(ed25519());
        try (OpenSshd host = host()) {
            certify(key, Ann.with(List.of(OpenSshd.USER), Use.EXEC));
            Ran refused = ssh(host, key, "-tt", "tty");
            certify(key, Ann.with(List.of(OpenSshd.USER), Use.SHELL));
            Ran given = ssh(host, key, "-tt", "tty");

            assertThat(refused.output()).contains("PTY allocation request failed");
            assertThat(given.output()).contains("/dev/pts/");
        }
    }

    @Test
    void withoutShellAndCommandsOnlyFilesAreServed() throws Exception {
        Path key = keyFile(ed25519());
        certify(key, Ann.with(List.of(OpenSshd.USER), Use.SFTP));
        Path file = Files.writeString(directory.resolve("file"), "content");
        Path copy = directory.resolve("copy");
        try (OpenSshd host = host()) {
            Ran command = ssh(host, key, "echo ran");
            List<String> get = new ArrayList<>(List.of("sftp", "-q", "-P", "" + host.port()));
            get.addAll(options(host, key));
            get.addAll(List.of(OpenSshd.USER + "@127.0.0.1:" + file, copy.toString()));
            OpenSshd.run(get.toArray(String[]::new));

            assertThat(command.output()).doesNotContain("ran");
            assertThat(copy).hasContent("content");
        }
    }

    @Test
    void aHostThatKnowsBothAuthoritiesLetsInThroughARotation() throws Exception {
        Path before = keyFile(ed25519());
        Path after = keyFile(ed25519());
        Ann ann = Ann.with(List.of(OpenSshd.USER), Use.EXEC);
        certify(before, ann);
        authority.rings().change(SshCertificate.Use.USER, ring -> ring.rotated(services.now));
        writeTrusted();
        try (OpenSshd host = host()) {
            assertThat(ssh(host, before, "echo in").output()).isEqualTo("in\n");
            authority.rings().change(SshCertificate.Use.USER, ring -> ring.activated(services.now));
            certify(after, ann);

            assertThat(ssh(host, after, "echo in").output()).isEqualTo("in\n");
            assertThat(ssh(host, before, "echo in").output()).isEqualTo("in\n");
            services.pass(KeyRings.LONGEST_OF_USERS);
            writeTrusted();
            assertThat(ssh(host, after, "echo in").output()).isEqualTo("in\n");
            assertRefused(ssh(host, before, "true"));
        }
    }

    @Test
    void clientsKnowAHostByItsCertificate() throws Exception {
        Path key = keyFile(ed25519());
        certify(key, Ann.with(List.of(OpenSshd.USER), Use.EXEC));
        Path known = directory.resolve("known_hosts");
        Files.write(
                known,
                authority.ofHosts().stream()
                        .map(line -> "@cert-authority *.example.com " + line.line())
                        .toList());
        try (OpenSshd made = host()) {
            assertThat(made.port()).isPositive();
        }
        Path hostKey = directory.resolve("host_key");
        Authority.Signed signed =
                authority.signHost(open(hostKey), "build.example.com", Duration.ofHours(1), "cli");
        writeCertificate(hostKey, signed);
        String config =
                "HostCertificate " + hostKey + "-cert.pub\nTrustedUserCAKeys " + trusted() + "\n";
        try (OpenSshd host = new OpenSshd(directory, config)) {
            assertThat(sshTo(host, key, known, "build.example.com").output()).isEqualTo("in\n");
            Ran other = sshTo(host, key, known, "other.example.com");
            assertRefused(other);
            assertThat(other.output()).contains("name is not a listed principal");
        }
    }

    private Ran sshTo(OpenSshd host, Path key, Path known, String name) throws Exception {
        return run(
                "ssh",
                "-F",
                "none",
                "-p",
                "" + host.port(),
                "-i",
                key.toString(),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "IdentityAgent=none",
                "-o",
                "BatchMode=yes",
                "-o",
                "StrictHostKeyChecking=yes",
                "-o",
                "GlobalKnownHostsFile=none",
                "-o",
                "UserKnownHostsFile=" + known,
                "-o",
                "HostKeyAlias=" + name,
                OpenSshd.USER + "@127.0.0.1",
                "echo in");
    }

    private static void assertRefused(Ran ssh) {
        assertThat(ssh.exit()).isEqualTo(255);
        assertThat(ssh.output()).containsAnyOf("Permission denied", "Host key verification failed");
    }

    private Ran ssh(OpenSshd host, Path key, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("ssh", "-p", "" + host.port()));
        command.addAll(options(host, key));
        List<String> rest = new ArrayList<>(List.of(arguments));
        while (!rest.isEmpty() && rest.getFirst().startsWith("-")) {
            command.add(rest.removeFirst());
            if (command.getLast().equals("-W")) {
                command.add(rest.removeFirst());
            }
        }
        command.add(OpenSshd.USER + "@127.0.0.1");
        command.addAll(rest);
        return run(command.toArray(String[]::new));
    }

    private List<String> options(OpenSshd host, Path key) throws IOException {
        Path known = directory.resolve("known_hosts_plain");
        Files.writeString(
                known,
                "[127.0.0.1]:"
                        + host.port()
                        + " "
                        + Files.readString(Path.of(host.hostKey() + ".pub")));
        return List.of(
                "-F",
                "none",
                "-i",
                key.toString(),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "IdentityAgent=none",
                "-o",
                "BatchMode=yes",
                "-o",
                "LogLevel=INFO",
                "-o",
                "StrictHostKeyChecking=yes",
                "-o",
                "GlobalKnownHostsFile=none",
                "-o",
                "UserKnownHostsFile=" + known);
    }

    private static Ran run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        try (InputStream in = process.getInputStream()) {
            String output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " does not end");
            }
            return new Ran(process.exitValue(), output);
        }
    }

    private void certify(Path key, Ann ann) throws Exception {
        writeCertificate(key, authority.sign(ann, open(key)));
    }

    private static void writeCertificate(Path key, Authority.Signed signed) throws IOException {
        Files.writeString(Path.of(key + "-cert.pub"), signed.line() + "\n");
    }

    private static SshPublicKey open(Path key) throws Exception {
        return SshPublicKey.ofLine(Files.readString(Path.of(key + ".pub")));
    }

    private static KeyPair ed25519() throws Exception {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    private Path keyFile(KeyPair pair) throws IOException {
        Path file =
                Files.createTempFile(
                        directory,
                        "key",
                        "",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, SshKeyFile.format(pair, 1));
        Files.writeString(Path.of(file + ".pub"), SshPublicKey.of(pair.getPublic()).line() + "\n");
        return file;
    }

    private Path rsaKey() throws Exception {
        Path file = directory.resolve("rsa");
        OpenSshd.run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", "" + file);
        return file;
    }
}
