package dev.culvert.plugin.ssh.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.SshSettings.Passage;
import dev.culvert.plugin.edge.SshSettings.Recording;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.plugin.ssh.edge.TestEntry;
import dev.culvert.plugin.ssh.edge.ca.ClientCertificates;
import dev.culvert.plugin.ssh.edge.gateway.GatewaySite.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// People who come by a certificate of ours, as `access ssh-gen` gets them by the token of one application.
@Timeout(120)
final class GatewayCertificateTest {
    private static final String OTHER = "wiki.example.com";

    @TempDir private Path directory;
    private GatewaySite site;
    private TestEntry other;

    @BeforeEach
    void start() throws Exception {
        site = new GatewaySite(directory);
        other =
                new TestEntry(
                        site.host.port(),
                        GatewaySite.access(Passage.AUDITED, Recording.BEST_EFFORT)) {
                    @Override
                    public String application() {
                        return "wiki";
                    }

                    @Override
                    public String host() {
                        return OTHER;
                    }
                };
        site.edge.hosts.put(OTHER, () -> other);
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    /// The key has a certificate of the application `build` from now on, and is not registered any more.
    private void certify() throws Exception {
        site.edge.registered = new byte[0];
        Files.writeString(
                Path.of(site.key + "-cert.pub"),
                ClientCertificates.line(
                        site.authority,
                        TestEntry.to(site.host.port()),
                        GatewaySite.publicKey(site.key)));
    }

    private Ran toOther() throws Exception {
        return site.run(OpenSshd.USER + "%" + OTHER + "@127.0.0.1", "echo in");
    }

    private Ran jump(String host) throws Exception {
        return site.ran(site.jump(OpenSshd.USER + "@" + host, "echo in"), "");
    }

    @Test
    void itLeadsToItsApplication() throws Exception {
        certify();
        assertThat(site.run(site.target(), "echo in").out()).isEqualTo("in\n");
        Ran inside = jump(TestEntry.HOST);
        assertThat(inside.out()).as(inside.err()).isEqualTo("in\n");
    }

    @Test
    void itLeadsToNoOtherApplication() throws Exception {
        certify();
        isDenied(toOther());
    }

    @Test
    void itLeadsToNoOtherApplicationByAJumpEither() throws Exception {
        certify();
        isDenied(jump(OTHER));
    }

    private void isDenied(Ran ran) {
        assertThat(ran.exit()).isEqualTo(255);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .contains("Your certificate is for build", "access ssh-gen --hostname " + OTHER);
        assertThat(site.edge.noted("denied")).singleElement().asString().contains("certificate");
        assertThat(other.closed).isTrue();
        assertThat(site.edge.recorders).isEmpty();
    }

    @Test
    void aRegisteredKeyLeadsToAll() throws Exception {
        assertThat(toOther().out()).isEqualTo("in\n");
        assertThat(site.run(site.target(), "echo in").out()).isEqualTo("in\n");
    }
}
