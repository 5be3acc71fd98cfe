package dev.culvert.plugin.ssh.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.Connection;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.plugin.ssh.edge.SocketStream;
import dev.culvert.plugin.ssh.edge.TestEntry;
import dev.culvert.plugin.ssh.edge.TestRecorder;
import dev.culvert.plugin.ssh.edge.io.SessionTimer;
import dev.culvert.plugin.ssh.edge.io.StreamClient;
import dev.culvert.plugin.ssh.edge.io.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A shell with a terminal, whose size a client changes.
@Timeout(120)
final class GatewayTerminalTest {
    private static final Duration DEADLINE = Duration.ofSeconds(GatewaySite.DEADLINE_SECONDS);

    @TempDir private Path directory;
    private GatewaySite site;
    private final ScheduledExecutorService timer = SessionTimer.start();
    private StreamClient client;

    @BeforeEach
    void start() throws Exception {
        site = new GatewaySite(directory);
        client = new StreamClient(timer);
        // It would have the certificate be for the name that it connects to.
        CoreModuleProperties.ABORT_ON_INVALID_CERTIFICATE.set(client, false);
        client.setServerKeyVerifier((session, address, key) -> true);
        client.start();
    }

    @AfterEach
    void stop() throws Exception {
        client.close(true).await(DEADLINE);
        timer.shutdownNow();
        site.close();
    }

    private ClientSession signIn() throws Exception {
        Wire wire = Wire.of((Connection) SocketStream.to(site.port()));
        ClientSession session =
                client.connect(OpenSshd.USER + "%" + TestEntry.HOST, wire, Map.of())
                        .verify(DEADLINE)
                        .getSession();
        session.addPublicKeyIdentity(
                new FileKeyPairProvider(site.key).loadKeys(session).iterator().next());
        session.auth().verify(DEADLINE);
        return session;
    }

    private static void awaitText(InputStream in, String text) throws IOException {
        StringBuilder said = new StringBuilder();
        while (said.indexOf(text) < 0) {
            int next = in.read();
            assertThat(next).as(said.toString()).isNotNegative();
            said.append((char) next);
        }
    }

    @Test
    void theHostHasTheClientsSizeAndTheRecordingToo() throws Exception {
        try (ClientSession session = signIn();
                ChannelShell shell = session.createShellChannel()) {
            shell.setPtyColumns(101);
            shell.setPtyLines(37);
            shell.open().verify(DEADLINE);
            OutputStream in = shell.getInvertedIn();
            in.write("stty size\n".getBytes());
            in.flush();
            awaitText(shell.getInvertedOut(), "37 101");
            shell.sendWindowChange(91, 27);
            in.write("stty size; exit 5\n".getBytes());
            in.flush();
            awaitText(shell.getInvertedOut(), "27 91");
            shell.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), DEADLINE);
            assertThat(shell.getExitStatus()).isEqualTo(5);
        }
        TestRecorder recorder = site.edge.recorders.getFirst();
        assertThat(recorder.closed.get(GatewaySite.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(recorder.subject.columns()).isEqualTo(101);
        assertThat(recorder.subject.rows()).isEqualTo(37);
        assertThat(recorder.events)
                .filteredOn(event -> event.startsWith("resize "))
                .containsExactly("resize 91x27");
        assertThat(recorder.said()).contains("37 101", "27 91");
        assertThat(recorder.typed()).contains("stty size");
    }
}
