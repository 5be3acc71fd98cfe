package dev.culvert.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is guessed from conversations as terminals have them.
final class TypedLinesTest {
    private final List<String> found = new ArrayList<>();
    private final TypedLines lines =
            new TypedLines(
                    20,
                    new TypedLines.Found() {
                        @Override
                        public void input(String text) {
                            found.add("input " + text.replace("\r", "⏎"));
                        }

                        @Override
                        public void command(String text) {
                            found.add("command " + text);
                        }
                    });

    /// Each key is echoed before the next.
    private void typeAndEcho(String text) {
        for (char key : text.toCharArray()) {
            lines.typed(String.valueOf(key));
            lines.shown(String.valueOf(key));
        }
    }

    private void enter() {
        lines.typed("\r");
        lines.shown("\r\n");
    }

    @Test
    void aLineThatIsEchoed() {
        lines.shown("ann@build:~$ ");
        typeAndEcho("ls -l");
        enter();

        assertThat(found).containsExactly("input ls -l⏎", "command ls -l");
    }

    @Test
    void aPasswordThatIsNotEchoedIsNowhere() {
        lines.shown("$ ");
        typeAndEcho("sudo id");
        enter();
        lines.shown("[sudo] password for ann: ");
        lines.typed("hunter2");
        enter();
        lines.shown("uid=0(root)\r\n$ ");
        typeAndEcho("exit");
        enter();

        assertThat(found)
                .containsExactly(
                        "input sudo id⏎", "command sudo id", "input exit⏎", "command exit");
    }

    @Test
    void aPasswordShownAsStarsIsNowhere() {
        lines.shown("Password: ");
        for (char key : "hunter2".toCharArray()) {
            lines.typed(String.valueOf(key));
            lines.shown("*");
        }
        enter();

        assertThat(found).containsExactly("command *******");
    }

    /// Other output must spell it by chance.
    @Test
    void aPasswordTypedWhileSomethingElsePrintsIsNowhere() {
        lines.shown("Password: ");
        for (char key : "hunter2".toCharArray()) {
            lines.typed(String.valueOf(key));
            lines.shown("\r\nthe hungry unicorn ate twenty trees, then ran 2 miles: hunter2\r\n");
        }
        enter();

        assertThat(found).filteredOn(text -> text.startsWith("input")).isEmpty();
    }

    @Test
    void aLineThatWasEditedCountsAsItWasShown() {
        lines.shown("$ ");
        typeAndEcho("lx");
        lines.typed("\u007f");
        lines.shown("\b \b");
        typeAndEcho("s");
        enter();

        assertThat(found).containsExactly("input lx\u007fs⏎", "command ls");
    }

    @Test
    void aLineThatWasCompleted() {
        lines.shown("$ ");
        typeAndEcho("cd Do");
        lines.typed("\t");
        lines.shown("cuments/");
        enter();

        assertThat(found).containsExactly("input cd Do\t⏎", "command cd Documents/");
    }

    @Test
    void aLineFromTheHistory() {
        lines.shown("$ ");
        lines.typed("\u001b[A");
        lines.shown("make test");
        lines.typed("\u001bOA");
        lines.shown("\b\b\b\b\b\b\b\b\b\u001b[Kgit log");
        enter();

        assertThat(found).containsExactly("input \u001b[A\u001bOA⏎", "command git log");
    }

    @Test
    void aCharacterInsertedInTheMiddle() {
        lines.shown("$ ");
        typeAndEcho("gt log");
        lines.typed("\u001b[D\u001b[D\u001b[D\u001b[D\u001b[D");
        lines.shown("\b\b\b\b\b");
        lines.typed("i");
        lines.shown("\u001b[1@i");
        enter();

        assertThat(found).contains("command git log");
    }

    @Test
    void aLineThatTakesTwoRows() {
        lines.shown("$ ");
        typeAndEcho("echo 1234567890123");
        lines.shown(" \r");
        typeAndEcho("456");
        enter();

        assertThat(found).contains("command echo 1234567890123456");
    }

    @Test
    void aPromptWithColoursAndATitle() {
        lines.shown(
                "\u001b]0;ann@build: ~\u0007\u001b[01;32mann@build\u001b[00m:\u001b[34m~\u001b[0m$ ");
        typeAndEcho("id");
        lines.shown("\u001b[?2004l");
        enter();

        assertThat(found).containsExactly("input id⏎", "command id");
    }

    @Test
    void nothingInAnEditor() {
        lines.shown("$ ");
        typeAndEcho("vi x");
        enter();
        lines.shown("\u001b[?1049h\u001b[H\u001b[2J~\r\n~\r\n");
        typeAndEcho("isecret");
        enter();
        typeAndEcho(":wq");
        enter();
        lines.shown("\u001b[?1049l$ ");
        typeAndEcho("id");
        enter();

        assertThat(found).containsExactly("input vi x⏎", "command vi x", "input id⏎", "command id");
    }

    @Test
    void linesTypedAheadAreInputAndNoCommands() {
        lines.shown("$ ");
        lines.typed("sleep 1\rid\r");
        lines.shown("sleep 1\r\n");
        lines.shown("$ id\r\nuid=0\r\n");

        assertThat(found).containsExactly("input sleep 1⏎", "command sleep 1", "input id⏎");
    }

    @Test
    void anInterruptedLineIsNoCommand() {
        lines.shown("$ ");
        typeAndEcho("rm -rf");
        lines.typed("\u0003");
        lines.shown("^C\r\n$ ");

        assertThat(found).containsExactly("input rm -rf\u0003");
    }

    @Test
    void whatNeverEndsIsBounded() {
        for (int i = 0; i < 100; i++) {
            lines.typed("x".repeat(10_000));
            lines.shown("y".repeat(10_000) + "\u001b[999999999999D" + "\u001b[9999@");
        }
        lines.shown("\u001b]0;" + "t".repeat(100_000));

        assertThat(found).isEmpty();
    }
}
