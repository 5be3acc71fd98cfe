package dev.culvert.plugin.ssh.edge.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.plugin.edge.TunnelStream;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.plugin.ssh.edge.SocketStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.threads.ThreadUtils;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.forward.DirectTcpipFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// SSHD's server over streams against OpenSSH's client.
@Timeout(120)
final class StreamServerTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int BYTES = 5 * 1024 * 1024;

    @TempDir private Path directory;
    private final AtomicLong written = new AtomicLong();
    private final CountDownLatch over = new CountDownLatch(1);
    private ScheduledExecutorService timer;
    private StreamServer server;
    private ServerSocket listener;

    @BeforeEach
    void start() throws Exception {
        for (String key : new String[] {"key", "host_key"}) {
            OpenSshd.run(
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-f",
                    directory.resolve(key).toString());
        }
        PublicKey known =
                AuthorizedKeyEntry.parseAuthorizedKeyEntry(
                                Files.readString(directory.resolve("key.pub")))
                        .resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
        timer = SessionTimer.start();
        server = new StreamServer(timer);
        server.setKeyPairProvider(new FileKeyPairProvider(directory.resolve("host_key")));
        server.setPublickeyAuthenticator((_, key, _) -> KeyUtils.compareKeys(key, known));
        server.setCommandFactory((_, command) -> new TestCommand(command));
        server.start();
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::listen);
    }

    private void listen() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread.ofVirtual().name("client").start(() -> serve(socket));
            }
        } catch (IOException e) {
            // The end of the test.
        }
    }

    private void serve(Socket socket) {
        try {
            server.serve(Wire.of((dev.culvert.plugin.edge.Connection) new SocketStream(socket)));
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            over.countDown();
        }
    }

    @AfterEach
    void stop() throws Exception {
        listener.close();
        server.close(true).await(DEADLINE);
        timer.shutdownNow();
        SessionThreads.awaitNone();
    }

    /// `cat`, or `pour` as much as is asked for, or the command itself is said.
    private final class TestCommand extends AbstractCommandSupport {
        TestCommand(String command) {
            super(command, ThreadUtils.newSingleThreadExecutor("test-command"));
        }

        @Override
        public void run() {
            try {
                OutputStream out = getOutputStream();
                if (getCommand().equals("cat")) {
                    getInputStream().transferTo(out);
                } else if (getCommand().startsWith("pour ")) {
                    byte[] bytes = new byte[32 * 1024];
                    long left = Long.parseLong(getCommand().substring(5));
                    for (; left > 0; left -= bytes.length) {
                        out.write(bytes, 0, (int) Math.min(left, bytes.length));
                        written.addAndGet(bytes.length);
                    }
                } else {
                    out.write(getCommand().getBytes());
                }
                out.flush();
                onExit(getCommand().equals("cat") ? 0 : 7);
            } catch (IOException e) {
                onExit(1, e.toString());
            }
        }
    }

    private ProcessBuilder ssh(String... more) {
        List<String> command = new ArrayList<>(List.of("ssh", "-F", "none"));
        command.addAll(List.of("-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR"));
        command.addAll(List.of("-o", "UserKnownHostsFile=" + directory.resolve("known")));
        command.addAll(List.of("-o", "IdentityAgent=none", "-o", "IdentitiesOnly=yes"));
        command.addAll(List.of("-i", directory.resolve("key").toString()));
        command.addAll(List.of("-p", Integer.toString(listener.getLocalPort())));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).redirectError(directory.resolve("err").toFile());
    }

    private String errors() throws IOException {
        return Files.readString(directory.resolve("err"));
    }

    @Test
    void openSshRunsACommandAndHasItsStatus() throws Exception {
        Process ssh = ssh("ann@127.0.0.1", "say it").start();
        ssh.getOutputStream().close();
        assertThat(new String(ssh.getInputStream().readAllBytes()))
                .as(errors())
                .isEqualTo("say it");
        assertThat(ssh.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(ssh.exitValue()).isEqualTo(7);
        assertThat(over.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void carriesMegabytesBothWaysAtOnce() throws Exception {
        byte[] sent = new byte[BYTES];
        new Random(1).nextBytes(sent);
        Path file = Files.write(directory.resolve("sent"), sent);
        Process ssh = ssh("ann@127.0.0.1", "cat").redirectInput(file.toFile()).start();
        assertThat(ssh.getInputStream().readAllBytes()).as(errors()).isEqualTo(sent);
        assertThat(ssh.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /// All that is written here and read by nobody is in buffers: of the machine's sockets, and ours.
    @Test
    void aClientThatReadsNothingStopsWhatIsWrittenToIt() throws Exception {
        Process ssh = ssh("ann@127.0.0.1", "pour " + 100L * BYTES).start();
        InputStream out = ssh.getInputStream();
        assertThat(out.read()).isZero();
        ssh.destroyForcibly();
        assertThat(over.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(written.get()).isLessThan(20L * BYTES);
    }

    @Test
    void opensNoPortAndNoConnectionForItsClients() throws Exception {
        server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        server.setChannelFactories(
                List.of(
                        org.apache.sshd.server.channel.ChannelSessionFactory.INSTANCE,
                        DirectTcpipFactory.INSTANCE));
        server.setGlobalRequestHandlers(ServerBuilder.DEFAULT_GLOBAL_REQUEST_HANDLERS);
        Process remote =
                ssh("-N", "-R", "0:127.0.0.1:1", "-o", "ExitOnForwardFailure=yes", "ann@127.0.0.1")
                        .start();
        assertThat(remote.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(errors()).contains("remote port forwarding failed");
        Process local = ssh("-W", "127.0.0.1:" + listener.getLocalPort(), "ann@127.0.0.1").start();
        assertThat(local.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(local.exitValue()).isNotZero();
        assertThat(errors()).contains("stdio forwarding failed");
    }

    /// Answers are queued without waiting; a peer that asks on and reads nothing meets the queue's end.
    @Test
    void whoAsksAndReadsNothingIsCutOff() throws Exception {
        server.setPublickeyAuthenticator((_, _, _) -> true);
        StreamClient client = new StreamClient(timer);
        client.setServerKeyVerifier((_, _, _) -> true);
        client.start();
        ClientSession session =
                client.connect(
                                "ann",
                                Wire.of(
                                        (TunnelStream) SocketStream.to(listener.getLocalPort()),
                                        "edge"),
                                Map.of())
                        .verify(DEADLINE)
                        .getSession();
        session.addPublicKeyIdentity(
                new FileKeyPairProvider(directory.resolve("key")).loadKeys(null).iterator().next());
        session.auth().verify(DEADLINE);
        session.getIoSession().suspendRead();
        assertThatThrownBy(() -> askForEver(session)).isInstanceOf(IOException.class);
        assertThat(over.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        client.close(true).await(DEADLINE);
    }

    private static void askForEver(ClientSession session) throws IOException {
        while (true) {
            Buffer request = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
            request.putString("nothing@example.com");
            request.putBoolean(true);
            session.writePacket(request).verify(DEADLINE);
        }
    }
}
