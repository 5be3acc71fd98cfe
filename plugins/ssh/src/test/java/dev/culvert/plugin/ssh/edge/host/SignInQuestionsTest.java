package dev.culvert.plugin.ssh.edge.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.culvert.plugin.edge.Connection;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.plugin.ssh.edge.SocketStream;
import dev.culvert.plugin.ssh.edge.TestEdge;
import dev.culvert.plugin.ssh.edge.TestEntry;
import dev.culvert.plugin.ssh.edge.host.HostDialog.Prompt;
import dev.culvert.plugin.ssh.edge.host.HostDialog.Question;
import dev.culvert.plugin.ssh.edge.io.SessionThreads;
import dev.culvert.plugin.ssh.edge.io.SessionTimer;
import dev.culvert.plugin.ssh.edge.io.StreamServer;
import dev.culvert.plugin.ssh.edge.io.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.auth.keyboard.InteractiveChallenge;
import org.apache.sshd.server.auth.keyboard.KeyboardInteractiveAuthenticator;
import org.apache.sshd.server.auth.keyboard.PromptEntry;
import org.apache.sshd.server.auth.password.PasswordChangeRequiredException;
import org.apache.sshd.server.session.ServerSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What hosts ask beside a password. The host is SSHD's server: OpenSSH's asks what PAM does, and PAM is the
/// machine's.
@Timeout(120)
final class SignInQuestionsTest {
    @TempDir private Path directory;
    private final TestEdge edge = new TestEdge();
    private final ScheduledExecutorService timer = SessionTimer.start();
    private final StreamServer server = new StreamServer(timer);
    private ServerSocket listener;
    private HostClient client;
    private TestCertificates certificates;

    @BeforeEach
    void start() throws Exception {
        certificates = new TestCertificates(directory, "ann");
        client = new HostClient(timer, new HostKeys(edge, List::of), certificates);
        Path key = directory.resolve("host_key");
        OpenSshd.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
        server.setKeyPairProvider(new FileKeyPairProvider(key));
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::listen);
    }

    private void listen() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread.ofVirtual().name("host").start(() -> serve(socket));
            }
        } catch (IOException e) {
            // The end of the test.
        }
    }

    private void serve(Socket socket) {
        try {
            server.serve(Wire.of((Connection) new SocketStream(socket)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        listener.close();
        server.close(true).await(Duration.ofSeconds(20));
        timer.shutdownNow();
        SessionThreads.awaitNone();
    }

    private TestEntry entry() {
        return TestEntry.to(listener.getLocalPort());
    }

    /// A password and a number, then a second round.
    private static final class TwoRounds implements KeyboardInteractiveAuthenticator {
        private boolean firstDone;

        @Override
        public InteractiveChallenge generateChallenge(
                ServerSession session, String username, String lang, String subMethods) {
            InteractiveChallenge challenge = new InteractiveChallenge();
            challenge.setInteractionName(firstDone ? "second" : "first");
            challenge.setInteractionInstruction("of two");
            challenge.setLanguageTag("");
            if (firstDone) {
                challenge.addPrompt(new PromptEntry("Code: ", true));
            } else {
                challenge.addPrompt(new PromptEntry("Secret: ", false));
                challenge.addPrompt(new PromptEntry("Colour: ", true));
            }
            return challenge;
        }

        @Override
        public boolean authenticate(
                ServerSession session, String username, List<String> responses) {
            if (!firstDone) {
                firstDone = responses.equals(List.of("hunter2", "blue"));
                return false;
            }
            return responses.equals(List.of("42"));
        }
    }

    @Test
    void severalQuestionsInSeveralRoundsAreAsked() throws Exception {
        server.setKeyboardInteractiveAuthenticator(new TwoRounds());
        server.start();
        Iterator<List<String>> answers =
                List.of(List.of("hunter2", "blue"), List.of("42")).iterator();
        TestDialog dialog = new TestDialog(true, _ -> answers.next());
        client.open(entry(), "ann", new SignIn.Password(), dialog).close();
        assertThat(dialog.asked)
                .containsExactly(
                        new Question(
                                "first",
                                "of two",
                                List.of(
                                        new Prompt("Secret: ", false),
                                        new Prompt("Colour: ", true))),
                        new Question("second", "of two", List.of(new Prompt("Code: ", true))));
    }

    @Test
    void whoGivesUpIsToldSo() throws Exception {
        server.setPasswordAuthenticator((_, _, _) -> false);
        server.start();
        TestDialog dialog = new TestDialog(true, _ -> null);
        assertThat(refused(new SignIn.Password(), dialog).code()).isEqualTo("sign_in_given_up");
        assertThat(dialog.asked).hasSize(1);
    }

    @Test
    void threeWrongPasswordsAreEnough() throws Exception {
        server.setPasswordAuthenticator((_, _, _) -> false);
        server.start();
        TestDialog dialog = TestDialog.answering("wrong");
        RefusedException refused = refused(new SignIn.Password(), dialog);
        assertThat(refused.code()).isEqualTo("sign_in_failed");
        assertThat(refused).hasMessageContaining("it takes password");
        assertThat(dialog.asked).hasSize(3);
    }

    @Test
    void aPasswordThatHasToBeChangedIsSaidToBe() throws Exception {
        server.setPasswordAuthenticator((_, _, _) -> {
            throw new PasswordChangeRequiredException("expired", "New password: ", "");
        });
        server.start();
        assertThat(refused(new SignIn.Password(), TestDialog.answering("old")).code())
                .isEqualTo("password_expired");
    }

    /// A certificate is the first of two proofs: the second is asked for.
    @Test
    void aHostThatWantsMoreThanACertificateAsks() throws Exception {
        server.setPublickeyAuthenticator((_, _, _) -> true);
        server.setPasswordAuthenticator((_, password, _) -> password.equals("second"));
        CoreModuleProperties.AUTH_METHODS.set(server, "publickey,password");
        server.start();
        TestDialog dialog = TestDialog.answering("second");
        client.open(entry(), "ann", new SignIn.Certificate(), dialog).close();
        assertThat(dialog.asked).hasSize(1);
    }

    /// A host that does not take the certificate gets no password that nobody offered.
    @Test
    void withACertificateNobodyIsAskedForAPassword() throws Exception {
        server.setPublickeyAuthenticator((_, _, _) -> false);
        server.setPasswordAuthenticator((_, _, _) -> true);
        server.start();
        TestDialog dialog = TestDialog.answering("secret");
        assertThat(refused(new SignIn.Certificate(), dialog).code()).isEqualTo("sign_in_failed");
        assertThat(dialog.asked).isEmpty();
    }

    @Test
    void manyQuestionsAtOnceAreRefused() throws Exception {
        server.setKeyboardInteractiveAuthenticator(
                new KeyboardInteractiveAuthenticator() {
                    @Override
                    public InteractiveChallenge generateChallenge(
                            ServerSession session,
                            String username,
                            String lang,
                            String subMethods) {
                        InteractiveChallenge challenge = new InteractiveChallenge();
                        ArrayDeque<PromptEntry> prompts = new ArrayDeque<>();
                        for (int i = 0; i < 17; i++) {
                            prompts.add(new PromptEntry("?", true));
                        }
                        challenge.setPrompts(prompts);
                        challenge.setLanguageTag("");
                        return challenge;
                    }

                    @Override
                    public boolean authenticate(
                            ServerSession session, String username, List<String> responses) {
                        return true;
                    }
                });
        server.start();
        TestDialog dialog = TestDialog.answering("x");
        assertThat(refused(new SignIn.Password(), dialog).code()).isEqualTo("sign_in_failed");
        assertThat(dialog.asked).isEmpty();
    }

    private RefusedException refused(SignIn how, HostDialog dialog) {
        return catchThrowableOfType(
                RefusedException.class, () -> client.open(entry(), "ann", how, dialog).close());
    }
}
