package dev.culvert.plugin.desktop.builtin;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.rdp.RdpPacket;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Cuts a stream of bytes into packets of RDP. Holds at most one of them. Confined to one thread.
final class PacketReader {
    private final ByteBuffer packet = ByteBuffer.allocate(RdpPacket.MAX_LENGTH + 4);
    private int length = -1;

    interface Receiver {
        /// @param kind what it is
        /// @param packet a whole one, valid during the call
        /// @return whether CredSSP goes on, or may begin
        boolean packet(RdpPacket.Kind kind, ByteBuffer packet)
                throws IOException, ProtocolException;
    }

    private final Receiver receiver;
    private boolean signingIn;

    /// @param signingIn whether CredSSP comes first
    PacketReader(boolean signingIn, Receiver receiver) {
        this.signingIn = signingIn;
        this.receiver = receiver;
    }

    /// @param bytes all of them are taken
    void add(ByteBuffer bytes) throws IOException, ProtocolException {
        while (bytes.hasRemaining()) {
            if (length < 0) {
                packet.put(bytes.get());
                length = RdpPacket.length(seen(), signingIn);
            } else {
                int count = Math.min(bytes.remaining(), length - packet.position());
                packet.put(bytes.slice(bytes.position(), count));
                bytes.position(bytes.position() + count);
            }
            if (length == packet.position()) {
                whole();
            }
        }
    }

    private ByteBuffer seen() {
        return packet.duplicate().flip();
    }

    private void whole() throws IOException, ProtocolException {
        ByteBuffer whole = packet.slice(0, length);
        RdpPacket.Kind kind = RdpPacket.kind(whole.get(0), signingIn);
        signingIn = receiver.packet(kind, whole) && signingIn;
        packet.clear();
        length = -1;
    }
}
