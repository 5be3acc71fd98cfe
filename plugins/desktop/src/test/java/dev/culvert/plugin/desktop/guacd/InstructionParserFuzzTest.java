package dev.culvert.plugin.desktop.guacd;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.protocols.ProtocolException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.guacamole.protocol.GuacamoleInstruction;

final class InstructionParserFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void messages(byte[] bytes) throws ProtocolException {
        CharBuffer chars = CharBuffer.wrap(new String(bytes, StandardCharsets.UTF_8));
        while (chars.hasRemaining()) {
            GuacamoleInstruction read;
            try {
                read = InstructionParser.OF_BROWSER.parse(chars);
            } catch (ProtocolException _) {
                return; // rejected
            }
            if (read == null) {
                return; // cut
            }
            String written = read.toString();
            assertThat(InstructionParser.OF_BROWSER.parse(CharBuffer.wrap(written)))
                    .hasToString(written);
        }
    }
}
