package dev.culvert.plugin;

import java.nio.ByteBuffer;
import java.time.Duration;

/// Recognises a protocol by its first bytes. One instance a stream and direction, used by one thread
/// at a time.
public interface FirstBytes {
    /// Most bytes this ever needs; with so many seen it must not answer [Verdict.More].
    int maxBytes();

    /// How long the first bytes may take before the stream is refused, from the moment it is open.
    Duration within();

    /// @param seen everything seen so far, from the first byte; read-only, not kept
    /// @param end no more will come
    Verdict inspect(ByteBuffer seen, boolean end);

    sealed interface Verdict {
        /// Undecided: wait for more bytes.
        record More() implements Verdict {}

        /// This is the protocol.
        ///
        /// @param summary one line for the log: version, cookie, requested security
        record Accept(String summary) implements Verdict {}

        /// This is not the protocol; the stream ends with this reason.
        ///
        /// @param reason one plain sentence, at most 120 bytes of UTF-8 (it travels in a WebSocket
        ///     close frame)
        record Refuse(String reason) implements Verdict {}

        Verdict MORE = new More();
    }
}
