package dev.culvert.plugin.rdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.FirstBytes.Verdict;
import dev.culvert.plugin.rdp.RdpOpening.Side;
import dev.culvert.protocols.rdp.ConnectionPacket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RdpOpeningTest {
    /// MS-RDPBCGR, sections 4.1.1 and 4.1.2.
    private static final String REQUEST =
            "0300002c27e00000000000436f6f6b69653a206d737473686173683d656c746f6e730d0a"
                    + "0100080000000000";

    private static final String CONFIRM = "030000130ed000001234000200080000000000";

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static Verdict inspect(Side side, byte[] bytes, int length, boolean end) {
        ByteBuffer seen = ByteBuffer.wrap(bytes, 0, length).asReadOnlyBuffer();
        return new RdpOpening(side, RdpSecurity.ANY).inspect(seen, end);
    }

    private static Verdict inspect(Side side, byte[] bytes) {
        return inspect(side, bytes, bytes.length, false);
    }

    private static byte[] request(String line, String negotiation) {
        byte[] text = line.getBytes(StandardCharsets.ISO_8859_1);
        byte[] tail = hex(negotiation);
        int length = ConnectionPacket.HEADER + text.length + tail.length;
        return ByteBuffer.allocate(length)
                .put((byte) 3)
                .put((byte) 0)
                .putShort((short) length)
                .put((byte) (length - 5))
                .put((byte) 0xe0)
                .put(new byte[5])
                .put(text)
                .put(tail)
                .array();
    }

    private static String refusal(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Refuse.class);
        String reason = ((Verdict.Refuse) verdict).reason();
        assertThat(reason.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(120);
        return reason;
    }

    @Test
    void acceptsTheSpecificationsExamplesAtAnySplit() {
        for (Side side : Side.values()) {
            byte[] bytes = hex(side == Side.CLIENT ? REQUEST : CONFIRM);
            for (int cut = 0; cut < bytes.length; cut++) {
                assertThat(inspect(side, bytes, cut, false)).isEqualTo(Verdict.MORE);
                assertThat(inspect(side, bytes, cut, true)).isInstanceOf(Verdict.Refuse.class);
            }
            assertThat(inspect(side, bytes))
                    .isEqualTo(
                            new Verdict.Accept(
                                    side == Side.CLIENT
                                            ? "cookie=\"eltons\" security=rdp"
                                            : "security=rdp"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Cookie: mstshash=alice~ | 01000800 03000000 | cookie=\"alice\" security=tls,credssp",
                "Cookie: msts=3640205228.15629.0000~ | 01000800 0b000000 |"
                        + " token=\"Cookie: msts=3640205228.15629.0000\" security=tls,credssp,credssp-ex",
                "'' | 01000800 01000000 | security=tls",
                "'' | 01000800 20000000 | security=0x20",
                "Cookie: mstshash=a~ | '' | cookie=\"a\" security=rdp",
                "'' | '' | security=rdp"
            })
    void summarisesWhatTheClientAsksFor(String line, String negotiation, String summary) {
        byte[] bytes = request(line.replace("~", "\r\n"), negotiation);
        assertThat(inspect(Side.CLIENT, bytes)).isEqualTo(new Verdict.Accept(summary));
    }

    @Test
    void acceptsCorrelationInformationBehindTheNegotiation() {
        byte[] bytes = request("", "01080800 03000000 06002400" + "11".repeat(32));
        assertThat(inspect(Side.CLIENT, bytes))
                .isEqualTo(new Verdict.Accept("security=tls,credssp"));
    }

    @Test
    void escapesAndBoundsTheCookie() {
        byte[] bytes = request("Cookie: mstshash=\u001b[2J\"\n" + "x".repeat(80) + "\r\n", "");
        assertThat(inspect(Side.CLIENT, bytes))
                .isEqualTo(
                        new Verdict.Accept(
                                "cookie=\"\\x1b[2J\\x22\\x0a"
                                        + "x".repeat(34)
                                        + "...\" security=rdp"));
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1', an HTTP request",
        "'SSH-2.0-x', an SSH version",
        "'hello there', something else"
    })
    void tellsTheClientWhatItSentInstead(String bytes, String what) {
        byte[] sent = bytes.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(refusal(inspect(Side.CLIENT, sent)))
                .isEqualTo("the client sent " + what + ", this service speaks RDP");
        assertThat(refusal(inspect(Side.ORIGIN, sent)))
                .isEqualTo("the origin sent " + what + ", expected an RDP server");
    }

    @Test
    void namesATlsClientThatSkippedTheRequest() {
        byte[] hello = hex("160301020001000102");
        assertThat(refusal(inspect(Side.CLIENT, hello))).contains("a TLS handshake");
    }

    @ParameterizedTest
    @CsvSource({
        "0300000a05e0000000000000, disagree",
        "0300010409e0000000000000, disagree",
        "0300000c06e0000000000000, disagree",
        "0300000b06d00000000000, another kind",
        "0300001009e00000000000, disagree",
        "030000100be000000000004142434445, without an end",
        "030000120de0000000000041420d0a0200ff, malformed"
    })
    void refusesMalformedRequests(String bytes, String why) {
        assertThat(refusal(inspect(Side.CLIENT, hex(bytes)))).contains(why);
    }

    @Test
    void passesTheOriginsRefusalToTheClient() {
        assertThat(inspect(Side.ORIGIN, hex("030000130ed000001234000300080005000000")))
                .isEqualTo(new Verdict.Accept("refused=HYBRID_REQUIRED_BY_SERVER"));
        assertThat(inspect(Side.ORIGIN, hex("0300000b06d00000123400")))
                .isEqualTo(new Verdict.Accept("security=rdp"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tls,credssp | 01000000 | 01000000 | |",
                "tls,credssp | 0b000000 | 08000000 | |",
                "credssp | 03000000 | 02000000 | |",
                "tls,credssp | 00000000 | 00000000 | asks for rdp | chose rdp",
                "credssp | 01000000 | 01000000 | asks for tls | chose tls",
                "tls | 02000000 | 02000000 | asks for credssp | chose credssp"
            })
    void refusesLessSecurityThanItsRuleTakes(
            String words, String asked, String chosen, String client, String origin) {
        RdpSecurity security = RdpSecurity.of(List.of(words.split(",")));
        byte[] request = request("", "01000800" + asked);
        byte[] confirm = hex("030000130ed00000123400 02000800" + chosen);
        Verdict first =
                new RdpOpening(Side.CLIENT, security).inspect(ByteBuffer.wrap(request), false);
        Verdict second =
                new RdpOpening(Side.ORIGIN, security).inspect(ByteBuffer.wrap(confirm), false);
        if (client == null) {
            assertThat(first).isInstanceOf(Verdict.Accept.class);
            assertThat(second).isInstanceOf(Verdict.Accept.class);
        } else {
            assertThat(refusal(first)).contains(client).contains(words);
            assertThat(refusal(second)).contains(origin).contains("rdpSecurity");
        }
    }

    @Test
    void whoDoesNotNegotiateIsRefusedWhereSecurityIsAskedFor() {
        RdpSecurity security = RdpSecurity.of(List.of("tls"));
        byte[] request = request("Cookie: mstshash=a\r\n", "");
        assertThat(
                        refusal(
                                new RdpOpening(Side.CLIENT, security)
                                        .inspect(ByteBuffer.wrap(request), false)))
                .contains("asks for rdp");
    }
}
