package dev.culvert.plugin.rdp;

import dev.culvert.plugin.FirstBytes;
import dev.culvert.plugin.SpokenProtocol;
import java.nio.ByteBuffer;
import java.time.Duration;

/// The first packet of either side of RDP, a TPKT packet (RFC 1006, section 6) with an X.224
/// connection TPDU:
///
/// | offset | bytes | value |
/// |---|---|---|
/// | 0 | 1 | version, 3 |
/// | 1 | 1 | reserved, 0 |
/// | 2 | 2 | length of the packet with these 4 bytes, big endian: 11 to 259 here |
/// | 4 | 1 | X.224 length indicator: bytes after this one; length - 5 |
/// | 5 | 1 | TPDU code: `0xE0` Connection Request, `0xD0` Connection Confirm |
/// | 6 | 5 | references and class |
/// | 11 | … | [ConnectionRequest] or [ConnectionConfirm] |
///
/// Immutable. Source: MS-RDPBCGR, sections 2.2.1.1 and 2.2.1.2.
final class RdpOpening implements FirstBytes {
    static final int HEADER = 11;

    /// The length indicator is one byte, 255 reserved (X.224, section 13.2.1).
    static final int MAX_LENGTH = 5 + 254;

    private final Side side;

    enum Side {
        CLIENT("client", 0xE0, 30),
        /// Servers answer at once; a gateway in front of one may first wake a machine.
        ORIGIN("origin", 0xD0, 90);

        private final String who;
        private final int code;
        private final int seconds;

        Side(String who, int code, int seconds) {
            this.who = who;
            this.code = code;
            this.seconds = seconds;
        }
    }

    RdpOpening(Side side) {
        this.side = side;
    }

    @Override
    public int maxBytes() {
        return MAX_LENGTH;
    }

    @Override
    public Duration within() {
        return Duration.ofSeconds(side.seconds);
    }

    @Override
    public Verdict inspect(ByteBuffer seen, boolean end) {
        ByteBuffer packet = seen.slice();
        int have = packet.remaining();
        if (have == 0) {
            return end
                    ? new Verdict.Refuse("the " + side.who + " closed before it sent anything")
                    : Verdict.MORE;
        }
        boolean tpkt = packet.get(0) == 3 && (have < 2 || packet.get(1) == 0);
        boolean code = have < 6 || (packet.get(5) & 0xff) == side.code;
        if (!tpkt || !code) {
            return have < SpokenProtocol.ENOUGH && !end ? Verdict.MORE : foreign(packet);
        }
        if (have < 6) {
            return end ? cut() : Verdict.MORE;
        }
        int length = packet.getShort(2) & 0xffff;
        int indicator = packet.get(4) & 0xff;
        if (length < HEADER || length > MAX_LENGTH || indicator != length - 5) {
            return new Verdict.Refuse(
                    "the "
                            + side.who
                            + "'s RDP packet has lengths that disagree: "
                            + length
                            + " and "
                            + indicator);
        }
        if (have < length) {
            return end ? cut() : Verdict.MORE;
        }
        ByteBuffer body = packet.slice(HEADER, length - HEADER);
        return switch (side) {
            case CLIENT -> ConnectionRequest.inspect(body);
            case ORIGIN -> ConnectionConfirm.inspect(body);
        };
    }

    private Verdict foreign(ByteBuffer packet) {
        SpokenProtocol spoken = SpokenProtocol.of(packet);
        String what =
                spoken == SpokenProtocol.RDP ? "an RDP packet of another kind" : spoken.words();
        return new Verdict.Refuse(
                side == Side.CLIENT
                        ? "the client sent " + what + ", this service speaks RDP"
                        : "the origin sent " + what + ", expected an RDP server");
    }

    private Verdict cut() {
        return new Verdict.Refuse("the " + side.who + " closed in the middle of its first packet");
    }
}
