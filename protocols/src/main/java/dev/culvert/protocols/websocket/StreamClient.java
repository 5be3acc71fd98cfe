package dev.culvert.protocols.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// One byte stream over one WebSocket, client side: handshake, framing, half close, close reasons.
/// The sockets belong to a [StreamCarrier].
///
/// # States
/// ```
/// HANDSHAKE ──101──▶ OPEN ──local end (no half close)──▶ CLOSING ──close, EOF──▶ ENDED
///     └──other status──▶ BODY ──▶ ENDED          └──────── both ends, close, EOF ──────▶ ENDED
/// ```
/// With [Handshake#STREAM_SUBPROTOCOL] an empty binary message ends one direction; when both have
/// ended a close frame follows. Without it a local end sends the close frame at once, and what the
/// server still sends until its own close is delivered.
///
/// # Threads
/// At most two: one calls [#start], [#receive], [#receiveEnd], [#idle] and [#ping], one calls [#encode],
/// [#localEnd] and [#localFailed]. The few fields both use are guarded by this object, and no
/// carrier method is called with the lock held.
public final class StreamClient {
    /// Most bytes kept of the body of a refusal.
    public static final int MAX_BODY = 16 * 1024;

    /// Silent periods (see [#idle]) after which a server is taken for dead.
    private static final int MAX_SILENCE = 3;

    /// A server that was sent more than this since it was last heard may be stopped by its origin
    /// rather than dead: it is not given up.
    private static final long MAX_UNHEARD_BYTES = 64 * 1024;

    private enum State {
        HANDSHAKE,
        BODY,
        OPEN,
        CLOSING,
        ENDED
    }

    private final Handshake handshake;
    private final StreamCarrier carrier;
    private final FrameEncoder encoder;
    private final ResponseHeadDecoder headDecoder = new ResponseHeadDecoder();
    private final FrameDecoder decoder = new FrameDecoder(Role.CLIENT, FrameLimits.NONE);
    private final Frames frames = new Frames();

    // Receiving thread only.
    private @Nullable ResponseHead refusal;
    private byte[] body = new byte[0];
    private int silence;

    // Guarded by this.
    private State state = State.HANDSHAKE;
    private boolean halfClose;
    private boolean localEnded;
    private boolean remoteEnded;
    private long unheardBytes;

    /// @param keys see [FrameEncoder#client]
    public StreamClient(Handshake handshake, IntSupplier keys, StreamCarrier carrier) {
        this.handshake = handshake;
        this.encoder = FrameEncoder.client(keys);
        this.carrier = carrier;
    }

    /// Sends the handshake.
    public void start() throws IOException {
        carrier.transmit(ByteBuffer.wrap(handshake.request()));
    }

    /// Bytes of the server; all are read. A broken protocol ends the stream and is not thrown.
    ///
    /// @throws IOException only from the carrier
    public void receive(ByteBuffer input) throws IOException {
        silence = 0;
        synchronized (this) {
            unheardBytes = 0;
        }
        try {
            if (is(State.HANDSHAKE)) {
                ResponseHead head = headDecoder.decode(input);
                if (head == null) {
                    return;
                }
                respond(head);
            }
            if (is(State.BODY)) {
                collectBody(input);
            } else if (!is(State.ENDED)) {
                decoder.decode(input, frames);
            }
        } catch (FrameException e) {
            broken(e.closeCode(), e.getMessage());
        } catch (HandshakeException e) {
            end(new StreamEnd.Broken(String.valueOf(e.getMessage())));
        }
        input.position(input.limit());
    }

    /// The server closed the transport.
    public void receiveEnd() {
        State before = state();
        switch (before) {
            case HANDSHAKE -> end(new StreamEnd.Broken("server closed before it answered"));
            case BODY -> endRefused();
            case OPEN -> {
                boolean whole = decoder.betweenMessages() && (!halfClose() || remoteEnded());
                end(
                        whole
                                ? new StreamEnd.Completed()
                                : new StreamEnd.Lost("connection ended before the stream did"));
            }
            case CLOSING, ENDED -> end(new StreamEnd.Completed());
        }
    }

    /// The transport failed while in use.
    public void receiveFailed(String problem) {
        end(is(State.CLOSING) ? new StreamEnd.Completed() : new StreamEnd.Lost(problem));
    }

    /// Called when nothing has been received for a period of the carrier's choice (30 s): asks the
    /// server for a sign of life.
    public void idle() throws IOException {
        long unheard;
        synchronized (this) {
            unheard = unheardBytes;
        }
        silence++;
        switch (state()) {
            case HANDSHAKE -> end(new StreamEnd.Lost("no answer to the handshake in time"));
            case BODY -> endRefused();
            case CLOSING -> end(new StreamEnd.Completed());
            case OPEN -> {
                if (silence >= MAX_SILENCE && unheard < MAX_UNHEARD_BYTES) {
                    end(new StreamEnd.Lost("server has stopped answering"));
                    return;
                }
                ping(ByteBuffer.allocate(0));
            }
            case ENDED -> {}
        }
    }

    /// Asks the server to send these bytes back (at most 125), to [StreamCarrier#answered]; may be dropped as a
    /// pong may. Only while open.
    public void ping(ByteBuffer payload) throws IOException {
        if (is(State.OPEN)) {
            ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_CONTROL_FRAME);
            encoder.ping(payload, frame);
            carrier.transmitPong(frame.flip());
        }
    }

    /// Room that [#encode] needs for this many bytes.
    public int encodedLength(int payloadLength) {
        return Math.toIntExact(encoder.encodedLength(payloadLength));
    }

    /// Frames local bytes into `target`; the caller transmits them. Only after
    /// [StreamCarrier#opened] and before [#localEnd].
    ///
    /// @return whether all of `payload` fitted
    public boolean encode(ByteBuffer payload, ByteBuffer target) {
        int before = payload.remaining();
        boolean all = encoder.binary(payload, target);
        synchronized (this) {
            unheardBytes += before - payload.remaining();
        }
        return all;
    }

    /// The local side has no more bytes.
    public void localEnd() throws IOException {
        boolean sendEnd;
        boolean sendClose;
        boolean over;
        synchronized (this) {
            if (state != State.OPEN || localEnded) {
                return;
            }
            localEnded = true;
            sendEnd = halfClose;
            over = halfClose && remoteEnded;
            sendClose = over || !halfClose;
            if (sendClose && !over) {
                state = State.CLOSING;
            }
        }
        ByteBuffer out = ByteBuffer.allocate(2 * FrameEncoder.MAX_CONTROL_FRAME);
        if (sendEnd) {
            encoder.endOfData(out);
        }
        if (sendClose) {
            encoder.close(CloseCode.NORMAL, "", out);
        }
        carrier.transmit(out.flip());
        if (over) {
            end(new StreamEnd.Completed());
        }
    }

    /// The local side is gone: bytes of the server can no longer be delivered.
    public void localFailed() {
        closeAndEnd(CloseCode.GOING_AWAY, "", new StreamEnd.Completed());
    }

    private void respond(ResponseHead head) throws IOException {
        switch (handshake.check(head)) {
            case Handshake.Outcome.Refused refused -> {
                refusal = refused.head();
                set(State.BODY);
            }
            case Handshake.Outcome.Opened opened -> {
                synchronized (this) {
                    halfClose = opened.stream();
                    state = State.OPEN;
                }
                carrier.opened();
            }
        }
    }

    private void collectBody(ByteBuffer input) {
        int more = Math.min(input.remaining(), MAX_BODY - body.length);
        body = Arrays.copyOf(body, body.length + more);
        input.get(body, body.length - more, more);
        if (bodyComplete()) {
            endRefused();
        }
    }

    private boolean bodyComplete() {
        if (body.length >= MAX_BODY || refusal == null) {
            return true;
        }
        if (refusal.headers().hasToken("transfer-encoding", "chunked")) {
            String tail =
                    new String(
                            body,
                            Math.max(0, body.length - 5),
                            Math.min(5, body.length),
                            StandardCharsets.ISO_8859_1);
            return tail.equals("0\r\n\r\n");
        }
        String length = refusal.headers().first("content-length");
        boolean number = length != null && length.matches("[0-9]{1,18}");
        return number && body.length >= Long.parseLong(length);
    }

    private void endRefused() {
        if (refusal != null) {
            end(new StreamEnd.Refused(refusal, body));
        }
    }

    private void broken(int code, @Nullable String problem) {
        closeAndEnd(code, "", new StreamEnd.Broken(String.valueOf(problem)));
    }

    private void closeAndEnd(int code, String reason, StreamEnd end) {
        if (is(State.OPEN)) {
            ByteBuffer out = ByteBuffer.allocate(FrameEncoder.MAX_CONTROL_FRAME);
            encoder.close(code, reason, out);
            try {
                carrier.transmit(out.flip());
            } catch (IOException e) {
                // The stream ends for a reason that came first.
            }
        }
        end(end);
    }

    private void end(StreamEnd end) {
        synchronized (this) {
            if (state == State.ENDED) {
                return;
            }
            state = State.ENDED;
        }
        carrier.ended(end);
    }

    private synchronized State state() {
        return state;
    }

    private synchronized boolean is(State expected) {
        return state == expected;
    }

    private synchronized void set(State next) {
        if (state != State.ENDED) {
            state = next;
        }
    }

    /// Whether one direction can end before the other: the server selected the subprotocol.
    public synchronized boolean halfClose() {
        return halfClose;
    }

    private synchronized boolean remoteEnded() {
        return remoteEnded;
    }

    /// What the server's frames mean for the stream.
    private final class Frames implements FrameReceiver {
        @Override
        public void data(ByteBuffer chunk, boolean first, boolean last) throws IOException {
            if (first && last && !chunk.hasRemaining()) {
                if (halfClose()) {
                    endOfData();
                }
                return;
            }
            text(chunk, first, last);
        }

        /// Text is delivered like data, as cloudflared's client does.
        @Override
        public void text(ByteBuffer chunk, boolean first, boolean last) throws IOException {
            if (remoteEnded()) {
                throw new FrameException(
                        CloseCode.PROTOCOL_ERROR, "server sent data after its end of data");
            }
            if (chunk.hasRemaining() && !is(State.ENDED)) {
                carrier.deliver(chunk);
            }
        }

        private void endOfData() throws IOException {
            boolean over;
            synchronized (StreamClient.this) {
                if (remoteEnded) {
                    return;
                }
                remoteEnded = true;
                over = localEnded;
            }
            carrier.deliverEnd();
            if (over) {
                closeAndEnd(CloseCode.NORMAL, "", new StreamEnd.Completed());
            }
        }

        @Override
        public void ping(ByteBuffer payload) throws IOException {
            if (is(State.OPEN)) {
                ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_CONTROL_FRAME);
                encoder.pong(payload, frame);
                carrier.transmitPong(frame.flip());
            }
        }

        @Override
        public void pong(ByteBuffer payload) {
            carrier.answered(payload);
        }

        @Override
        public void close(int code, String reason) {
            boolean asked = is(State.CLOSING);
            boolean said = code == CloseCode.NORMAL || code == CloseCode.NO_STATUS;
            if (asked || said) {
                closeAndEnd(CloseCode.NORMAL, "", new StreamEnd.Completed());
            } else {
                closeAndEnd(code, "", new StreamEnd.Closed(code, reason));
            }
        }
    }
}
