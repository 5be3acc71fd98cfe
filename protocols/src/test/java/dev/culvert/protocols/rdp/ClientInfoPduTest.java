package dev.culvert.protocols.rdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.Vectors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ClientInfoPduTest {
    /// Flags of IronRDP; `ab`, `c`, `de`, `f`, nothing; then four bytes.
    private static final byte[] INFO =
            Vectors.hex(
                    """
                    40000000 09040000 73014b00 0400 0200 0400 0200 0000
                    61006200 0000 6300 0000 64006500 0000 6600 0000 0000 01020304
                    """);

    @Test
    void writesWhatItReads() throws Exception {
        try (ClientInfoPdu info = ClientInfoPdu.of(ByteBuffer.wrap(INFO))) {
            assertThat(info.domain()).isEqualTo("ab");
            assertThat(info.user()).isEqualTo("c");
            assertThat(info.hasPassword()).isTrue();
            assertThat(info.flags()).isEqualTo(0x004b0173);
            assertThat(info.data()).isEqualTo(ByteBuffer.wrap(INFO));
        }
    }

    @Test
    void signsSomebodyElseInAtOnceToTheWholeDesktop() throws Exception {
        ClientInfoPdu info = ClientInfoPdu.of(ByteBuffer.wrap(INFO));
        info.signIn("", "rdp", "pä".toCharArray());
        info.signInAtOnce();
        info.plainDesktop();

        // 0x40000 of the flags says that the password is a smart card's.
        assertThat(info.data())
                .isEqualTo(
                        ByteBuffer.wrap(
                                Vectors.hex(
                                        """
                                        40000000 09040000 7b014b00 0000 0600 0400 0000 0000
                                        0000 720064007000 0000 7000e400 0000 0000 0000 01020304
                                        """)));
        info.close();
        assertThat(info.data().array()).doesNotContain((byte) 0xe4);
    }

    @Test
    void refusesWhatIsCutOrIsSomethingElse() {
        for (int cut = 0; cut < INFO.length - 4; cut++) {
            byte[] part = Arrays.copyOf(INFO, cut);
            assertThatThrownBy(() -> ClientInfoPdu.of(ByteBuffer.wrap(part)))
                    .isInstanceOf(ProtocolException.class);
        }
        // Of licensing; encrypted; ANSI; an odd length; no end of a text; a text that is too long.
        int[][] changes = {{0, 0x80}, {0, 0x48}, {8, 0x63}, {12, 3}, {26, 1}, {13, 9}};
        for (int[] change : changes) {
            byte[] changed = INFO.clone();
            changed[change[0]] = (byte) change[1];
            assertThatThrownBy(() -> ClientInfoPdu.of(ByteBuffer.wrap(changed)))
                    .isInstanceOf(ProtocolException.class);
        }
    }
}
