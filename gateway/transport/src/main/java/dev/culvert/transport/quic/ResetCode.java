package dev.culvert.transport.quic;

import dev.culvert.transport.StreamFault;

/// Application error codes of RESET_STREAM and STOP_SENDING (RFC 9000, section 20.2). cloudflared always
/// sends 0 and does not look at ours.
final class ResetCode {
    private static final StreamFault.Kind[] KINDS = StreamFault.Kind.values();

    /// Codes of our own; below them they would mean something to other protocols.
    private static final int FIRST = 0x100;

    private ResetCode() {}

    @SuppressWarnings("EnumOrdinal") // pinned by ResetCodeTest
    static int of(StreamFault.Kind kind) {
        return FIRST + kind.ordinal();
    }

    static StreamFault fault(long code) {
        if (code >= FIRST && code < FIRST + KINDS.length) {
            StreamFault.Kind kind = KINDS[(int) code - FIRST];
            // What the peer lost, failed at or waited for is a broken stream here, as in HTTP/2.
            // NOT_READ
            // would say that the answer is complete: that is said by its ending, never by a reset.
            return switch (kind) {
                case CANCELLED, NOT_READ -> StreamFault.cancelled("the peer cancelled the stream");
                case REFUSED -> StreamFault.refused("the peer refused the stream");
                case CONNECTION_LOST, PROTOCOL, TIMED_OUT, INTERNAL ->
                        StreamFault.protocol("the peer reset the stream: " + kind);
            };
        }
        return StreamFault.protocol("the peer reset the stream, code " + code);
    }
}
