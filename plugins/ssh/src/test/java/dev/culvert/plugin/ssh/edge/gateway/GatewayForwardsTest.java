package dev.culvert.plugin.ssh.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings.Passage;
import dev.culvert.plugin.edge.SshSettings.Recording;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Forwardings without a session, and so without a recording, are in the audit log.
@Timeout(120)
final class GatewayForwardsTest {
    @TempDir private Path directory;
    private GatewaySite site;

    @BeforeEach
    void start() throws Exception {
        site = new GatewaySite(directory);
        site.allow(
                GatewaySite.access(
                        Passage.AUDITED,
                        Recording.BEST_EFFORT,
                        Use.LOCAL_FORWARD,
                        Use.REMOTE_FORWARD));
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    @Test
    void aPortOfTheClientsIsNotedWithWhereItLeads() throws Exception {
        String destination = "127.0.0.1:" + site.host.port();
        Process ssh = site.ssh("-W", destination, site.target()).start();
        assertThat(ssh.getInputStream().read()).isEqualTo('S');
        assertThat(site.edge.noted("forwarded"))
                .singleElement()
                .asString()
                .contains("local_forward", destination);
        assertThat(site.edge.recorders).isEmpty();
        ssh.destroy();
    }

    @Test
    void aPortOfTheHostsIsNoted() throws Exception {
        Process ssh = site.ssh("-N", "-R", "localhost:0:127.0.0.1:1", site.target()).start();
        BufferedReader errors = ssh.errorReader();
        String line = "";
        while (!line.startsWith("Allocated port ")) {
            line = Objects.requireNonNull(errors.readLine(), "no port was allocated");
        }
        assertThat(site.edge.noted("forwarded"))
                .singleElement()
                .asString()
                .contains("remote_forward", "localhost:0");
        ssh.destroy();
    }

    @Test
    void afterSomeTheyAreCounted() {
        Forwards forwards = new Forwards(site.edge, site.entry(), "ann");
        for (int i = 0; i < 3 * Forwards.MAX_NOTED; i++) {
            forwards.asked(Use.LOCAL_FORWARD, "127.0.0.1:" + i);
        }
        assertThat(site.edge.noted("forwarded")).hasSize(Forwards.MAX_NOTED);
        assertThat(forwards.count()).isEqualTo(3 * Forwards.MAX_NOTED);
    }
}
