package dev.culvert.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.json.FlatObject;
import dev.culvert.protocols.ssh.SshCertificate;
import dev.culvert.protocols.ssh.SshKeyType;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `access ssh-gen` as a program, against [LoginEdge]; `ssh-keygen` reads what it writes.
@Timeout(120)
class SshGenTest {
    @TempDir Path home;

    private LoginEdge edge;

    @BeforeEach
    void start() throws Exception {
        edge = new LoginEdge();
    }

    @AfterEach
    void stop() throws Exception {
        edge.close();
    }

    private Path key() {
        return home.resolve("access").resolve("edge.localhost-cf_key");
    }

    private Path open() {
        return Path.of(key() + ".pub");
    }

    private Path certificate() {
        return Path.of(key() + "-cert.pub");
    }

    private ProcessBuilder program(String... more) {
        List<String> args = new ArrayList<>(List.of("ssh-gen", "--hostname", edge.url("edge")));
        args.addAll(List.of(more));
        ProcessBuilder builder = Program.of(args.toArray(String[]::new));
        String authority = TestCertificates.ONE.authority.toString();
        builder.environment().put("CULVERT_ACCESS_HOME", home.resolve("access").toString());
        builder.environment().put("CULVERT_CACERT", authority);
        builder.environment().put("BROWSER", "curl -s --cacert " + authority);
        return builder;
    }

    private Program.Ran run(String... more) throws Exception {
        return Program.run(program(more), "");
    }

    private SshCertificate stored() throws Exception {
        return SshCertificate.ofLine(Files.readString(certificate()));
    }

    @Test
    void signsInAndStoresAKeyAndItsCertificate() throws Exception {
        Program.Ran ran = run();

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out())
                .startsWith(certificate() + ": ann, deploy, good until ")
                .endsWith(stored().validBefore() + "\n");
        assertThat(ran.err()).contains("needs a login at");
        assertThat(stored().key()).isEqualTo(SshPublicKey.ofLine(Files.readString(open())));
        assertThat(stored().key().type()).isEqualTo(SshKeyType.ED25519);
        for (Path file : List.of(key(), open(), certificate())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void asksAsCloudflaredDoes() throws Exception {
        run();
        FlatObject asked = edge.signer.requests.remove();
        assertThat(asked.requiredText("issuer")).isEqualTo("https://" + edge.host("auth"));
        assertThat(asked.requiredText("public_key") + "\n").isEqualTo(Files.readString(open()));
        assertThat(asked.requiredText("jwt")).startsWith("eyJ");
    }

    @Test
    void opensshReadsTheKeyThatWasMade() throws Exception {
        for (String type : List.of("ed25519", "ecdsa")) {
            run("--type", type);
            Program.Ran read = keygen("-y", "-f", key().toString());
            assertThat(read.code()).as(read.err()).isZero();
            assertThat(read.out()).isEqualTo(Files.readString(open()));
        }
    }

    @Test
    void theKeyStaysAndTheCertificateIsMadeAnew() throws Exception {
        run();
        String key = Files.readString(key());
        edge.signer.principals = List.of("ann");
        Program.Ran again = run();
        assertThat(again.err()).isEmpty();
        assertThat(Files.readString(key())).isEqualTo(key);
        assertThat(stored().principals()).containsExactly("ann");
        assertThat(edge.codes).hasSize(1);
    }

    @Test
    void anotherTypeOfKeyTakesThePlaceOfTheFirst() throws Exception {
        run();
        assertThat(run("--type", "ecdsa").code()).isZero();
        assertThat(stored().key().type()).isEqualTo(SshKeyType.ECDSA_256);
        assertThat(run().code()).isZero();
        assertThat(stored().key().type()).isEqualTo(SshKeyType.ECDSA_256);
    }

    @Test
    void manyAtOnceHaveOneKey() throws Exception {
        run();
        for (Path file : List.of(key(), open(), certificate())) {
            Files.delete(file);
        }
        List<Callable<Program.Ran>> calls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            calls.add(this::run);
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Program.Ran> ran : threads.invokeAll(calls)) {
                assertThat(ran.get().err()).isEmpty();
            }
        }
        assertThat(stored().key()).isEqualTo(SshPublicKey.ofLine(Files.readString(open())));
        assertThat(keygen("-y", "-f", key().toString()).out()).isEqualTo(Files.readString(open()));
    }

    @Test
    void aSessionThatWasEndedIsFollowedByALogin() throws Exception {
        run();
        edge.revokeAll();
        assertThat(run().code()).isZero();
        assertThat(edge.codes).hasSize(2);
    }

    @Test
    void aLogoutRemovesTheCertificateAndLeavesTheKey() throws Exception {
        run();
        assertThat(certificate()).exists();
        ProcessBuilder logout = program();
        int at = logout.command().indexOf("ssh-gen");
        logout.command().subList(at, logout.command().size()).clear();
        logout.command().add("logout");
        assertThat(Program.run(logout, "").code()).isZero();
        assertThat(certificate()).doesNotExist();
        assertThat(key()).exists();
    }

    @Test
    void aTokenThatIsNotTakenTwiceIsSaid() throws Exception {
        run();
        edge.takesNoToken = true;
        Program.Ran ran = run();
        assertThat(ran.code()).isEqualTo(Problem.LOGIN_NEEDED);
        assertThat(ran.err()).contains("signs no certificate: the token is not good");
    }

    @Test
    void aDenialIsSaidWithWhatToDo() throws Exception {
        edge.signer.status = 403;
        Program.Ran ran = run();
        assertThat(ran.code()).isEqualTo(Problem.DENIED);
        assertThat(ran.err())
                .contains("signs no certificate: no login name for ann@example.com")
                .contains("hint: do this");
        assertThat(certificate()).doesNotExist();
    }

    @Test
    void aCertificateForAnotherKeyIsNotStored() throws Exception {
        edge.signer.signsAnotherKey = true;
        Program.Ran ran = run();
        assertThat(ran.code()).isEqualTo(Problem.FAILED);
        assertThat(ran.err()).contains("not a certificate for this key");
        assertThat(certificate()).doesNotExist();
    }

    @Test
    void aKeyThatOthersMayReadIsNotUsed() throws Exception {
        run();
        Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-r--r--"));
        Program.Ran ran = run();
        assertThat(ran.code()).isEqualTo(Problem.FAILED);
        assertThat(ran.err()).contains("expected: nothing for other users");
    }

    private static Program.Ran keygen(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("ssh-keygen"));
        line.addAll(List.of(arguments));
        return Program.run(new ProcessBuilder(line), "");
    }
}
