package dev.culvert.plugin.desktop.builtin;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.rdp.ChannelChunk;
import java.nio.ByteBuffer;

/// Lets through what a browser sends on the channel of the clipboard, apart from files: neither does it ask for the
/// host's, nor does it give any (MS-RDPECLIP, section 2.2.5.3). Confined to one thread.
final class ClipboardGuard {
    static final String CHANNEL = "cliprdr";

    private static final int CB_FILECONTENTS_REQUEST = 0x0008;
    private static final int CB_FILECONTENTS_RESPONSE = 0x0009;

    /// Its type, flags and length.
    private static final int HEADER = 8;

    /// A picture fits, a film does not.
    private static final int MAX_MESSAGE = 64 * 1024 * 1024;

    private int length;
    private int have;
    private boolean files;

    /// Whether a piece may pass. Pieces that a host could put together in another way are refused.
    ///
    /// @param data what an MCS Send Data Request carries
    boolean passes(ByteBuffer data) throws ProtocolException {
        ChannelChunk chunk = ChannelChunk.of(data);
        int size = chunk.data().remaining();
        if (chunk.compressed()) {
            throw new ProtocolException("clipboard: compressed, which nobody asked for");
        }
        if (chunk.first() != (have == 0)
                || chunk.length() < HEADER
                || chunk.length() > MAX_MESSAGE) {
            throw new ProtocolException("clipboard: pieces that are no message");
        }
        if (chunk.first()) {
            begin(chunk);
        }
        have += size;
        boolean complete = have == length;
        if (chunk.length() != length || have > length || chunk.last() != complete) {
            throw new ProtocolException("clipboard: pieces that do not make a whole");
        }
        have = complete ? 0 : have;
        return !files;
    }

    private void begin(ChannelChunk chunk) throws ProtocolException {
        ByteBuffer data = chunk.data();
        if (data.remaining() < HEADER) {
            throw new ProtocolException("clipboard: a piece without a type");
        }
        int type = Short.reverseBytes(data.getShort(0)) & 0xffff;
        files = type == CB_FILECONTENTS_REQUEST || type == CB_FILECONTENTS_RESPONSE;
        length = chunk.length();
    }
}
