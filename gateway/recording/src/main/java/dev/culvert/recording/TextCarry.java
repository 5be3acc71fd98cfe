package dev.culvert.recording;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Turns bytes that come in pieces into text: a character that is split between two pieces belongs to the
/// second, and what is no UTF-8 becomes U+FFFD. Confined to one thread.
final class TextCarry {
    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] kept = new byte[0];

    String next(byte[] bytes, int length) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        if (kept.length > 0) {
            in = ByteBuffer.allocate(kept.length + length).put(kept).put(in).flip();
        }
        CharBuffer out = CharBuffer.allocate(in.remaining());
        decoder.decode(in, out, false);
        kept = new byte[in.remaining()];
        in.get(kept);
        return out.flip().toString();
    }

    /// What is still kept, at the end: U+FFFD, since nothing completes it any more; empty when nothing is.
    String rest() {
        boolean none = kept.length == 0;
        kept = new byte[0];
        return none ? "" : "\uFFFD";
    }
}
