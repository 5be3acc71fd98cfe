package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;

/// What a client sends on an MCS domain (T.125, section 7, aligned PER). Immutable; buffers share the packet's bytes.
public sealed interface McsPdu {
    int ERECT_DOMAIN_REQUEST = 0x04;
    int ATTACH_USER_REQUEST = 0x28;
    int CHANNEL_JOIN_REQUEST = 0x38;
    int SEND_DATA_REQUEST = 0x64;

    /// Its lowest two bits belong to the reason.
    int DISCONNECT_PROVIDER_ULTIMATUM = 0x20;

    /// The whole of it in one piece.
    int SEGMENTATION = 0x30;

    record ErectDomain() implements McsPdu {}

    record AttachUser() implements McsPdu {}

    record Disconnect() implements McsPdu {}

    record ChannelJoin(int channel) implements McsPdu {}

    /// @param initiator the client's user channel, less 1001
    record SendData(int initiator, int channel, ByteBuffer data) implements McsPdu {
        /// A packet of its own, with other data.
        ///
        /// @throws IllegalArgumentException when it is longer than packets may be
        public static ByteBuffer packet(int initiator, int channel, ByteBuffer data) {
            int length = RdpPacket.DATA_HEADER + 8 + data.remaining();
            if (data.remaining() > 0x3fff) {
                throw new IllegalArgumentException(data.remaining() + " bytes");
            }
            return ByteBuffer.allocate(length)
                    .putShort((short) 0x0300)
                    .putShort((short) length)
                    .put(new byte[] {2, (byte) 0xf0, (byte) 0x80, SEND_DATA_REQUEST})
                    .putShort((short) initiator)
                    .putShort((short) channel)
                    .put((byte) 0x70)
                    .putShort((short) (0x8000 | data.remaining()))
                    .put(data)
                    .flip();
        }
    }

    /// @param data of X.224, see [RdpPacket#data]
    static McsPdu of(ByteBuffer data) throws ProtocolException {
        PerReader in = new PerReader("MCS", data.slice());
        int choice = in.u8();
        return switch (choice) {
            case ERECT_DOMAIN_REQUEST -> new ErectDomain();
            case ATTACH_USER_REQUEST -> new AttachUser();
            case CHANNEL_JOIN_REQUEST -> {
                in.u16();
                yield new ChannelJoin(in.u16());
            }
            case SEND_DATA_REQUEST -> {
                int initiator = in.u16();
                int channel = in.u16();
                boolean whole = (in.u8() & SEGMENTATION) == SEGMENTATION;
                if (!whole || in.perLength() != in.remaining()) {
                    throw new ProtocolException("MCS: data that is not in one piece");
                }
                yield new SendData(initiator, channel, in.take(in.remaining()));
            }
            default -> {
                if ((choice & ~3) != DISCONNECT_PROVIDER_ULTIMATUM) {
                    throw ProtocolException.of(
                            "MCS", "0x" + Integer.toHexString(choice), "what clients send");
                }
                yield new Disconnect();
            }
        };
    }
}
