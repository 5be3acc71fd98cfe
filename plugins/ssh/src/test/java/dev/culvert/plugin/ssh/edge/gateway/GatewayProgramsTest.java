package dev.culvert.plugin.ssh.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings.Passage;
import dev.culvert.plugin.edge.SshSettings.Recording;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.plugin.ssh.edge.TestRecorder;
import dev.culvert.plugin.ssh.edge.gateway.GatewaySite.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Programs that use `ssh`, through the gateway.
@Timeout(120)
final class GatewayProgramsTest {
    private static final int BYTES = 3 * 1024 * 1024 + 17;

    @TempDir private Path directory;
    private GatewaySite site;
    private Path sent;

    @BeforeEach
    void start() throws Exception {
        site = new GatewaySite(directory);
        byte[] bytes = new byte[BYTES];
        new Random(7).nextBytes(bytes);
        sent = Files.write(directory.resolve("sent"), bytes);
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    private void good(Ran ran) {
        assertThat(ran.exit()).as(ran.err()).isZero();
    }

    private List<String> events() throws Exception {
        TestRecorder recorder = site.edge.recorders.getFirst();
        assertThat(recorder.closed.get(GatewaySite.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return recorder.events;
    }

    private String remote(Path path) {
        return site.target() + ":" + path;
    }

    @Test
    void scpCopiesBothWays() throws Exception {
        Path there = directory.resolve("there");
        Path back = directory.resolve("back");
        good(site.ran(site.program("scp", sent.toString(), remote(there)), ""));
        assertThat(there).hasSameBinaryContentAs(sent);
        assertThat(events()).contains("sftp write " + there);
        good(site.ran(site.program("scp", remote(there), back.toString()), ""));
        assertThat(back).hasSameBinaryContentAs(sent);
    }

    @Test
    void scpOfBeforeSftpIsACommand() throws Exception {
        Path there = directory.resolve("there");
        good(site.ran(site.program("scp", "-O", sent.toString(), remote(there)), ""));
        assertThat(there).hasSameBinaryContentAs(sent);
        assertThat(site.edge.recorders.getFirst().subject.command()).startsWith("scp -t ");
    }

    @Test
    void sftpListsRenamesAndRemovesWhichIsRecorded() throws Exception {
        String batch =
                """
                cd %1$s
                put sent there
                mkdir folder
                rename there folder/moved
                get folder/moved back
                rm folder/moved
                -rm missing
                rmdir folder
                """
                        .formatted(directory);
        good(site.ran(site.program("sftp", "-b", "-", site.target()), batch));
        assertThat(directory.resolve("back")).hasSameBinaryContentAs(sent);
        assertThat(events())
                .contains(
                        "sftp write " + directory + "/there",
                        "sftp make directory " + directory + "/folder",
                        "sftp rename " + directory + "/there to " + directory + "/folder/moved",
                        "sftp read " + directory + "/folder/moved",
                        "sftp remove " + directory + "/folder/moved",
                        "sftp remove " + directory + "/missing: no such file",
                        "sftp remove directory " + directory + "/folder");
        assertThat(site.edge.recorders.getFirst().said()).isEmpty();
    }

    @Test
    void rsyncCopiesAFolder() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("folder/inner"));
        Files.copy(sent, folder.resolve("file"));
        good(site.ran(site.over("rsync", "-a", "folder/", remote(directory.resolve("there"))), ""));
        assertThat(directory.resolve("there/inner/file")).hasSameBinaryContentAs(sent);
    }

    @Test
    void gitClonesAndPushes() throws Exception {
        Path origin = directory.resolve("origin.git");
        OpenSshd.run("git", "init", "-q", "--bare", origin.toString());
        String url = "ssh://" + site.target().replace("%", "%25") + origin;
        good(site.ran(site.over("git", "clone", "-q", url, "work"), ""));
        Path work = directory.resolve("work");
        Files.copy(sent, work.resolve("file"));
        OpenSshd.run("git", "-C", work.toString(), "add", "file");
        OpenSshd.run(
                "git",
                "-C",
                work.toString(),
                "-c",
                "user.name=Ann",
                "-c",
                "user.email=ann@example.com",
                "commit",
                "-q",
                "-m",
                "one");
        good(site.ran(site.over("git", "-C", "work", "push", "-q", "origin", "HEAD"), ""));
        good(site.ran(site.over("git", "clone", "-q", url, "again"), ""));
        assertThat(directory.resolve("again/file")).hasSameBinaryContentAs(sent);
    }

    @Test
    void onlyHarmlessVariablesPassUnlessTheyAreAllowed() throws Exception {
        site.close();
        site = new GatewaySite(Files.createDirectory(directory.resolve("env")), "AcceptEnv *");
        String[] command = {
            "-o", "SetEnv=LC_TIME=a SECRET=b", site.target(), "echo $LC_TIME,$SECRET"
        };
        assertThat(site.run(command).out()).isEqualTo("a,b\n");
        site.allow(GatewaySite.access(Passage.AUDITED, Recording.OFF, Use.EXEC));
        assertThat(site.run(command).out()).isEqualTo("a,\n");
    }
}
