package dev.culvert.protocols.websocket;

/// What a [FrameDecoder] accepts. Nothing is allocated by these numbers: payload is handed on as
/// it comes.
///
/// @param frameBytes most payload bytes of a data frame
/// @param messageBytes most payload bytes of a message, all fragments together
public record FrameLimits(long frameBytes, long messageBytes) {
    /// For receivers that keep nothing: any length the protocol can say.
    public static final FrameLimits NONE = new FrameLimits(Long.MAX_VALUE, Long.MAX_VALUE);

    public FrameLimits {
        if (frameBytes < 0 || messageBytes < 0) {
            throw new IllegalArgumentException(
                    "limits: " + frameBytes + ", " + messageBytes + " (expected: 0 or more)");
        }
    }
}
