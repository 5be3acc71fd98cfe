package dev.culvert.plugin.ssh.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.edge.SshSettings.Passage;
import dev.culvert.plugin.edge.SshSettings.Recording;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.plugin.ssh.edge.TestEntry;
import dev.culvert.plugin.ssh.edge.TestRecorder;
import dev.culvert.plugin.ssh.edge.ca.ClientCertificates;
import dev.culvert.plugin.ssh.edge.gateway.GatewaySite.Ran;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Stock OpenSSH through the gateway to a stock OpenSSH server.
@Timeout(120)
final class GatewayTest {
    /// A length that no other program has.
    private static final long FLOOD = 1_073_741_789;

    @TempDir private Path directory;
    private GatewaySite site;

    @BeforeEach
    void start() throws Exception {
        site = new GatewaySite(directory);
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    private static GatewayEdge.Asked asked(GatewaySite site) throws Exception {
        return Objects.requireNonNull(
                site.edge.asked.poll(GatewaySite.DEADLINE_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void runsACommandWithItsOutputErrorsAndStatus() throws Exception {
        Ran ran = site.run(site.target(), "echo out; echo err >&2; exit 7");
        assertThat(ran.out()).as(ran.err()).isEqualTo("out\n");
        assertThat(ran.err()).endsWith("err\n");
        assertThat(ran.exit()).isEqualTo(7);
        assertThat(site.edge.usedKeys).hasSize(1);
        TestRecorder recorder = site.edge.recorders.getFirst();
        assertThat(recorder.closed.get(GatewaySite.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(recorder.subject.command()).startsWith("echo out");
        assertThat(recorder.said()).contains("out\n", "err\n");
    }

    @Test
    void theFirstKeyOfAHostIsToldAndAfterThatNothingIs() throws Exception {
        assertThat(site.run(site.target(), "true").err())
                .contains("The key of build.example.com was not known", "SHA256:");
        assertThat(site.run(site.target(), "true").err()).isEmpty();
    }

    @Test
    void aKeyWithoutASessionAsksForABrowser() throws Exception {
        site.edge.signedIn = false;
        Process ssh = site.ssh(site.target(), "echo in").start();
        GatewayEdge.Asked asked = asked(site);
        assertThat(asked.program).matches("OpenSSH_.* to build.example.com");
        asked.confirm();
        assertThat(new String(ssh.getInputStream().readAllBytes())).isEqualTo("in\n");
        String said = new String(ssh.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).contains(asked.url(), asked.code());
        assertThat(ssh.waitFor()).isZero();
        assertThat(site.edge.usedKeys).isEmpty();
    }

    @Test
    void whatIsRefusedInTheBrowserIsNotLetIn() throws Exception {
        site.edge.signedIn = false;
        Process ssh = site.ssh("-o", "NumberOfPasswordPrompts=1", site.target(), "true").start();
        asked(site).refuse();
        assertThat(ssh.waitFor()).isEqualTo(255);
        assertThat(new String(ssh.getErrorStream().readAllBytes())).contains("Permission denied");
    }

    @Test
    void aClientThatGivesUpIsNotWaitedFor() throws Exception {
        site.edge.signedIn = false;
        Process ssh = site.ssh(site.target(), "true").start();
        GatewayEdge.Asked asked = asked(site);
        ssh.destroy();
        assertThat(asked.closed.get(GatewaySite.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aCertificateOfOursComesInWhileItsSessionLives() throws Exception {
        site.edge.registered = new byte[0];
        certify();
        assertThat(site.run(site.target(), "echo in").out()).isEqualTo("in\n");
        site.edge.signedIn = false;
        Ran ran = site.run("-o", "BatchMode=yes", site.target(), "echo in");
        assertThat(ran.exit()).isEqualTo(255);
        assertThat(ran.err()).contains("Permission denied");
    }

    /// The key gets a certificate as `access ssh-gen` would have it.
    private void certify() throws Exception {
        Files.writeString(
                Path.of(site.key + "-cert.pub"),
                ClientCertificates.line(
                        site.authority,
                        TestEntry.to(site.host.port()),
                        GatewaySite.publicKey(site.key)));
    }

    @Test
    void whoMayNotOpenAHostIsToldSo() throws Exception {
        Ran ran = site.run("root%other.example.com@127.0.0.1", "true");
        assertThat(ran.exit()).isEqualTo(255);
        assertThat(ran.err()).contains("You may not open other.example.com");
    }

    @Test
    void aNameThatIsNoneOfThePoliciesIsToldWithTheWayOut() throws Exception {
        Ran ran = site.run("nobody%" + TestEntry.HOST + "@127.0.0.1", "true");
        assertThat(ran.exit()).isEqualTo(255);
        assertThat(ran.err()).contains("no certificate for the name nobody", "ssh -A");
    }

    @Test
    void whoNamesNoHostIsToldHow() throws Exception {
        Ran ran = site.run("127.0.0.1");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).contains("Signed in as ann@example.com", "LOGIN%HOST");
    }

    @Test
    void megabytesPassBothWaysAtOnceAcrossExchangesOfKeys() throws Exception {
        byte[] sent = new byte[24 * 1024 * 1024];
        new Random(1).nextBytes(sent);
        Path file = Files.write(directory.resolve("sent"), sent);
        Process ssh =
                site.ssh("-o", "RekeyLimit=2M", site.target(), "cat")
                        .redirectInput(file.toFile())
                        .redirectError(directory.resolve("err").toFile())
                        .start();
        assertThat(ssh.getInputStream().readAllBytes()).isEqualTo(sent);
        assertThat(ssh.waitFor()).isZero();
    }

    /// Two sessions in one connection: nobody reads what the first is sent, and the second is used meanwhile.
    @Test
    void aSessionThatIsNotReadStopsItsProgramAndNoOtherSession() throws Exception {
        String control = directory.resolve("control").toString();
        Process flood =
                site.ssh("-M", "-S", control, site.target(), "head -c " + FLOOD + " /dev/zero")
                        .redirectError(directory.resolve("err").toFile())
                        .start();
        assertThat(flood.getInputStream().read()).isZero();
        for (int i = 0; i < 20; i++) {
            Ran ran = site.run("-S", control, site.target(), "echo in");
            assertThat(ran.out()).as(ran.err()).isEqualTo("in\n");
        }
        assertThat(written()).isPositive().isLessThan(16L * 1024 * 1024);
        flood.destroyForcibly();
    }

    /// How much the flood's program has written.
    private static long written() {
        return ProcessHandle.allProcesses()
                .filter(each -> each.info().command().orElse("").endsWith("/head"))
                .filter(each -> each.info().commandLine().orElse("").contains("" + FLOOD))
                .mapToLong(GatewayTest::written)
                .max()
                .orElse(0);
    }

    private static long written(ProcessHandle process) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/io")).stream()
                    .filter(line -> line.startsWith("wchar: "))
                    .mapToLong(line -> Long.parseLong(line.substring(7)))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void whatPoliciesDoNotAllowIsDeniedWithWords() throws Exception {
        site.allow(GatewaySite.access(Passage.AUDITED, Recording.OFF, Use.SFTP));
        Ran exec = site.run(site.target(), "echo in");
        assertThat(exec.out()).isEmpty();
        assertThat(exec.exit()).isEqualTo(126);
        assertThat(exec.err()).contains("culvert: Running commands is not allowed by the policies");
        Ran shell = site.run("-tt", site.target());
        assertThat(shell.err()).contains("culvert: A shell is not allowed by the policies");
        Ran local = site.run("-W", "127.0.0.1:" + site.host.port(), site.target());
        assertThat(local.err()).contains("Forwarding ports of yours is not allowed");
        Ran remote =
                site.run(
                        "-N",
                        "-o",
                        "ExitOnForwardFailure=yes",
                        "-R",
                        "0:127.0.0.1:1",
                        site.target());
        assertThat(remote.err()).contains("remote port forwarding failed");
        assertThat(site.edge.noted("denied"))
                .anyMatch(note -> note.contains("exec"))
                .anyMatch(note -> note.contains("shell"))
                .anyMatch(note -> note.contains("local_forward"))
                .anyMatch(note -> note.contains("remote_forward"));
    }

    @Test
    void whatPoliciesAllowIsForwarded() throws Exception {
        site.allow(
                GatewaySite.access(
                        Passage.AUDITED, Recording.OFF, Use.LOCAL_FORWARD, Use.REMOTE_FORWARD));
        Process local = site.ssh("-W", "127.0.0.1:" + site.host.port(), site.target()).start();
        byte[] version = new byte[8];
        assertThat(local.getInputStream().readNBytes(version, 0, 8)).isEqualTo(8);
        assertThat(new String(version)).isEqualTo("SSH-2.0-");
        local.destroy();
        assertThat(local.waitFor(GatewaySite.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aHostThatShowsAnotherKeyThanItsApplicationNamesIsNotEntered() throws Exception {
        String other = GatewaySite.publicKey(site.key).line();
        SshSettings settings = TestEntry.settings(Recording.OFF, List.of(other), List.of());
        site.allow(TestEntry.access(settings));
        Ran ran = site.run(site.target(), "echo in");
        assertThat(ran.exit()).isEqualTo(255);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("culvert: build.example.com shows the key SHA256:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecdsa", "rsa"})
    void registeredKeysOfOtherKindsComeInToo(String type) throws Exception {
        Path other = directory.resolve(type);
        OpenSshd.run("ssh-keygen", "-q", "-t", type, "-N", "", "-f", other.toString());
        site.edge.registered = GatewaySite.publicKey(other).bytes();
        assertThat(site.run("-i", other.toString(), site.target(), "echo in").out())
                .isEqualTo("in\n");
    }

    @Test
    void someKeysInOneConnectionAreTriedAndNoMore() throws Exception {
        site.edge.registered = new byte[0];
        List<String> keys = new ArrayList<>();
        for (int i = 0; i <= Gateway.MAX_TRIES; i++) {
            Path key = directory.resolve("key-" + i);
            OpenSshd.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
            keys.addAll(List.of("-i", key.toString()));
        }
        keys.addAll(List.of(site.target(), "true"));
        Ran ran = site.run(keys.toArray(String[]::new));
        assertThat(ran.exit()).isEqualTo(255);
        assertThat(ran.err()).contains("Too many authentication failures");
    }

    @Test
    void portsOfTheHostAreForwardedWherePoliciesSaySo() throws Exception {
        site.allow(
                GatewaySite.access(
                        Passage.AUDITED, Recording.BEST_EFFORT, Use.EXEC, Use.REMOTE_FORWARD));
        Process ssh =
                site.ssh(
                                "-R",
                                "0:127.0.0.1:" + site.host.port(),
                                site.target(),
                                "read port; exec 3<>/dev/tcp/127.0.0.1/$port; head -c 8 <&3")
                        .start();
        String allocated = "";
        var errors = ssh.errorReader();
        while (!allocated.startsWith("Allocated port ")) {
            allocated = Objects.requireNonNull(errors.readLine(), "no port was allocated");
        }
        String port = allocated.replaceFirst("Allocated port (\\d+) .*", "$1");
        ssh.getOutputStream().write((port + "\n").getBytes(StandardCharsets.UTF_8));
        ssh.getOutputStream().flush();
        assertThat(new String(ssh.getInputStream().readNBytes(8))).isEqualTo("SSH-2.0-");
        ssh.destroy();
    }

    @Test
    void whenTheSessionEndsTheClientIsToldWhy() throws Exception {
        TestEntry entry = site.allow(GatewaySite.access(Passage.AUDITED, Recording.BEST_EFFORT));
        Process ssh = site.ssh(site.target(), "echo in; sleep 60").start();
        assertThat(ssh.getInputStream().read()).isEqualTo('i');
        entry.revoke("Your session has ended.");
        assertThat(ssh.waitFor()).isEqualTo(255);
        assertThat(new String(ssh.getErrorStream().readAllBytes()))
                .contains("Your session has ended.");
        assertThat(entry.closed).isTrue();
        assertThat(site.edge.noted("ended")).hasSize(1);
    }

    @Test
    void whatHasToBeRecordedDoesNotBeginWithoutADisk() throws Exception {
        site.allow(GatewaySite.access(Passage.AUDITED, Recording.REQUIRED));
        site.edge.recordsNothing = true;
        Ran ran = site.run(site.target(), "echo in");
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("The disk is full.");
        assertThat(ran.exit()).isEqualTo(126);
    }

    @Test
    void anAdministratorEndsASession() throws Exception {
        Process ssh = site.ssh(site.target(), "echo in; sleep 60").start();
        assertThat(ssh.getInputStream().read()).isEqualTo('i');
        site.edge.recorders.getFirst().onEnd.accept("An administrator has ended this session.");
        assertThat(ssh.waitFor()).isEqualTo(255);
        assertThat(new String(ssh.getErrorStream().readAllBytes()))
                .contains("An administrator has ended this session.");
    }
}
