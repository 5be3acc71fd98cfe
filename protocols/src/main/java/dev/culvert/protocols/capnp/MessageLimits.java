package dev.culvert.protocols.capnp;

/// What one incoming message may cost, checked before anything is allocated for it.
///
/// Besides these, the objects of a message may together be no larger than the message itself (plus
/// 64 words): writers point at each object once, so more means that pointers overlap in order to
/// make a small message large. An element of a list of empty structs counts as one word.
///
/// Immutable.
///
/// @param bytes size of the message without its segment table
/// @param segments number of segments. A writer that doubles its segments needs about a dozen for a
///     megabyte; the 513 that cloudflared's own reader allows serve nobody
/// @param depth pointers between the root and any object
public record MessageLimits(int bytes, int segments, int depth) {
    /// For the registration conversation: 1 MiB, 64 segments, 64 levels.
    public static final MessageLimits REGISTRATION = new MessageLimits(1 << 20, 64, 64);

    public MessageLimits {
        if (bytes < 8 || segments < 1 || depth < 1) {
            throw new IllegalArgumentException(
                    "limits: "
                            + bytes
                            + ", "
                            + segments
                            + ", "
                            + depth
                            + " (expected: 8 bytes, 1, 1 or more)");
        }
    }
}
