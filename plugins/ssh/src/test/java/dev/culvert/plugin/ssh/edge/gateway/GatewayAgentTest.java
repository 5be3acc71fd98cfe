package dev.culvert.plugin.ssh.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.SshAccess;
import dev.culvert.plugin.edge.SshRights;
import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.edge.SshSettings.Passage;
import dev.culvert.plugin.edge.SshSettings.Recording;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.plugin.ssh.edge.gateway.GatewaySite.Ran;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Signing in at the host with the agent of the client, whose keys the host knows.
@Timeout(120)
final class GatewayAgentTest {
    @TempDir private Path directory;
    private GatewaySite site;
    private Process agent;
    private Path socket;

    @BeforeEach
    void start() throws Exception {
        site = new GatewaySite(directory);
        socket = directory.resolve("agent");
        agent =
                new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                        .redirectErrorStream(true)
                        .start();
        // It says where it listens once it does.
        assertThat(agent.getInputStream().read()).isPositive();
    }

    @AfterEach
    void stop() throws Exception {
        agent.destroy();
        site.close();
    }

    private void add(Path key) throws Exception {
        ProcessBuilder add = new ProcessBuilder("ssh-add", "-q", key.toString());
        add.environment().put("SSH_AUTH_SOCK", socket.toString());
        assertThat(add.start().waitFor()).isZero();
    }

    /// The policy has no login name for certificates.
    private void allow(Use... uses) {
        site.allow(
                new SshAccess(
                        SshSettings.DEFAULT,
                        new SshRights(List.of("{user}"), Set.of(uses), false),
                        List.of("nobody-here")));
    }

    private Ran run(String... arguments) throws Exception {
        ProcessBuilder ssh = site.ssh(arguments);
        ssh.environment().put("SSH_AUTH_SOCK", socket.toString());
        return site.ran(ssh, "");
    }

    @Test
    void theAgentSignsInWhereNoCertificateMay() throws Exception {
        allow(Use.EXEC);
        add(site.host.key());
        Ran ran = run("-A", site.target(), "echo in $SSH_AUTH_SOCK");
        assertThat(ran.out()).as(ran.err()).isEqualTo("in\n");
        assertThat(ran.err()).contains("Agent forwarding is not allowed by the policies");
    }

    /// It could sign in at other hosts, where nobody sees it.
    @Test
    void whereSessionsHaveToBeRecordedTheHostHasNoAgent() throws Exception {
        site.allow(GatewaySite.access(Passage.AUDITED, Recording.REQUIRED, Use.EXEC, Use.AGENT));
        Ran ran = run("-A", site.target(), "echo in $SSH_AUTH_SOCK");
        assertThat(ran.out()).as(ran.err()).isEqualTo("in\n");
        assertThat(ran.err()).contains("Agent forwarding is not allowed", "have to be recorded");
    }

    @Test
    void withoutForwardingItTheAgentIsNotAsked() throws Exception {
        allow(Use.EXEC);
        add(site.host.key());
        Ran ran = run("-a", site.target(), "echo in");
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("ssh -A");
    }

    @Test
    void anAgentWithoutAKeyOfTheHostIsOfNoUse() throws Exception {
        allow(Use.EXEC);
        add(site.key);
        Ran ran = run("-A", site.target(), "echo in");
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("did not let " + OpenSshd.USER + " in");
    }

    @Test
    void wherePoliciesAllowItTheHostHasTheAgentToo() throws Exception {
        allow(Use.EXEC, Use.AGENT);
        add(site.host.key());
        Ran ran = run("-A", site.target(), "ssh-add -l");
        assertThat(ran.out()).as(ran.err()).contains("SHA256:");
    }
}
