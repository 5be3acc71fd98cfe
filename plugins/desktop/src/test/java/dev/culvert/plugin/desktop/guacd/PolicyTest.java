package dev.culvert.plugin.desktop.guacd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.culvert.protocols.ProtocolException;
import java.util.Arrays;
import java.util.List;
import org.apache.guacamole.protocol.GuacamoleInstruction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Instruction by instruction, in both directions.
final class PolicyTest {
    private static final Rights ALL = new Rights(true, true, true, true, true, true, true);
    private static final Rights NONE = new Rights(false, false, false, false, false, false, false);
    private static final String LISTING = "application/vnd.glyptodon.guacamole.stream-index+json";

    /// Both policies of a session.
    private static final class Session {
        private final BrowserPolicy browser;
        private final GuacdPolicy guacd;

        Session(Rights rights) {
            Streams up = new Streams(Streams.OF_BROWSER);
            Streams down = new Streams(Streams.OF_GUACD);
            browser = new BrowserPolicy(rights, up, down);
            guacd = new GuacdPolicy(rights, up, down);
        }

        /// `pass`, `unrecorded`, `drop`, or what is denied: with `!` when its sender is told.
        String up(String instruction) throws ProtocolException {
            return word(browser.judge(arguments(instruction)));
        }

        String down(String instruction) throws ProtocolException {
            return word(guacd.judge(arguments(instruction)));
        }

        private static Arguments arguments(String instruction) {
            String[] words = instruction.split(" ", -1);
            return new Arguments(
                    new GuacamoleInstruction(words[0], Arrays.copyOfRange(words, 1, words.length)));
        }

        private static String word(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Pass pass -> pass.recorded() ? "pass" : "unrecorded";
                case Verdict.Drop _ -> "drop";
                case Verdict.DenySilently denied -> denied.what();
                case Verdict.Deny denied -> denied.what() + "!";
            };
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync 17", "nop", "disconnect", "size 1024 768"})
    void whoOnlyLooksMaySay(String instruction) throws ProtocolException {
        Rights looks = new Rights(false, true, false, true, false, false, true);
        assertThat(new Session(looks).up(instruction)).isEqualTo("pass");
    }

    @Test
    void inputIsForThoseWhoHaveIt() throws ProtocolException {
        for (String said : List.of("key 65 1", "mouse 1 2 3", "touch 0 1 2 3 4 0.5 1")) {
            assertThat(new Session(ALL).up(said)).isEqualTo("pass");
            assertThat(new Session(NONE).up(said)).isEqualTo("input");
        }
        assertThat(new Session(NONE).up("size 1024 768")).isEqualTo("drop");
        assertThat(new Session(ALL).up("size 1 100000")).isEqualTo("drop");
    }

    @Test
    void clipboardsAreJudgedEachWay() throws ProtocolException {
        Session in = new Session(new Rights(true, true, true, false, false, false, false));
        assertThat(in.up("clipboard 1 text/plain")).isEqualTo("pass");
        assertThat(in.up("blob 1 YQ==")).isEqualTo("pass");
        assertThat(in.down("ack 1 OK 0")).isEqualTo("unrecorded");
        assertThat(in.up("end 1")).isEqualTo("pass");
        assertThat(in.up("blob 1 YQ==")).isEqualTo("drop");
        assertThat(in.down("clipboard 0 text/plain")).isEqualTo("clipboard_out!");
        assertThat(in.down("blob 0 YQ==")).isEqualTo("drop");
        assertThat(in.up("ack 0 OK 0")).isEqualTo("drop");
        assertThat(in.down("end 0")).isEqualTo("drop");

        Session out = new Session(new Rights(true, true, false, true, false, false, false));
        assertThat(out.up("clipboard 1 text/plain")).isEqualTo("clipboard_in!");
        assertThat(out.up("blob 1 YQ==")).isEqualTo("drop");
        assertThat(out.up("end 1")).isEqualTo("drop");
        assertThat(out.down("clipboard 0 text/plain")).isEqualTo("pass");
        assertThat(out.down("blob 0 YQ==")).isEqualTo("pass");
        assertThat(out.up("ack 0 OK 0")).isEqualTo("pass");
        assertThat(out.down("end 0")).isEqualTo("pass");
    }

    @Test
    void filesAreJudgedEachWayAndListingsAreForBoth() throws ProtocolException {
        Session in = new Session(new Rights(true, true, false, false, true, false, false));
        assertThat(in.down("filesystem 0 Files")).isEqualTo("unrecorded");
        assertThat(in.up("get 0 /")).isEqualTo("pass");
        assertThat(in.down("body 0 2 " + LISTING + " /")).isEqualTo("unrecorded");
        assertThat(in.down("body 0 4 application/octet-stream /a")).isEqualTo("files_out!");
        assertThat(in.down("blob 4 YQ==")).isEqualTo("drop");
        assertThat(in.down("file 6 text/plain a")).isEqualTo("files_out!");
        assertThat(in.up("put 0 1 text/plain /a")).isEqualTo("pass");
        assertThat(in.up("file 2 text/plain a")).isEqualTo("pass");

        Session out = new Session(new Rights(true, true, false, false, false, true, false));
        assertThat(out.up("put 0 1 text/plain /a")).isEqualTo("files_in!");
        assertThat(out.up("blob 1 YQ==")).isEqualTo("drop");
        assertThat(out.up("file 2 text/plain a")).isEqualTo("files_in!");
        assertThat(out.down("body 0 4 application/octet-stream /a")).isEqualTo("unrecorded");
        assertThat(out.down("file 6 text/plain a")).isEqualTo("unrecorded");

        assertThat(new Session(NONE).down("filesystem 0 Files")).isEqualTo("drop");
        assertThat(new Session(NONE).up("get 0 /")).isEqualTo("files");
        assertThat(new Session(NONE).down("body 0 2 " + LISTING + " /")).isEqualTo("files!");
    }

    @Test
    void soundIsForThoseWhoMayHearAndNotRecorded() throws ProtocolException {
        Session hears = new Session(ALL);
        assertThat(hears.down("audio 1 audio/L16;rate=44100,channels=2")).isEqualTo("unrecorded");
        assertThat(hears.down("blob 1 YQ==")).isEqualTo("unrecorded");
        assertThat(new Session(NONE).down("audio 1 audio/L16")).isEqualTo("audio!");
    }

    @ParameterizedTest
    @ValueSource(strings = {"audio", "video", "pipe", "argv"})
    void nobodyOpens(String opcode) throws ProtocolException {
        Session session = new Session(ALL);
        assertThat(session.up(opcode + " 1 text/plain name")).isEqualTo(opcode + "!");
        assertThat(session.up("blob 1 YQ==")).isEqualTo("drop");
        if (!opcode.equals("audio")) {
            assertThat(session.down(opcode + " 3 text/plain name")).isEqualTo(opcode + "!");
            assertThat(session.down("blob 3 YQ==")).isEqualTo("drop");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"select rdp", "connect", "img 0 14 0 image/png 0 0", "", "Key 65 1"})
    void whatIsNotKnownGoesNoFurther(String instruction) throws ProtocolException {
        assertThat(new Session(ALL).up(instruction)).isEqualTo("unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nest 0 3.nop;", "msg 1 2 eve", "log text", "ready $1", "other"})
    void whatGuacdSaysOnItsOwnGoesNoFurther(String instruction) throws ProtocolException {
        assertThat(new Session(ALL).down(instruction)).isEqualTo("drop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key 65",
                "key 65 down",
                "mouse 1 2",
                "clipboard",
                "blob -1 YQ==",
                "blob 63 YQ==",
                "put 0 64 text/plain /a",
                "end 1e3",
                "ack x",
                "size 1024"
            })
    void refusesWhatIsNotOfTheProtocol(String instruction) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> new Session(ALL).up(instruction));
    }

    @Test
    void guacdHoldsToThemToo() {
        assertThat(ALL.denials("rdp", true)).isEmpty();
        assertThat(NONE.denials("rdp", true))
                .containsExactly(
                        "read-only",
                        "disable-copy",
                        "disable-paste",
                        "disable-audio",
                        "disable-download",
                        "disable-upload");
        assertThat(NONE.denials("vnc", false))
                .containsExactly("read-only", "disable-copy", "disable-paste");
        assertThatExceptionOfType(dev.culvert.plugin.edge.RefusedException.class)
                .isThrownBy(() ->
                        Parameters.require(
                                java.util.Set.of("read-only", "disable-copy"),
                                java.util.Set.of("hostname", "read-only")))
                .withMessageContaining("does not know disable-copy");
    }
}
