package dev.culvert.plugin.desktop.builtin;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.rdp.McsConnectResponse;
import dev.culvert.protocols.rdp.RdpPacket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads along what a host sends, until it has said which numbers its channels have. Confined to one thread.
final class HostPackets {
    private final ChannelNumbers channels;

    /// Null when nothing is to be read any more.
    private @Nullable PacketReader reader;

    /// @param nla whether CredSSP comes first
    HostPackets(boolean nla, ChannelNumbers channels) {
        this.channels = channels;
        this.reader = new PacketReader(nla, this::packet);
    }

    void see(byte[] bytes, int count) throws IOException, ProtocolException {
        ByteBuffer rest = ByteBuffer.wrap(bytes, 0, count);
        while (rest.hasRemaining() && reader != null) {
            // What follows in the same bytes may be of a kind that is not known here.
            reader.add(rest.slice(rest.position(), 1));
            rest.position(rest.position() + 1);
        }
    }

    private boolean packet(RdpPacket.Kind kind, ByteBuffer packet) throws ProtocolException {
        if (kind == RdpPacket.Kind.TPKT) {
            channels.give(McsConnectResponse.of(packet));
            reader = null;
        }
        return kind == RdpPacket.Kind.CREDSSP;
    }
}
