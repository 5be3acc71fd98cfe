package dev.culvert.plugin.ssh.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings.Passage;
import dev.culvert.plugin.edge.SshSettings.Recording;
import dev.culvert.plugin.ssh.edge.TestRecorder;
import dev.culvert.plugin.ssh.edge.gateway.GatewaySite.Ran;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Where sessions have to be recorded, nothing goes by their recordings.
@Timeout(120)
final class GatewayRequiredRecordingTest {
    private static final int MUCH = 3 * 1024 * 1024;

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

    private void allow(Recording recording) {
        site.allow(GatewaySite.access(Passage.AUDITED, recording, Use.values()));
    }

    /// What the recording of a command without a terminal has of its output.
    private String recordedOf(String command) throws Exception {
        Ran ran = site.run(site.target(), command);
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out()).hasSize(MUCH);
        TestRecorder recorder = site.edge.recorders.getFirst();
        assertThat(recorder.closed.get(GatewaySite.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return recorder.said();
    }

    @ParameterizedTest
    @EnumSource(
            value = Recording.class,
            names = {"REQUIRED", "BEST_EFFORT"})
    void outputWithoutATerminalIsKeptAsAWholeWhereItHasToBe(Recording recording) throws Exception {
        allow(recording);
        int kept = recordedOf("head -c " + MUCH + " /dev/zero | tr '\\0' x").length();
        assertThat((long) kept)
                .isEqualTo(
                        recording == Recording.REQUIRED ? MUCH : SessionTape.MAX_WITHOUT_TERMINAL);
    }

    /// The port could be that of the host's own SSH server.
    @Test
    void noPortIsForwarded() throws Exception {
        allow(Recording.REQUIRED);
        Ran local = site.run("-W", "127.0.0.1:" + site.host.port(), site.target());
        assertThat(local.exit()).isEqualTo(255);
        assertThat(local.out()).isEmpty();
        assertThat(local.err())
                .contains("Forwarding ports of yours is not allowed", "have to be recorded");
        Ran remote =
                site.run(
                        "-N",
                        "-o",
                        "ExitOnForwardFailure=yes",
                        "-R",
                        "0:127.0.0.1:1",
                        site.target());
        assertThat(remote.exit()).isEqualTo(255);
        assertThat(remote.err()).contains("remote port forwarding failed");
        assertThat(site.edge.noted("forwarded")).isEmpty();
        assertThat(site.edge.noted("denied"))
                .anyMatch(note -> note.contains("local_forward"))
                .anyMatch(note -> note.contains("remote_forward"));
    }

    @ParameterizedTest
    @EnumSource
    void whatNoSessionShowsIsRefusedWithTheReason(Use use) {
        allow(Recording.REQUIRED);
        String refusal = permissions().refusal(use);
        switch (use) {
            case LOCAL_FORWARD, REMOTE_FORWARD, AGENT, X11 ->
                    assertThat(refusal).contains("sessions of build have to be recorded");
            case SHELL, EXEC, SFTP, ENV -> assertThat(refusal).isNull();
        }
        allow(Recording.BEST_EFFORT);
        assertThat(permissions().refusal(use)).isNull();
    }

    private Permissions permissions() {
        return new Permissions(site.edge, site.entry(), "ann");
    }
}
