package dev.culvert.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A console at an emulated terminal.
@Timeout(120)
class ShellTest {
    private static final String DOWN = "\u001b[B";
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";

    @TempDir Path directory;

    private final List<String> ran = new ArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final AtomicInteger frames = new AtomicInteger();
    private Sitter sitter;
    private Screen screen;
    private Thread thread;

    private void start(Sitter who) throws Exception {
        sitter = who;
        screen = sitter.screen("test", directory.resolve("history"));
        Shell shell = new Shell(screen, commands());
        thread = Thread.ofPlatform().daemon().start(shell::run);
    }

    private List<ConsoleCommand> commands() {
        return List.of(
                ConsoleCommand.of("open", "APP", "opens", words -> ran.add("open " + words))
                        .completing(words ->
                                words.isEmpty()
                                        ? List.of(
                                                new Choice("db-production", "the data"),
                                                new Choice("feedback", "letters"),
                                                new Choice("wiki page", "what we know"))
                                        : List.of()),
                ConsoleCommand.of(
                        "fail",
                        "",
                        "fails",
                        _ -> {
                            throw new CommandFailure("it broke", "mend it");
                        }),
                ConsoleCommand.of(
                        "block",
                        "",
                        "waits",
                        _ -> {
                            begun.countDown();
                            new CountDownLatch(1).await();
                        }),
                ConsoleCommand.of(
                        "watch",
                        "",
                        "redraws",
                        _ ->
                                screen.watch(
                                        Duration.ofMillis(20),
                                        _ ->
                                                List.of(
                                                        Line.of("TABLE"),
                                                        Line.of(
                                                                "frame "
                                                                        + frames
                                                                                .incrementAndGet())))));
    }

    @AfterEach
    void end() throws Exception {
        sitter.close();
        thread.join(TimeUnit.SECONDS.toMillis(20));
        assertThat(thread.isAlive()).isFalse();
        screen.close();
    }

    @Test
    void runsCommandsAndExplainsMistakes() throws Exception {
        start(new Sitter());
        sitter.waitFor("test>");
        sitter.type("fail\r");
        sitter.waitFor("error: it broke\nhint:  mend it");
        sitter.type("opne x\r");
        sitter.waitFor("no command opne\nhint:  did you mean open?");
        sitter.type("open 'wiki page' 22\r");
        sitter.type("help open\r");
        sitter.waitFor("open APP  opens");
        assertThat(ran).containsExactly("open [wiki page, 22]");
    }

    @Test
    void aTabCompletesWhatIsMeant() throws Exception {
        start(new Sitter());
        sitter.waitFor("test>");
        sitter.type("op\t");
        sitter.waitFor("test> open");
        sitter.type("dbp\t");
        sitter.waitFor("test> open db-production");
        sitter.type("\r");
        sitter.type("open knw\t");
        sitter.waitFor("test> open 'wiki page'");
        sitter.type("\rquit\r");
        thread.join();
        assertThat(ran).containsExactly("open [db-production]", "open [wiki page]");
    }

    @Test
    void severalChoicesAreListedWithTheirDescriptions() throws Exception {
        start(new Sitter());
        sitter.waitFor("test>");
        sitter.type("open \t");
        sitter.waitFor("(the data)");
        sitter.waitFor("(letters)");
        sitter.type(CTRL_C);
    }

    @Test
    void linesFromElsewhereStandAboveThePromptAndLeaveWhatIsTyped() throws Exception {
        start(new Sitter());
        sitter.waitFor("test>");
        sitter.type("open half");
        sitter.waitFor("test> open half");
        for (int i = 0; i < 50; i++) {
            screen.say(Line.of("event " + i));
        }
        sitter.waitUntil("the prompt below", seen -> seen.contains("event 49\ntest> open half"));
        sitter.type("-way\r");
        sitter.type("quit\r");
        thread.join();
        assertThat(ran).containsExactly("open [half-way]");
        assertThat(sitter.seen()).contains("event 48\nevent 49\ntest> open half-way\n");
    }

    @Test
    void theStatusLineStaysAtTheBottom() throws Exception {
        start(new Sitter());
        sitter.waitFor("test>");
        screen.status(Line.of("2 ports open"));
        sitter.waitUntil("status", seen -> seen.lines().toList().getLast().equals("2 ports open"));
        for (int i = 0; i < 60; i++) {
            screen.say(Line.of("event " + i));
        }
        sitter.waitFor("event 59");
        sitter.type("op");
        sitter.waitFor("test> op");
        List<String> lines = sitter.seen().lines().toList();
        assertThat(lines.getLast()).isEqualTo("2 ports open");
        assertThat(lines.stream().filter(line -> line.contains("ports open"))).hasSize(1);
        screen.status(Line.of("no ports"));
        sitter.waitFor("no ports");
        sitter.type(CTRL_C);
    }

    @Test
    void aTableIsDrawnInPlaceUntilAKey() throws Exception {
        start(new Sitter());
        sitter.waitFor("test>");
        sitter.type("watch\r");
        sitter.waitFor("frame 5");
        screen.say(Line.of("said meanwhile"));
        sitter.waitFor("said meanwhile\nTABLE");
        sitter.type(DOWN);
        sitter.waitUntil("a prompt", seen -> seen.stripTrailing().endsWith("test>"));
        assertThat(sitter.seen().split("TABLE", -1)).hasSize(2);
        sitter.type("open after\rquit\r");
        thread.join();
        assertThat(ran).containsExactly("open [after]");
    }

    @Test
    void ctrlCCancelsALineAndACommandAndCtrlDLeaves() throws Exception {
        start(new Sitter());
        sitter.waitFor("test>");
        sitter.type("open never");
        sitter.waitFor("open never");
        sitter.type(CTRL_C);
        sitter.waitUntil("a new prompt", seen -> seen.stripTrailing().endsWith("\ntest>"));
        sitter.type("block\r");
        begun.await();
        sitter.type(CTRL_C);
        sitter.waitFor("interrupted");
        sitter.type("open this\r");
        sitter.type(CTRL_D);
        thread.join();
        assertThat(ran).containsExactly("open [this]");
    }

    @Test
    void theHistoryIsKeptForItsOwnerOnly() throws Exception {
        start(new Sitter());
        sitter.waitFor("test>");
        sitter.type("open earlier\rquit\r");
        thread.join();
        screen.close();
        Path history = directory.resolve("history");
        assertThat(Files.readString(history)).contains("open earlier");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history)))
                .isEqualTo("rw-------");
        sitter.close();
        start(new Sitter());
        sitter.waitFor("test>");
        sitter.type("\u001bOA\u001bOA\r");
        sitter.waitFor("test> open earlier");
        sitter.type("quit\r");
        thread.join();
        assertThat(ran).containsExactly("open [earlier]", "open [earlier]");
    }

    @Test
    void aDumbTerminalGetsLinesAndNothingElse() throws Exception {
        start(new Sitter("dumb", 80, 24, Map.of()));
        sitter.waitFor("test>");
        screen.status(Line.of("2 ports open"));
        screen.say(Line.of(Tone.BAD, "event"));
        sitter.type("watch\r");
        sitter.waitFor("frame 1");
        sitter.type("fail\r");
        sitter.waitFor("hint:  mend it");
        assertThat(sitter.written()).doesNotContain("\u001b", "2 ports open", "frame 2");
        sitter.type("quit\r");
        thread.join();
    }

    @Test
    void noColourIsUsedWhereNoneIsWanted() throws Exception {
        start(new Sitter("xterm-256color", 80, 24, Map.of("NO_COLOR", "1")));
        sitter.waitFor("test>");
        sitter.type("fail\r");
        sitter.waitFor("hint:  mend it");
        sitter.type("open \t");
        sitter.waitFor("(the data)");
        sitter.type(CTRL_C);
        assertThat(sitter.written()).doesNotContainPattern("\u001b\\[[0-9;]*[34][0-9]");
        sitter.type("quit\r");
        thread.join();
    }

    @Test
    void coloursAreUsedWhereThereAreSome() throws Exception {
        start(new Sitter());
        sitter.waitFor("test>");
        sitter.type("fail\r");
        sitter.waitFor("hint:  mend it");
        assertThat(sitter.written()).containsPattern("\u001b\\[[0-9;]*31[;m]");
        sitter.type("quit\r");
        thread.join();
    }
}
