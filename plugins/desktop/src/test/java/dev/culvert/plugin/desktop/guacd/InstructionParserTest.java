package dev.culvert.plugin.desktop.guacd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.culvert.protocols.ProtocolException;
import java.io.StringReader;
import java.nio.CharBuffer;
import java.util.List;
import org.apache.guacamole.GuacamoleException;
import org.apache.guacamole.protocol.GuacamoleInstruction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InstructionParserTest {
    private static final InstructionParser PARSER = InstructionParser.OF_BROWSER;

    /// Lengths count code points, which only the last of these shows to be no UTF-16 units.
    private static final List<String> WHOLE =
            List.of(
                    "4.sync,1.0;",
                    "0.,4.ping,13.1700000000000;",
                    "3.nop;",
                    "4.file,1.2,0.,12.a,b;c.txt;1.;",
                    "4.name,4.straße;".replace("4.straße", "6.straße"),
                    "4.file,1.2,10.text/plain,5.\uD83D\uDE00.txt;",
                    "4.name,1.\uD83D\uDE00;");

    @Test
    void readsWholeInstructionsAndLeavesTheNext() throws ProtocolException {
        for (String text : WHOLE) {
            CharBuffer chars = CharBuffer.wrap(text + "3.nop;");
            assertThat(PARSER.parse(chars)).hasToString(text);
            assertThat(PARSER.parse(chars)).hasToString("3.nop;");
            assertThat(chars.hasRemaining()).isFalse();
        }
    }

    @Test
    void waitsForTheRestWhereverItIsCut() throws ProtocolException {
        for (String text : WHOLE) {
            for (int cut = 0; cut < text.length(); cut++) {
                CharBuffer chars = CharBuffer.wrap(text.substring(0, cut));
                assertThat(PARSER.parse(chars)).as("%s cut at %s", text, cut).isNull();
                assertThat(chars.remaining()).isEqualTo(cut);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".sync;",
                "4,sync;",
                "-1.a;",
                "+4.sync;",
                " 4.sync;",
                "4.sync!",
                "3.sync;",
                "1.\uD83D\uDE00\uD83D\uDE00;",
                "000004.sync;",
                "4294967300.sync;",
                "99999.",
                "8192."
            })
    void refusesWhatNeverWillBeOne(String text) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> PARSER.parse(CharBuffer.wrap(text)));
    }

    @Test
    void refusesMoreElementsAndCharactersThanAllowed() throws ProtocolException {
        String elements = "1.a" + ",1.b".repeat(63);
        assertThat(PARSER.parse(CharBuffer.wrap(elements + ";"))).isNotNull();
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> PARSER.parse(CharBuffer.wrap(elements + ",1.c;")))
                .withMessageContaining("65 elements");
        String half = "4096." + "x".repeat(4096);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> PARSER.parse(CharBuffer.wrap(half + "," + half + ";")))
                .withMessageContaining("characters");
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> PARSER.parse(CharBuffer.wrap("1.a,".repeat(2100))));
    }

    @Test
    void aReaderJoinsWhatComesInPiecesAndEndsWithItsInput() throws GuacamoleException {
        String all = String.join("", WHOLE).repeat(3000);
        InstructionReader reader =
                new InstructionReader(
                        new StringReader(all) {
                            @Override
                            public int read(char[] into, int offset, int length)
                                    throws java.io.IOException {
                                return super.read(into, offset, Math.min(length, 7));
                            }
                        });
        StringBuilder read = new StringBuilder();
        for (GuacamoleInstruction next = reader.readInstruction();
                next != null;
                next = reader.readInstruction()) {
            read.append(next);
        }
        assertThat(read).hasToString(all);
        assertThat(reader.available()).isFalse();
    }
}
