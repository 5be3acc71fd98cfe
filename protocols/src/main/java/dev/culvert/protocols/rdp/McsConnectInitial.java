package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The client's MCS Connect Initial with a GCC Conference Create Request, the first packet inside of TLS (and of
/// CredSSP): what the client is and which static channels it wants. It is changed in place; its length stays.
///
/// | bytes | value |
/// |---|---|
/// | 7 | TPKT, X.224 data |
/// | … | `7f 65`, length: Connect-Initial (T.125, section 7), BER: selectors, a flag, three sets of parameters |
/// | … | `04`, length: the GCC request (T.124, section 8.7), PER; ends with the key `Duca` and a length |
/// | … | blocks of the client: type 2, length with these 4 bytes 2, both little endian |
///
/// Confined to one thread. Source: MS-RDPBCGR, section 2.2.1.3.
public final class McsConnectInitial {
    private static final String WHAT = "MCS Connect Initial";
    private static final int CS_CORE = 0xC001;
    private static final int CS_NET = 0xC003;

    /// The highest that is given to clients, with room.
    private static final int CS_LAST = 0xC00C;

    private static final int MAX_CHANNELS = 31;
    private static final int CHANNEL_DEF = 12;
    private static final int NAME_LENGTH = 8;

    // Of the core data, behind its header.
    private static final int HIGH_COLOR_DEPTH = 136;
    private static final int SUPPORTED_COLOR_DEPTHS = 138;
    private static final int EARLY_CAPABILITY_FLAGS = 140;
    private static final int CORE_WITH_FLAGS = 142;
    private static final int ALL_COLOR_DEPTHS = 0x000F;
    private static final int RNS_UD_CS_WANT_32BPP_SESSION = 0x0002;

    private final ByteBuffer core;
    private final List<ByteBuffer> channels = new ArrayList<>();

    private McsConnectInitial(ByteBuffer core, List<ByteBuffer> channels) {
        this.core = core;
        this.channels.addAll(channels);
    }

    /// Whether a packet of a client is one, whatever else it is.
    public static boolean begins(ByteBuffer data) {
        return data.remaining() >= 2
                && data.get(data.position()) == 0x7f
                && data.get(data.position() + 1) == 0x65;
    }

    /// @param packet the whole of it, changed by this object's methods
    public static McsConnectInitial of(ByteBuffer packet) throws ProtocolException {
        PerReader in = new PerReader(WHAT, RdpPacket.data(packet));
        in.berLength(0x7f, 0x65);
        for (int selector = 0; selector < 2; selector++) {
            in.skip(in.berLength(0x04));
        }
        in.expect("flag", 0x01, 0x01);
        in.u8();
        for (int parameters = 0; parameters < 3; parameters++) {
            in.skip(in.berLength(0x30));
        }
        int userData = in.berLength(0x04);
        if (userData != in.remaining()) {
            throw new ProtocolException(WHAT + ": lengths that disagree");
        }
        return blocks(gcc(in));
    }

    /// Past the Conference Create Request to the blocks in it.
    private static PerReader gcc(PerReader in) throws ProtocolException {
        in.expect("GCC key", 0x00, 0x05, 0x00, 0x14, 0x7c, 0x00, 0x01);
        // Hosts do not look at it, and IronRDP is wrong about it by two. They do count on its two
        // bytes, as on those of the second one: in another form it would hide blocks from one
        // reader and show them to the other.
        int _ = in.perLengthOfTwo();
        in.expect("GCC request", 0x00, 0x08, 0x00, 0x10, 0x00, 0x01, 0xc0, 0x00);
        in.expect("H.221 key", 'D', 'u', 'c', 'a');
        if (in.perLengthOfTwo() != in.remaining()) {
            throw new ProtocolException(WHAT + ": lengths that disagree");
        }
        return in;
    }

    private static McsConnectInitial blocks(PerReader in) throws ProtocolException {
        ByteBuffer core = null;
        ByteBuffer net = null;
        while (in.remaining() > 0) {
            int type = in.u16LittleEndian();
            int length = in.u16LittleEndian();
            ByteBuffer block = in.take(Math.max(0, length - 4)).order(ByteOrder.LITTLE_ENDIAN);
            boolean twice = type == CS_CORE && core != null || type == CS_NET && net != null;
            boolean isOfClient = type >= CS_CORE && type <= CS_LAST;
            if (length < 4 || twice || !isOfClient) {
                throw new ProtocolException(WHAT + ": blocks of the client that are malformed");
            }
            core = type == CS_CORE ? block : core;
            net = type == CS_NET ? block : net;
        }
        if (core == null) {
            throw new ProtocolException(WHAT + ": nothing about the client");
        }
        return new McsConnectInitial(core, net == null ? List.of() : channels(net));
    }

    private static List<ByteBuffer> channels(ByteBuffer net) throws ProtocolException {
        int count = net.remaining() < 4 ? -1 : net.getInt(0);
        if (count < 0 || count > MAX_CHANNELS || net.remaining() != 4 + count * CHANNEL_DEF) {
            throw new ProtocolException(WHAT + ": a list of channels that is malformed");
        }
        List<ByteBuffer> channels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            channels.add(net.slice(4 + i * CHANNEL_DEF, CHANNEL_DEF));
        }
        return channels;
    }

    /// Names of the static channels, in their order.
    public List<String> channels() {
        return channels.stream().map(McsConnectInitial::name).toList();
    }

    private static String name(ByteBuffer channel) {
        byte[] bytes = new byte[NAME_LENGTH];
        channel.get(0, bytes);
        int end = 0;
        while (end < NAME_LENGTH && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    }

    /// @param name at most 7 letters
    public void rename(int channel, String name) {
        byte[] bytes = new byte[NAME_LENGTH];
        byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(letters, 0, bytes, 0, Math.min(letters.length, NAME_LENGTH - 1));
        channels.get(channel).put(0, bytes);
    }

    /// Asks for 24 and 32 bits a pixel, and so for RemoteFX of servers that have it: a client that asks for 16 is given
    /// classic bitmaps, with rows padded in a way that IronRDP 0.7.0 shows sheared.
    ///
    /// @return false for a client too old to say so
    public boolean preferTrueColour() {
        if (core.remaining() < CORE_WITH_FLAGS) {
            return false;
        }
        core.putShort(HIGH_COLOR_DEPTH, (short) 24);
        core.putShort(SUPPORTED_COLOR_DEPTHS, (short) ALL_COLOR_DEPTHS);
        int flags = core.getShort(EARLY_CAPABILITY_FLAGS);
        core.putShort(EARLY_CAPABILITY_FLAGS, (short) (flags | RNS_UD_CS_WANT_32BPP_SESSION));
        return true;
    }
}
