package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A host's MCS Connect Response with a GCC Conference Create Response, the first packet inside of TLS (and of
/// CredSSP): the numbers of its channels. Immutable. Source: MS-RDPBCGR, section 2.2.1.4.
///
/// @param ioChannel of everything that is no virtual channel
/// @param channels of the static channels, in the order the client asked for them
/// @param messageChannel for measuring the network and the like; 0 for none
public record McsConnectResponse(int ioChannel, List<Integer> channels, int messageChannel) {
    private static final String WHAT = "MCS Connect Response";
    private static final int SC_NET = 0x0C03;
    private static final int SC_MCS_MSGCHANNEL = 0x0C04;
    private static final int MAX_CHANNELS = 31;

    public McsConnectResponse {
        channels = List.copyOf(channels);
    }

    /// @param packet the whole of it
    public static McsConnectResponse of(ByteBuffer packet) throws ProtocolException {
        PerReader in = new PerReader(WHAT, RdpPacket.data(packet));
        in.berLength(0x7f, 0x66);
        if (in.berLength(0x0a) != 1 || in.u8() != 0) {
            throw new ProtocolException(WHAT + ": the host refuses");
        }
        in.skip(in.berLength(0x02));
        in.skip(in.berLength(0x30));
        int userData = in.berLength(0x04);
        if (userData != in.remaining()) {
            throw new ProtocolException(WHAT + ": lengths that disagree");
        }
        gcc(in);
        return blocks(in);
    }

    /// Past the Conference Create Response to the blocks in it. Its own length is not looked at: hosts differ.
    private static void gcc(PerReader in) throws ProtocolException {
        in.expect("GCC key", 0x00, 0x05, 0x00, 0x14, 0x7c, 0x00, 0x01);
        in.perLength();
        in.expect("GCC response", 0x14);
        in.u16();
        in.skip(in.perLength());
        in.u8();
        in.expect("GCC response", 0x01, 0xc0, 0x00);
        in.expect("H.221 key", 'M', 'c', 'D', 'n');
        if (in.perLength() != in.remaining()) {
            throw new ProtocolException(WHAT + ": lengths that disagree");
        }
    }

    private static McsConnectResponse blocks(PerReader in) throws ProtocolException {
        int io = 0;
        int message = 0;
        List<Integer> channels = new ArrayList<>();
        while (in.remaining() > 0) {
            int type = in.u16LittleEndian();
            int length = in.u16LittleEndian();
            PerReader block = new PerReader(WHAT, in.take(Math.max(0, length - 4)));
            if (type == SC_NET && io == 0) {
                io = block.u16LittleEndian();
                int count = block.u16LittleEndian();
                if (count > MAX_CHANNELS) {
                    throw ProtocolException.of(
                            WHAT, count + " channels", "at most " + MAX_CHANNELS);
                }
                for (int i = 0; i < count; i++) {
                    channels.add(block.u16LittleEndian());
                }
            } else if (type == SC_MCS_MSGCHANNEL && message == 0) {
                message = block.u16LittleEndian();
            } else if (length < 4 || type == SC_NET) {
                throw new ProtocolException(WHAT + ": blocks of the host that are malformed");
            }
        }
        if (io == 0) {
            throw new ProtocolException(WHAT + ": no channel");
        }
        return new McsConnectResponse(io, channels, message);
    }
}
