package dev.culvert.protocols.websocket;

/// How a [StreamClient] ended; each stream has exactly one.
public sealed interface StreamEnd {
    /// Every byte of both directions arrived, or the local side asked for the end.
    record Completed() implements StreamEnd {}

    /// The server answered the handshake with another status.
    ///
    /// @param body the start of the body, at most [StreamClient#MAX_BODY] bytes
    record Refused(ResponseHead head, byte[] body) implements StreamEnd {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return "Refused[status=" + head.status() + ", body=" + body.length + " bytes]";
        }
    }

    /// The server ended the stream with a close frame that says why.
    ///
    /// @param reason as sent: escape it before it is shown
    record Closed(int code, String reason) implements StreamEnd {}

    /// The server is not a WebSocket server, or broke the protocol.
    record Broken(String problem) implements StreamEnd {}

    /// The transport ended where bytes were still due.
    record Lost(String problem) implements StreamEnd {}
}
