package dev.culvert.protocols.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What a [StreamClient] asks of the program that carries it: the transport to the server on one
/// side, the local side of the stream on the other. Buffers are valid during the call only.
public interface StreamCarrier {
    /// Sends these bytes to the server, after all that were sent before.
    void transmit(ByteBuffer bytes) throws IOException;

    /// Sends a pong; may be dropped while earlier bytes wait, as the next ping asks again. Must
    /// not wait for a transport that is full: it is called while receiving.
    void transmitPong(ByteBuffer frame) throws IOException;

    /// The server has answered a [StreamClient#ping].
    default void answered(ByteBuffer payload) {}

    /// The handshake succeeded; local bytes may be encoded from now on.
    void opened() throws IOException;

    /// Hands bytes of the server to the local side.
    void deliver(ByteBuffer bytes) throws IOException;

    /// The server will send no more bytes, but still receives (half close).
    void deliverEnd() throws IOException;

    /// The stream is over: send what waits, close both sides. Called once, last.
    void ended(StreamEnd end);
}
