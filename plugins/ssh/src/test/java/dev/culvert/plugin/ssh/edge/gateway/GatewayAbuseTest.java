package dev.culvert.plugin.ssh.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings.Passage;
import dev.culvert.plugin.edge.SshSettings.Recording;
import dev.culvert.plugin.ssh.edge.TestEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.client.session.ClientSession.ClientSessionEvent;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.loader.openssh.OpenSSHKeyPairResourceParser;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A client that does what OpenSSH does not.
@Timeout(120)
final class GatewayAbuseTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir private Path directory;
    private GatewaySite site;
    private SshClient client;

    @BeforeEach
    void start() throws Exception {
        site = new GatewaySite(directory);
        client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier((_, _, _) -> true);
        CoreModuleProperties.ABORT_ON_INVALID_CERTIFICATE.set(client, false);
        client.start();
    }

    @AfterEach
    void stop() throws Exception {
        client.close(true).await(SOON);
        site.close();
    }

    private ClientSession connected() throws Exception {
        return connected(site.target().substring(0, site.target().indexOf('@')));
    }

    private ClientSession connected(String name) throws Exception {
        ClientSession session =
                client.connect(name, "127.0.0.1", site.port()).verify(SOON).getSession();
        assertThat(session.waitFor(EnumSet.of(ClientSessionEvent.WAIT_AUTH), SOON))
                .contains(ClientSessionEvent.WAIT_AUTH);
        return session;
    }

    private ClientSession signedIn() throws Exception {
        return signIn(connected());
    }

    private ClientSession signIn(ClientSession session) throws Exception {
        session.addPublicKeyIdentity(
                OpenSSHKeyPairResourceParser.INSTANCE
                        .loadKeyPairs(null, site.key, null)
                        .iterator()
                        .next());
        session.auth().verify(SOON);
        return session;
    }

    private static void ask(ClientSession session, String service) throws Exception {
        Buffer message = session.createBuffer(SshConstants.SSH_MSG_SERVICE_REQUEST, 64);
        message.putString(service);
        send(session, message);
    }

    /// The edge may be quick: an end that it has already made is what the tests look for.
    private static void send(ClientSession session, Buffer message) throws Exception {
        try {
            session.writePacket(message).await(SOON);
        } catch (SshException e) {
            assertThat(session.isClosing()).as(e.toString()).isTrue();
        }
    }

    private static void isEnded(ClientSession session) {
        assertThat(session.waitFor(EnumSet.of(ClientSessionEvent.CLOSED), SOON))
                .contains(ClientSessionEvent.CLOSED);
    }

    /// Each time would give it all its time and tries anew.
    @Test
    void signingInIsBegunOnce() throws Exception {
        ClientSession session = connected();
        ask(session, "ssh-userauth");
        ask(session, "ssh-userauth");
        isEnded(session);
    }

    @Test
    void nothingBeginsBeforeSomebodyHasSignedIn() throws Exception {
        ClientSession session = connected();
        ask(session, "ssh-connection");
        isEnded(session);
    }

    @Test
    void oneConnectionIsRelayedOnce() throws Exception {
        ClientSession session = signedIn();
        ask(session, "ssh-connection");
        isEnded(session);
    }

    /// Each is a connection of its own inside.
    @Test
    void whoJumpsHasSoManyHostsAtOnceWithSmallWindows() throws Exception {
        ClientSession session = signIn(connected("somebody"));
        for (int i = 0; i < Lobby.MAX_CHANNELS; i++) {
            ChannelDirectTcpip channel = jump(session);
            channel.open().verify(SOON);
            assertThat(channel.getRemoteWindow().getMaxSize()).isEqualTo(Lobby.WINDOW);
        }
        assertThatThrownBy(() -> jump(session).open().verify(SOON))
                .isInstanceOf(SshException.class);
    }

    private static ChannelDirectTcpip jump(ClientSession session) throws Exception {
        return session.createDirectTcpipChannel(
                new SshdSocketAddress("127.0.0.1", 1), new SshdSocketAddress(TestEntry.HOST, 22));
    }

    @Test
    void whoHasSoManyConnectionsGetsNoMoreThatNameNoHost() throws Exception {
        for (int i = 0; i < Doors.MAX_IN_LOBBY; i++) {
            signIn(connected("somebody"));
        }
        GatewaySite.Ran ran = site.run("127.0.0.1");
        assertThat(ran.out()).isEmpty();
        assertThat(ran.exit()).isEqualTo(255);
        assertThat(ran.err()).contains("You have 64 connections to the gateway. Close some.");
        assertThat(site.run(site.target(), "echo in").out()).isEqualTo("in\n");
    }

    /// The host is silent: what waits for it is kept.
    @Test
    void requestsThatWaitForTheHostAreBounded() throws Exception {
        site.allow(GatewaySite.access(Passage.AUDITED, Recording.OFF, Use.REMOTE_FORWARD));
        ClientSession session = signedIn();
        for (int i = 0; i < 500 && session.isOpen(); i++) {
            Buffer message = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST, 64);
            message.putString("cancel-tcpip-forward");
            message.putBoolean(false);
            message.putString("x".repeat(20_000));
            message.putInt(1);
            send(session, message);
        }
        isEnded(session);
    }

    @Test
    void aClientDoesNotAnswerItsOwnQuestion() throws Exception {
        site.allow(GatewaySite.access(Passage.AUDITED, Recording.OFF, Use.LOCAL_FORWARD));
        ClientSession session = signedIn();
        Buffer open = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN, 128);
        open.putString("direct-tcpip");
        open.putUInt(7);
        open.putUInt(1024 * 1024);
        open.putUInt(32 * 1024);
        open.putString("127.0.0.1");
        open.putUInt(site.host.port());
        open.putString("127.0.0.1");
        open.putUInt(1);
        session.writePacket(open).verify(SOON);
        Buffer confirmed = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION, 64);
        // The first channel of the connection.
        confirmed.putUInt(1);
        confirmed.putUInt(7);
        confirmed.putUInt(1024 * 1024);
        confirmed.putUInt(32 * 1024);
        send(session, confirmed);
        isEnded(session);
    }
}
