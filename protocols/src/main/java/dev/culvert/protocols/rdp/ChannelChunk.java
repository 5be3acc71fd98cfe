package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;

/// A piece of a message on a static virtual channel: the length of the whole message 4, flags 4, both little endian,
/// then bytes. Immutable. Source: MS-RDPBCGR, section 2.2.6.1.
///
/// @param length of the whole message
public record ChannelChunk(int length, int flags, ByteBuffer data) {
    private static final int CHANNEL_FLAG_FIRST = 0x00000001;
    private static final int CHANNEL_FLAG_LAST = 0x00000002;
    private static final int CHANNEL_PACKET_COMPRESSED = 0x00200000;

    /// @param data what an MCS Send Data Request carries on such a channel
    public static ChannelChunk of(ByteBuffer data) throws ProtocolException {
        PerReader in = new PerReader("channel", data.slice());
        int length = in.u32LittleEndian();
        int flags = in.u32LittleEndian();
        return new ChannelChunk(length, flags, in.take(in.remaining()));
    }

    public boolean first() {
        return (flags & CHANNEL_FLAG_FIRST) != 0;
    }

    public boolean last() {
        return (flags & CHANNEL_FLAG_LAST) != 0;
    }

    public boolean compressed() {
        return (flags & CHANNEL_PACKET_COMPRESSED) != 0;
    }
}
