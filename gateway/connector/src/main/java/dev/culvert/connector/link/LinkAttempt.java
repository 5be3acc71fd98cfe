package dev.culvert.connector.link;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// How one link comes by its carrier: dialling, TLS, until streams can be opened.
///
/// Confined to its event loop.
interface LinkAttempt {
    /// What comes of it; at most one call of `failed`.
    interface Outcome {
        /// @param unanswered nothing at all came back
        void failed(String reason, @Nullable Throwable cause, boolean unanswered);
    }

    void dial();

    /// Where the connection begins, once it is there.
    @Nullable SocketAddress local();

    /// Grows with everything the edge sends on streams.
    long heardOnStreams();

    /// Streams open, the control stream left out.
    int openStreams();

    /// Asks the edge for no more streams; those that are open go on.
    void leave();

    /// Gives up or closes, whatever it has come to.
    void close();
}
