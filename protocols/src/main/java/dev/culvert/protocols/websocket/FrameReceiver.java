package dev.culvert.protocols.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What a [FrameDecoder] found.
///
/// The buffer of a call is the decoder's input itself, narrowed to the payload and already
/// unmasked; it is valid during the call only, and need not be drained. Its position and limit are
/// indices into the input, so that a caller may keep a slice of the memory instead of a copy.
///
/// Called on the thread that called the decoder.
public interface FrameReceiver {
    /// Bytes of a binary message as they come; fragments are joined. A message of no bytes, however
    /// it was fragmented, is one call with an empty buffer, `first` and `last`.
    ///
    /// @param first whether these are the first bytes of their message
    /// @param last whether the message ends with them; a `last` call may be empty
    void data(ByteBuffer chunk, boolean first, boolean last) throws IOException;

    /// Bytes of a text message, like [#data]. That they are UTF-8 is checked as they come; a
    /// character may be split between calls.
    void text(ByteBuffer chunk, boolean first, boolean last) throws IOException;

    /// A ping: answer with a pong of the same payload.
    void ping(ByteBuffer payload) throws IOException;

    void pong(ByteBuffer payload) throws IOException;

    /// The close frame; nothing follows.
    ///
    /// @param code [CloseCode#NO_STATUS] when the frame had none
    /// @param reason as the peer sent it: escape it before it is shown
    void close(int code, String reason) throws IOException;
}
