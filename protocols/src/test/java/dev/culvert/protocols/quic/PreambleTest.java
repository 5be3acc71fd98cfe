package dev.culvert.protocols.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.Vectors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PreambleTest {
    @Test
    void knowsTheRecordedStreams() {
        for (String side : new String[] {"http-request-e2c", "http-response-head-c2e"}) {
            byte[] stream = Vectors.bytes("quic-streams/" + side + ".bin");
            assertThat(Preamble.of(ByteBuffer.wrap(stream))).isEqualTo(Preamble.DATA);
            assertThat(Arrays.copyOf(stream, Preamble.DATA.length()))
                    .isEqualTo(Preamble.DATA.bytes());
        }
        assertThat(Preamble.RPC.bytes()).isEqualTo(Vectors.hex("52bb825cdb65"));
        assertThat(Preamble.of(ByteBuffer.wrap(Preamble.RPC.bytes()))).isEqualTo(Preamble.RPC);
    }

    @Test
    void knowsNoSignatureThatDiffersInOneBit() {
        for (Preamble preamble : Preamble.values()) {
            for (int bit = 0; bit < 8 * Preamble.SIGNATURE_BYTES; bit++) {
                byte[] bytes = preamble.bytes();
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
                assertThat(Preamble.of(ByteBuffer.wrap(bytes))).as("bit %d", bit).isNull();
            }
        }
    }

    @Test
    void doesNotMoveTheBuffer() {
        ByteBuffer in = ByteBuffer.wrap(Vectors.hex("ff 0a36cd12a13e 3939")).position(1);
        assertThat(Preamble.of(in)).as("the version is not looked at").isEqualTo(Preamble.DATA);
        assertThat(in.position()).isEqualTo(1);
    }

    @Test
    void dialectsAreTheirNamesAndNothingElse() {
        assertThat(Dialect.alpns()).containsExactly("culvert-tunnel/1", "argotunnel");
        assertThat(Dialect.of("argotunnel")).isEqualTo(Dialect.ARGOTUNNEL);
        assertThat(Dialect.of("culvert-tunnel/1")).isEqualTo(Dialect.CULVERT);
        for (String other : new String[] {null, "", "h3", "culvert-tunnel/2", "Argotunnel"}) {
            assertThat(Dialect.of(other)).isNull();
        }
    }
}
