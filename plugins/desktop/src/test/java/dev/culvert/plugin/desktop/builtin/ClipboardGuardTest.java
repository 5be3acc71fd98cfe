package dev.culvert.plugin.desktop.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClipboardGuardTest {
    private static final int FIRST = 1;
    private static final int LAST = 2;
    private static final String FORMAT_LIST = "0200 0000 08000000 0d000000 00000000";
    private static final String FILE_REQUEST = "0800 0000 08000000 01000000 00000000";
    private static final String FILE_RESPONSE = "0900 0100 08000000 01000000 41424344";

    private final ClipboardGuard guard = new ClipboardGuard();

    private boolean passes(int length, int flags, String data) throws ProtocolException {
        byte[] bytes = HexFormat.of().parseHex(data.replace(" ", ""));
        return guard.passes(
                ByteBuffer.wrap(new RdpBytes().u32(length).u32(flags).raw(bytes).bytes()));
    }

    @Test
    void textPassesAndFilesDoNotHoweverTheyAreCut() throws Exception {
        assertThat(passes(16, FIRST | LAST, FORMAT_LIST)).isTrue();
        assertThat(passes(16, FIRST | LAST, FILE_REQUEST)).isFalse();
        assertThat(passes(16, FIRST | LAST, FILE_RESPONSE)).isFalse();
        assertThat(passes(24, FIRST, FILE_RESPONSE)).isFalse();
        assertThat(passes(24, 0, "45464748")).isFalse();
        assertThat(passes(24, LAST, "494a4b4c")).isFalse();
        assertThat(passes(20, FIRST, FORMAT_LIST)).isTrue();
        assertThat(passes(20, LAST, "00000000")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // A type in two pieces; the length of a header; no first piece; no last one; too
                // short; too long; compressed.
                "10000000 01000000 08",
                "07000000 03000000 08000000000000",
                "10000000 02000000 0200000008000000 0d00000000000000",
                "10000000 01000000 0200000008000000 0d00000000000000",
                "11000000 03000000 0200000008000000 0d00000000000000",
                "08000000 03000000 0200000008000000 0d00000000000000",
                "01000004 01000000 0200000008000000",
                "10000000 03002000 0200000008000000 0d00000000000000",
                "10000000 0300"
            })
    void piecesThatAHostCouldReadInAnotherWayEndTheSession(String chunk) {
        byte[] bytes = HexFormat.of().parseHex(chunk.replace(" ", ""));
        assertThatThrownBy(() -> guard.passes(ByteBuffer.wrap(bytes)))
                .isInstanceOf(ProtocolException.class);
    }
}
