package dev.culvert.protocols.rdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.Vectors;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RdpPacketTest {
    private static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(Vectors.hex(digits));
    }

    @ParameterizedTest
    @CsvSource({
        "0300000c02f08004, false, 12",
        "03000007, true, 7",
        "030000, false, -1",
        "3082ffff, true, 65539",
        "303745, true, 57",
        "3082, true, -1",
        "040400, false, 4",
        "3005aa, false, 5",
        "048400aa, false, 1024",
        "0484, false, -1",
        "'', true, -1"
    })
    void knowsWhereAPacketEnds(String bytes, boolean signingIn, int length) throws Exception {
        if (length > RdpPacket.MAX_LENGTH) {
            assertThatThrownBy(() -> RdpPacket.length(hex(bytes), signingIn))
                    .isInstanceOf(ProtocolException.class);
        } else {
            assertThat(RdpPacket.length(hex(bytes), signingIn)).isEqualTo(length);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0300000602f080, false",
        "440400, false",
        "c40400, false",
        "0504ff, false",
        "040200, false",
        "040400, true",
        "16030100, true"
    })
    void refusesWhatIsNoPacket(String bytes, boolean signingIn) {
        assertThatThrownBy(() -> RdpPacket.length(hex(bytes), signingIn))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void changesIronRdpsConnectInitialInPlace() throws Exception {
        ByteBuffer packet = RdpVectors.buffer(RdpVectors.CONNECT_INITIAL);
        McsConnectInitial initial = McsConnectInitial.of(packet);
        assertThat(initial.channels()).containsExactly("cliprdr");
        assertThat(initial.preferTrueColour()).isTrue();
        initial.rename(0, "none0");

        McsConnectInitial changed = McsConnectInitial.of(packet);
        assertThat(changed.channels()).containsExactly("none0");
        // Depth 24, all depths, 32 bits wanted; the channel's name; nothing else.
        byte[] expected = RdpVectors.CONNECT_INITIAL.clone();
        String text = new String(expected, StandardCharsets.ISO_8859_1);
        int depth = text.indexOf("\u0010\0\u000f\0\u0029\u0008");
        expected[depth] = 24;
        expected[depth + 4] = 0x2b;
        byte[] name = "none0\0\0\0".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, expected, text.indexOf("cliprdr"), name.length);
        assertThat(packet.array()).isEqualTo(expected);
    }

    @Test
    void refusesAConnectInitialThatIsCutOrHasABlockTwice() {
        byte[] whole = RdpVectors.CONNECT_INITIAL;
        for (int cut = 0; cut < whole.length; cut++) {
            byte[] part = Arrays.copyOf(whole, cut);
            assertThatThrownBy(() -> McsConnectInitial.of(ByteBuffer.wrap(part)))
                    .isInstanceOf(ProtocolException.class);
        }
        // The block about security becomes another one about channels.
        byte[] twice = whole.clone();
        int security = new String(whole, StandardCharsets.ISO_8859_1).indexOf("\u0002\u00c0");
        twice[security] = 3;
        assertThatThrownBy(() -> McsConnectInitial.of(ByteBuffer.wrap(twice)))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void readsXrdpsConnectResponse() throws Exception {
        byte[] whole = RdpVectors.CONNECT_RESPONSE;
        assertThat(McsConnectResponse.of(RdpVectors.buffer(whole)))
                .isEqualTo(new McsConnectResponse(1003, List.of(1004), 0));
        for (int cut = 0; cut < whole.length; cut++) {
            byte[] part = Arrays.copyOf(whole, cut);
            assertThatThrownBy(() -> McsConnectResponse.of(ByteBuffer.wrap(part)))
                    .isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void readsWhatClientsSendOnADomain() throws Exception {
        assertThat(McsPdu.of(hex("0401000100"))).isEqualTo(new McsPdu.ErectDomain());
        assertThat(McsPdu.of(hex("28"))).isEqualTo(new McsPdu.AttachUser());
        assertThat(McsPdu.of(hex("38000603eb"))).isEqualTo(new McsPdu.ChannelJoin(1003));
        assertThat(McsPdu.of(hex("2180"))).isEqualTo(new McsPdu.Disconnect());
        ByteBuffer data = hex("010203");
        assertThat(McsPdu.of(hex("64 0006 03eb 70 03 010203")))
                .isEqualTo(new McsPdu.SendData(6, 1003, data));
        assertThat(McsPdu.of(RdpPacket.data(McsPdu.SendData.packet(6, 1003, data))))
                .isEqualTo(new McsPdu.SendData(6, 1003, hex("010203")));
    }

    @ParameterizedTest
    @CsvSource({
        "64000603eb7004010203",
        "64000603eb7002010203",
        "64000603eb6003010203",
        "64000603eb70c003010203",
        "68000603eb7003010203",
        "7f65",
        "3800"
    })
    void refusesWhatClientsDoNotSend(String bytes) {
        assertThatThrownBy(() -> McsPdu.of(hex(bytes))).isInstanceOf(ProtocolException.class);
    }

    /// Hosts skip the head of the blocks by its usual length: with another one they would read other blocks than we do.
    @Test
    void refusesLengthsInAFormThatMovesTheBlocks() {
        byte[] usual = RdpVectors.CONNECT_INITIAL;
        int key = indexOf(usual, "Duca".getBytes(StandardCharsets.US_ASCII)) + 4;
        assertThat(usual[key] & 0xc0).isEqualTo(0x80);
        byte[] shorter = usual.clone();
        shorter[key] &= 0x7f;
        assertThatThrownBy(() -> McsConnectInitial.of(ByteBuffer.wrap(shorter)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("one of two bytes");
        byte[] strange = usual.clone();
        strange[key + 2] = 0x40;
        strange[key + 3] = 0x01;
        assertThatThrownBy(() -> McsConnectInitial.of(ByteBuffer.wrap(strange)))
                .isInstanceOf(ProtocolException.class);
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }

    @Test
    void tellsPdusOfOnePacketApart() throws Exception {
        String synchronize = "1600 1700 ee03 00000100 00 01 0000 1f 00 0000 01000000";
        String input = "1600 1700 ee03 00000100 00 01 0000 1c 00 0000 00000000";
        assertThat(SharePdu.all(hex(synchronize + input)))
                .containsExactly(new SharePdu(7, 0x1f), new SharePdu(7, 0x1c));
        String alert = "80000000 ff031000 07000000 02000000 04000000";
        assertThat(SharePdu.isLicensing(hex(alert))).isTrue();
        // Behind it there could be what a host takes for a PDU.
        assertThat(SharePdu.isLicensing(hex(alert + input))).isFalse();
        assertThat(SharePdu.isLicensing(hex("80000000 ff031000"))).isFalse();
        // An input PDU of 128 bytes is none of licensing.
        assertThat(SharePdu.isLicensing(hex("80001700 ee030000"))).isFalse();
        for (String broken : List.of("0500170000", "0700 1700 ee03", "0080", "08001700ee030000")) {
            assertThatThrownBy(() -> SharePdu.all(hex(broken)))
                    .isInstanceOf(ProtocolException.class);
        }
    }
}
