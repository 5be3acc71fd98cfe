package dev.culvert.plugin.ssh.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings.Passage;
import dev.culvert.plugin.edge.SshSettings.Recording;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.plugin.ssh.edge.TestEntry;
import dev.culvert.plugin.ssh.edge.gateway.GatewaySite.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `ssh -J EDGE LOGIN@HOST`.
@Timeout(120)
final class JumpTest {
    private static final String TARGET = OpenSshd.USER + "@" + TestEntry.HOST;

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

    private Ran run(String... arguments) throws Exception {
        return site.ran(site.jump(arguments), "");
    }

    @Test
    void anAuditedHostIsTheEdgeUnderTheHostsName() throws Exception {
        Ran ran = run(TARGET, "echo in; exit 3");
        assertThat(ran.out()).as(ran.err()).isEqualTo("in\n");
        assertThat(ran.exit()).isEqualTo(3);
        assertThat(site.edge.recorders).hasSize(1);
        assertThat(site.edge.noted("opened")).anyMatch(note -> note.contains("recording-1"));
    }

    @Test
    void policiesCountInsideToo() throws Exception {
        site.allow(GatewaySite.access(Passage.AUDITED, Recording.OFF, Use.SFTP));
        Ran ran = run(TARGET, "echo in");
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("Running commands is not allowed");
    }

    @Test
    void bytesOfAPassthroughHostAreItsOwn() throws Exception {
        site.allow(GatewaySite.access(Passage.PASSTHROUGH, Recording.BEST_EFFORT));
        trustTheHostItself();
        byte[] sent = new byte[5 * 1024 * 1024];
        new Random(3).nextBytes(sent);
        Path file = Files.write(directory.resolve("sent"), sent);
        Process ssh =
                site.jump("-i", site.host.key().toString(), TARGET, "cat")
                        .redirectInput(file.toFile())
                        .redirectError(directory.resolve("err").toFile())
                        .start();
        assertThat(ssh.getInputStream().readAllBytes())
                .as(Files.readString(directory.resolve("err")))
                .isEqualTo(sent);
        assertThat(ssh.waitFor()).isZero();
        assertThat(site.edge.recorders).isEmpty();
        assertThat(site.edge.noted("opened"))
                .singleElement()
                .asString()
                .contains("passthrough", "recording, none");
    }

    /// As somebody has, who has been there without the edge.
    private void trustTheHostItself() throws Exception {
        String key = Files.readString(Path.of(site.host.hostKey() + ".pub"));
        site.knownBesides.add(TestEntry.HOST + " " + key.strip());
    }

    @Test
    void aPassthroughHostThatHasToBeRecordedIsRefused() throws Exception {
        site.allow(GatewaySite.access(Passage.PASSTHROUGH, Recording.REQUIRED));
        Ran ran = run(TARGET, "echo in");
        assertThat(ran.exit()).isEqualTo(255);
        assertThat(ran.err()).contains("have to be recorded");
        assertThat(site.edge.noted("opened")).isEmpty();
    }

    @Test
    void nothingButHostsOfTheEdgeCanBeJumpedTo() throws Exception {
        assertThat(run("root@other.example.com", "true").err())
                .contains("You may not open other.example.com");
        assertThat(run("-p", "" + site.host.port(), "root@" + TestEntry.HOST, "true").err())
                .contains("leads to port 22");
        assertThat(run("root@127.0.0.1", "true").exit()).isEqualTo(255);
    }

    @Test
    void whenTheSessionEndsTheOneInsideIsToldWhy() throws Exception {
        TestEntry entry = site.allow(GatewaySite.access(Passage.AUDITED, Recording.BEST_EFFORT));
        Process ssh = site.jump(TARGET, "echo in; sleep 60").start();
        assertThat(ssh.getInputStream().read()).isEqualTo('i');
        entry.revoke("Your session has ended.");
        assertThat(ssh.waitFor()).isEqualTo(255);
        assertThat(new String(ssh.getErrorStream().readAllBytes()))
                .contains("Your session has ended.");
    }
}
