package dev.culvert.plugin.ssh.edge.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.plugin.ssh.edge.SocketStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// SSHD's client over streams against OpenSSH.
@Timeout(120)
final class StreamClientTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int BYTES = 5 * 1024 * 1024;

    @TempDir private Path directory;
    private OpenSshd host;
    private ScheduledExecutorService timer;
    private StreamClient client;

    @BeforeEach
    void start() throws Exception {
        host = new OpenSshd(directory, "");
        timer = SessionTimer.start();
        client = new StreamClient(timer);
        client.setServerKeyVerifier((_, _, _) -> true);
    }

    @AfterEach
    void stop() throws Exception {
        client.close(true).await(DEADLINE);
        timer.shutdownNow();
        host.close();
    }

    private ClientSession connect() throws Exception {
        client.start();
        ClientSession session =
                client.connect(
                                OpenSshd.USER,
                                Wire.of(SocketStream.to(host.port()), "build.example.com"),
                                Map.of())
                        .verify(DEADLINE)
                        .getSession();
        KeyPair key = new FileKeyPairProvider(host.key()).loadKeys(session).iterator().next();
        session.addPublicKeyIdentity(key);
        session.auth().verify(DEADLINE);
        return session;
    }

    @Test
    void runsACommandAndTellsItsStatus() throws Exception {
        try (ClientSession session = connect();
                ChannelExec exec = session.createExecChannel("echo out; exit 7")) {
            exec.open().verify(DEADLINE);
            assertThat(new String(exec.getInvertedOut().readAllBytes())).isEqualTo("out\n");
            exec.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), DEADLINE);
            assertThat(exec.getExitStatus()).isEqualTo(7);
        }
    }

    @Test
    void carriesMegabytesBothWaysAtOnce() throws Exception {
        byte[] sent = new byte[BYTES];
        new Random(1).nextBytes(sent);
        try (ClientSession session = connect();
                ChannelExec exec = session.createExecChannel("cat")) {
            exec.open().verify(DEADLINE);
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                try (OutputStream in = exec.getInvertedIn()) {
                                    in.write(sent);
                                } catch (Exception e) {
                                    throw new AssertionError(e);
                                }
                            });
            byte[] received = exec.getInvertedOut().readAllBytes();
            writer.join();
            assertThat(received).isEqualTo(sent);
        }
    }

    @Test
    void whatNobodyHasReadIsAtMostAWindow() throws Exception {
        try (ClientSession session = connect();
                ChannelExec exec =
                        session.createExecChannel(
                                "head -c " + 8 * BYTES + " /dev/zero; echo done >&2")) {
            exec.open().verify(DEADLINE);
            InputStream out = exec.getInvertedOut();
            assertThat(out.read()).isZero();
            assertThat((long) out.available())
                    .isLessThanOrEqualTo(exec.getLocalWindow().getMaxSize());
            assertThat(out.readAllBytes()).hasSize(8 * BYTES - 1);
            assertThat(new String(exec.getInvertedErr().readAllBytes())).isEqualTo("done\n");
        }
    }

    @Test
    void speaksOnlyWhatIsModern() throws Exception {
        try (ClientSession session = connect()) {
            assertThat(session.getNegotiatedKexParameter(KexProposalOption.ALGORITHMS))
                    .isIn(
                            "mlkem768x25519-sha256",
                            "sntrup761x25519-sha512",
                            "sntrup761x25519-sha512@openssh.com");
            assertThat(session.getNegotiatedKexParameter(KexProposalOption.C2SENC))
                    .isEqualTo("aes128-gcm@openssh.com");
            assertThat(session.getClientKexProposals().get(KexProposalOption.ALGORITHMS))
                    .contains("mlkem768x25519-sha256", "kex-strict-c-v00@openssh.com");
            assertThat(session.getClientKexProposals().values())
                    .noneMatch(names ->
                            names.contains("cbc")
                                    || names.contains("sha1")
                                    || names.contains("zlib")
                                    || (names + ",").contains("ssh-rsa,")
                                    || names.contains("ssh-dss"));
        }
    }

    /// Keys are exchanged anew while data flows; what waits for that is written by no thread of SSHD's own.
    @Test
    void newKeysInTheMiddleLoseNothing() throws Exception {
        byte[] sent = new byte[BYTES];
        new Random(2).nextBytes(sent);
        CoreModuleProperties.REKEY_BYTES_LIMIT.set(client, 512L * 1024);
        try (ClientSession session = connect();
                ChannelExec exec = session.createExecChannel("cat")) {
            exec.open().verify(DEADLINE);
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                try (OutputStream in = exec.getInvertedIn()) {
                                    in.write(sent);
                                } catch (Exception e) {
                                    throw new AssertionError(e);
                                }
                            });
            assertThat(exec.getInvertedOut().readAllBytes()).isEqualTo(sent);
            writer.join();
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().contains("kex-flusher"));
        }
    }

    @Test
    void opensNoPortOfTheEdge() throws Exception {
        client.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        try (ClientSession session = connect()) {
            SshdSocketAddress anywhere = new SshdSocketAddress("127.0.0.1", 0);
            SshdSocketAddress target = new SshdSocketAddress("127.0.0.1", host.port());
            assertThatThrownBy(() -> session.startLocalPortForwarding(anywhere, target))
                    .hasStackTraceContaining("the edge opens no port for others");
            assertThatThrownBy(() -> session.startDynamicPortForwarding(anywhere))
                    .hasStackTraceContaining("the edge opens no port for others");
        }
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        try (ClientSession session = connect();
                ChannelExec exec = session.createExecChannel("true")) {
            exec.open().verify(DEADLINE);
            exec.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), DEADLINE);
            assertThat(SessionThreads.count()).isPositive();
        }
        SessionThreads.awaitNone();
    }

    @Test
    void aHostThatGoesAwayEndsTheSessionAndItsThreads() throws Exception {
        SocketStream stream = SocketStream.to(host.port());
        client.start();
        ClientSession session =
                client.connect(OpenSshd.USER, Wire.of(stream, "build.example.com"), Map.of())
                        .verify(DEADLINE)
                        .getSession();
        session.waitFor(EnumSet.of(ClientSession.ClientSessionEvent.WAIT_AUTH), DEADLINE);
        stream.close();
        assertThat(session.waitFor(EnumSet.of(ClientSession.ClientSessionEvent.CLOSED), DEADLINE))
                .contains(ClientSession.ClientSessionEvent.CLOSED);
        SessionThreads.awaitNone();
    }
}
