package dev.culvert.plugin.ssh.edge.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.edge.SshSettings.Recording;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.plugin.ssh.edge.TestEdge;
import dev.culvert.plugin.ssh.edge.TestEntry;
import dev.culvert.plugin.ssh.edge.TestRecorder;
import dev.culvert.plugin.ssh.edge.host.HostClient;
import dev.culvert.plugin.ssh.edge.host.HostKeys;
import dev.culvert.plugin.ssh.edge.host.TestCertificates;
import dev.culvert.plugin.ssh.edge.io.SessionThreads;
import dev.culvert.plugin.ssh.edge.io.SessionTimer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The terminal's WebSocket against OpenSSH.
@Timeout(120)
final class TerminalTest {
    private static final String CONNECT =
            "{'type':'connect','login':'%s','columns':100,'rows':30,'term':'xterm-256color','method':'%s'%s}";

    @TempDir private Path directory;
    private final TestEdge edge = new TestEdge();
    private final ScheduledExecutorService timer = SessionTimer.start();
    private final TestPage page = TestPage.own();
    private TestCertificates certificates;
    private HostClient hosts;
    private Terminals terminals;
    private OpenSshd host;
    private TestEntry entry;
    private Thread exchange;

    @BeforeEach
    void start() throws Exception {
        certificates = new TestCertificates(directory, OpenSshd.USER);
        hosts = new HostClient(timer, new HostKeys(edge, List::of), certificates);
        terminals = new Terminals(edge, hosts, timer);
    }

    @AfterEach
    void stop() throws Exception {
        page.leave();
        if (exchange != null) {
            exchange.join();
        }
        hosts.close();
        timer.shutdownNow();
        if (host != null) {
            host.close();
        }
        SessionThreads.awaitNone();
    }

    private void host(String... lines) throws Exception {
        host =
                new OpenSshd(
                        directory,
                        "TrustedUserCAKeys "
                                + certificates.authority()
                                + ".pub\n"
                                + String.join("\n", lines));
        entry = TestEntry.to(host.port());
    }

    private void open() {
        exchange =
                Thread.ofVirtual()
                        .name("exchange")
                        .start(() -> {
                            try {
                                terminals.handle(entry, page);
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        });
    }

    private static String connect(String method, String more) {
        return CONNECT.formatted(OpenSshd.USER, method, more);
    }

    /// Signs in by certificate, trusting the host, up to the shell.
    private JsonNode shell() throws Exception {
        open();
        page.say(connect("certificate", ""));
        page.await("host-key");
        page.say("{'type':'host-key','accept':true}");
        return page.await("open");
    }

    @Test
    void showsTheHostsKeyThenOpensAShellAndTellsItsStatus() throws Exception {
        host();
        open();
        page.say(connect("certificate", ""));
        assertThat(page.await("state").path("state").asString()).isEqualTo("connecting");
        JsonNode key = page.await("host-key");
        assertThat(key.path("known").asString()).isEqualTo("new");
        assertThat(key.path("fingerprint").asString()).startsWith("SHA256:");
        page.say("{'type':'host-key','accept':true}");
        assertThat(page.await("state").path("state").asString()).isEqualTo("authenticating");
        JsonNode opened = page.await("open");
        assertThat(opened.path("session").asString()).hasSizeGreaterThan(30);
        assertThat(opened.path("csrf").asString()).hasSizeGreaterThan(30);
        assertThat(opened.path("recorded").asBoolean()).isTrue();
        assertThat(opened.path("files").asBoolean()).isTrue();
        page.type("echo $((6*7)) $TERM; stty size; exit 3\n");
        page.awaitOutput(all -> all.contains("42 xterm-256color") && all.contains("30 100"));
        JsonNode exit = page.await("exit");
        assertThat(exit.path("status").asInt()).isEqualTo(3);
        assertThat(exit.path("message").asString()).isEmpty();
        assertThat(page.awaitClose()).isEqualTo(1000);
        exchange.join();
        assertThat(edge.outcomes()).containsExactly("changed", "opened", "ended");
        AuditNote ended = edge.notes.getLast();
        assertThat(TestEdge.detail(ended, "reason")).isEqualTo("exit");
        assertThat((long) TestEdge.detail(ended, "to_host")).isPositive();
        assertThat((long) TestEdge.detail(ended, "from_host")).isEqualTo(page.received);
    }

    @Test
    void resizesAndEndsWithTheSignalThatKilledTheShell() throws Exception {
        host();
        shell();
        page.say("{'type':'resize','columns':77,'rows':22}");
        page.type("stty size; kill -KILL $$\n");
        page.awaitOutput(all -> all.contains("22 77"));
        JsonNode exit = page.await("exit");
        assertThat(exit.path("signal").asString()).isEqualTo("KILL");
        assertThat(exit.path("status").isNull()).isTrue();
        assertThat(edge.recorders.getFirst().events).contains("resize 77x22");
    }

    @Test
    void aPageThatDrawsNothingGetsNoMoreThanItsShare() throws Exception {
        host();
        shell();
        page.acknowledges(false);
        page.onlyCounts();
        page.type("yes\n");
        long share = Unrendered.MOST - 64 * 1024;
        page.awaitBytes(share);
        long before = page.received;
        assertThat(before).isLessThanOrEqualTo(Unrendered.MOST + 64 * 1024);
        // What is acknowledged is what may follow, and no byte more.
        page.say("{'type':'ack','bytes':" + 100_000 + "}");
        page.awaitBytes(before + 60_000);
        assertThat(page.received).isLessThanOrEqualTo(Unrendered.MOST + 100_000 + 64 * 1024);
    }

    @Test
    void ctrlCEndsAFloodOfWhichNothingIsAcknowledged() throws Exception {
        host();
        shell();
        page.acknowledges(false);
        Path mark = directory.resolve("interrupted");
        page.type("yes; touch " + mark + "\n");
        page.awaitBytes(Unrendered.MOST - 64 * 1024);
        page.type("\u0003");
        page.type("touch " + mark + "\n");
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (Files.notExists(mark)) {
            assertThat(System.nanoTime()).as("still floods").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void aMegabyteThatIsPastedComesBackWhole() throws Exception {
        host();
        shell();
        // Not before the terminal is raw: it would take the bytes a line at a time.
        page.type("stty raw -echo; echo re''ady; head -c 1048576 | sha256sum\n");
        byte[] bytes = "0123456789abcdef".repeat(65536).getBytes();
        page.awaitOutput(all -> all.contains("ready"));
        page.type(new String(bytes));
        String hash =
                java.util.HexFormat.of()
                        .formatHex(
                                java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
        page.awaitOutput(all -> all.contains(hash));
    }

    @Test
    void aPastedKeyOpensAShell() throws Exception {
        host();
        open();
        String key = Files.readString(host.key()).replace("\n", "\\n");
        page.say(connect("key", ",'key':'" + key + "','passphrase':''"));
        page.await("host-key");
        page.say("{'type':'host-key','accept':true}");
        page.await("open");
        page.type("exit\n");
        assertThat(page.await("exit").path("status").asInt()).isZero();
    }

    @Test
    void aPasswordIsAskedForUntilItIsRight() throws Exception {
        host = OpenSshd.withPassword(directory, "correct", "PasswordAuthentication yes");
        entry = TestEntry.to(host.port());
        open();
        page.say(connect("password", ""));
        page.await("host-key");
        page.say("{'type':'host-key','accept':true}");
        for (String answer : List.of("wrong", "correct")) {
            JsonNode prompt = page.await("prompt");
            assertThat(prompt.path("prompts").get(0).path("echo").asBoolean()).isFalse();
            page.say(
                    "{'type':'answer','id':"
                            + prompt.path("id")
                            + ",'answers':['"
                            + answer
                            + "']}");
        }
        page.await("open");
        page.type("exit\n");
        page.await("exit");
    }

    @Test
    void keyboardInteractiveQuestionsOfPamAreAsked() throws Exception {
        host =
                OpenSshd.withPassword(
                        directory,
                        "correct",
                        "UsePAM yes\nKbdInteractiveAuthentication yes\nAuthenticationMethods keyboard-interactive");
        entry = TestEntry.to(host.port());
        open();
        page.say(connect("password", ""));
        page.await("host-key");
        page.say("{'type':'host-key','accept':true}");
        JsonNode prompt = page.await("prompt");
        assertThat(prompt.path("prompts").get(0).path("text").asString()).contains("Password");
        page.say("{'type':'answer','id':" + prompt.path("id") + ",'answers':['correct']}");
        page.await("open");
        page.type("exit\n");
        page.await("exit");
    }

    @Test
    void afterARefusalThePageMayTryAnotherWay() throws Exception {
        host();
        open();
        page.say(CONNECT.formatted("nobody-of-that-name", "certificate", ""));
        page.await("host-key");
        page.say("{'type':'host-key','accept':true}");
        JsonNode error = page.await("error");
        assertThat(error.path("code").asString()).isEqualTo("sign_in_failed");
        assertThat(error.path("retry").asBoolean()).isTrue();
        page.say(connect("certificate", ""));
        page.await("open");
        assertThat(edge.outcomes()).containsExactly("changed", "denied", "opened");
    }

    @Test
    void whoMayNotHaveAShellGetsNone() throws Exception {
        host();
        entry = new TestEntry(host.port(), TestEntry.access(SshSettings.DEFAULT, Use.SFTP));
        open();
        page.say(connect("certificate", ""));
        JsonNode error = page.await("error");
        assertThat(error.path("code").asString()).isEqualTo("denied");
        assertThat(error.path("retry").asBoolean()).isFalse();
        assertThat(page.awaitClose()).isEqualTo(1011);
        assertThat(edge.outcomes()).containsExactly("denied");
    }

    @Test
    void recordsWhatIsShownAndHasNothingKeptThatIsTyped() throws Exception {
        host();
        shell();
        page.type("exit\n");
        page.await("exit");
        exchange.join();
        TestRecorder recorder = edge.recorders.getFirst();
        assertThat(recorder.mode).isEqualTo(Recorder.Mode.BEST_EFFORT);
        assertThat(recorder.subject.columns()).isEqualTo(100);
        assertThat(recorder.output.toByteArray()).isEqualTo(page.output.toByteArray());
        assertThat(recorder.subject.input()).isFalse();
        assertThat(recorder.closed).isCompleted();
    }

    private void required() {
        entry =
                new TestEntry(
                        host.port(),
                        TestEntry.access(
                                TestEntry.settings(Recording.REQUIRED, List.of(), List.of())));
    }

    @Test
    void withoutTheRecordingThatIsRequiredThereIsNoSession() throws Exception {
        host();
        required();
        edge.recordsNothing = true;
        open();
        page.say(connect("certificate", ""));
        page.await("host-key");
        page.say("{'type':'host-key','accept':true}");
        assertThat(page.await("error").path("code").asString()).isEqualTo("recording_failed");
        assertThat(edge.outcomes()).containsExactly("changed", "denied");
    }

    @Test
    void aSessionEndsWithItsRequiredRecordingAndByItsOwner() throws Exception {
        host();
        required();
        shell();
        edge.recorders.getFirst().onFailure.accept("the disk is full");
        JsonNode error = page.await("error");
        assertThat(error.path("code").asString()).isEqualTo("recording_failed");
        assertThat(error.path("message").asString()).contains("the disk is full");
        assertThat(page.awaitClose()).isEqualTo(1011);
        exchange.join();
        assertThat(TestEdge.detail(edge.notes.getLast(), "reason")).isEqualTo("recording_failed");
    }

    @Test
    void whoIsNotLetInAnyMoreLosesTheSession() throws Exception {
        host();
        shell();
        entry.revoke("the policy has changed");
        page.leave();
        exchange.join();
        assertThat(TestEdge.detail(edge.notes.getLast(), "reason")).isEqualTo("revoked");
        SessionThreads.awaitNone();
    }

    @Test
    void aPageThatGoesAwayLeavesNothing() throws Exception {
        host();
        shell();
        page.leave();
        exchange.join();
        SessionThreads.awaitNone();
        assertThat(edge.recorders.getFirst().closed).isCompleted();
        assertThat(edge.outcomes()).containsExactly("changed", "opened", "ended");
    }

    @Test
    void aPageThatGoesAwayWhileItIsAskedEndsTheSignIn() throws Exception {
        host();
        open();
        page.say(connect("certificate", ""));
        page.await("host-key");
        page.leave();
        exchange.join();
        SessionThreads.awaitNone();
    }

    @Test
    void anotherSitesPageGetsNoTerminal() throws Exception {
        host();
        TestPage other =
                new TestPage("Origin", "https://evil.example.com", "Sec-WebSocket-Key", "x");
        assertThat(terminals.handle(entry, other)).isTrue();
        assertThat(other.status()).isEqualTo(403);
        TestPage none = new TestPage("Sec-WebSocket-Key", "x");
        assertThat(terminals.handle(entry, none)).isTrue();
        assertThat(none.status()).isEqualTo(403);
    }

    @Test
    void nonsenseEndsTheSocket() throws Exception {
        host();
        open();
        page.say("{'type':'connect'}");
        assertThat(page.awaitClose()).isEqualTo(1003);
    }
}
