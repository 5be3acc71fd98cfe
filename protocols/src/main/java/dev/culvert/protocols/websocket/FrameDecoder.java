package dev.culvert.protocols.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads frames from buffers of any size and hands payload on as it comes.
///
/// A header (at most 14 bytes) and a control payload (at most 125) are collected here; data is
/// never buffered. States: header → payload → header …, until a close frame, after which input is
/// discarded. A decoder that has thrown must not be used again.
///
/// Not thread-safe: owned by one side of a connection. Source: RFC 6455, sections 5 and 7.
public final class FrameDecoder {
    private static final int NO_MESSAGE = 0;

    private final boolean expectsMask;
    private final FrameLimits limits;
    private final byte[] header = new byte[FrameEncoder.MAX_HEADER];
    private int headerBytes;
    private int headerLength = 2;
    private final ByteBuffer control = ByteBuffer.allocate(125);

    private boolean inPayload;
    private boolean last;
    private int opcode;
    private int key;
    private long length;
    private long read;

    /// Opcode of the message that is being received, or [#NO_MESSAGE].
    private int message = NO_MESSAGE;

    private long messageBytes;
    private Utf8Check utf8 = new Utf8Check();
    private boolean closed;

    /// @param role whose input this is: a server expects masked frames, a client unmasked ones
    public FrameDecoder(Role role, FrameLimits limits) {
        this.expectsMask = role == Role.SERVER;
        this.limits = limits;
    }

    /// Whether a close frame has been received.
    public boolean closed() {
        return closed;
    }

    /// Whether input could end here without cutting a frame or a message.
    public boolean betweenMessages() {
        return headerBytes == 0 && !inPayload && message == NO_MESSAGE;
    }

    /// Reads all of `input`, which must be writable in the server role (payload is unmasked in
    /// place). After an exception of the receiver or of the decoder the position of `input` is
    /// undefined.
    ///
    /// @throws FrameException when the peer broke the protocol or a limit
    /// @throws IOException from the receiver
    public void decode(ByteBuffer input, FrameReceiver receiver) throws IOException {
        while (input.hasRemaining() && !closed) {
            if (!inPayload && !readHeader(input)) {
                return;
            }
            if (Opcode.isControl(opcode)) {
                readControl(input, receiver);
            } else {
                readData(input, receiver);
            }
        }
        if (closed) {
            input.position(input.limit());
        }
    }

    private boolean readHeader(ByteBuffer input) throws FrameException {
        while (headerBytes < headerLength) {
            if (!input.hasRemaining()) {
                return false;
            }
            header[headerBytes++] = input.get();
            if (headerBytes == 2) {
                checkFirstTwo();
            }
        }
        startPayload();
        return true;
    }

    private void checkFirstTwo() throws FrameException {
        last = (header[0] & 0x80) != 0;
        opcode = header[0] & 0x0F;
        boolean masked = (header[1] & 0x80) != 0;
        int shortLength = header[1] & 0x7F;
        require((header[0] & 0x70) == 0, "reserved bits are set (expected: no extension)");
        require(
                masked == expectsMask,
                masked ? "masked frame from a server" : "frame from a client is not masked");
        switch (opcode) {
            case Opcode.CONTINUATION ->
                    require(message != NO_MESSAGE, "continuation frame without a message");
            case Opcode.TEXT, Opcode.BINARY ->
                    require(message == NO_MESSAGE, "new message inside a fragmented one");
            case Opcode.CLOSE, Opcode.PING, Opcode.PONG -> {
                require(last, "fragmented control frame");
                require(shortLength <= 125, "control frame above 125 bytes");
            }
            default -> throw broken("opcode: " + opcode + " (expected: 0, 1, 2, 8, 9 or 10)");
        }
        int lengthBytes = shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0;
        headerLength = 2 + lengthBytes + (masked ? 4 : 0);
    }

    private void startPayload() throws FrameException {
        length = header[1] & 0x7F;
        if (length == 126) {
            length = number(2, 2);
            require(length > 125, "length: " + length + " in 2 bytes (expected: shortest form)");
        } else if (length == 127) {
            length = number(2, 8);
            require(length >= 0, "length above 63 bits");
            require(length > 0xFFFF, "length: " + length + " in 8 bytes (expected: shortest form)");
        }
        key = expectsMask ? (int) number(headerLength - 4, 4) : 0;
        read = 0;
        headerBytes = 0;
        headerLength = 2;
        inPayload = true;
        if (!Opcode.isControl(opcode)) {
            startData();
        }
    }

    private void startData() throws FrameException {
        if (opcode != Opcode.CONTINUATION) {
            message = opcode;
            messageBytes = 0;
            utf8 = opcode == Opcode.TEXT ? new Utf8Check() : utf8;
        }
        if (length > limits.frameBytes()) {
            throw tooBig("frame", length, limits.frameBytes());
        }
        if (length > limits.messageBytes() - messageBytes) {
            throw tooBig("message", messageBytes + length, limits.messageBytes());
        }
    }

    private void readData(ByteBuffer input, FrameReceiver receiver) throws IOException {
        int chunk = (int) Math.min(input.remaining(), length - read);
        int from = input.position();
        int end = input.limit();
        Mask.apply(input, from, from + chunk, key, read);
        read += chunk;
        boolean first = messageBytes == 0;
        messageBytes += chunk;
        boolean endOfFrame = read == length;
        boolean endOfMessage = endOfFrame && last;
        boolean text = message == Opcode.TEXT;
        if (endOfFrame) {
            inPayload = false;
        }
        if (endOfMessage) {
            message = NO_MESSAGE;
        }
        if (chunk > 0 || endOfMessage) {
            input.limit(from + chunk);
            if (text) {
                checkText(input, endOfMessage);
                receiver.text(input, first, endOfMessage);
            } else {
                receiver.data(input, first, endOfMessage);
            }
            input.limit(end).position(from + chunk);
        }
    }

    private void checkText(ByteBuffer chunk, boolean endOfMessage) throws FrameException {
        if (!utf8.accept(chunk) || (endOfMessage && !utf8.complete())) {
            throw new FrameException(CloseCode.INVALID_PAYLOAD, "text message is not UTF-8");
        }
    }

    private void readControl(ByteBuffer input, FrameReceiver receiver) throws IOException {
        if (read == 0) {
            control.clear();
        }
        int chunk = (int) Math.min(input.remaining(), length - read);
        control.put(control.position(), input, input.position(), chunk);
        control.position(control.position() + chunk);
        input.position(input.position() + chunk);
        read += chunk;
        if (read < length) {
            return;
        }
        inPayload = false;
        control.flip();
        Mask.apply(control, 0, control.limit(), key, 0);
        switch (opcode) {
            case Opcode.PING -> receiver.ping(control);
            case Opcode.PONG -> receiver.pong(control);
            default -> readClose(receiver);
        }
    }

    private void readClose(FrameReceiver receiver) throws IOException {
        closed = true;
        if (!control.hasRemaining()) {
            receiver.close(CloseCode.NO_STATUS, "");
            return;
        }
        require(control.remaining() != 1, "close frame of 1 byte (expected: 0, or 2 and more)");
        int code = control.getShort() & 0xFFFF;
        require(
                CloseCode.mayBeSent(code),
                "close code: " + code + " (expected: 1000-1014, 3000-4999)");
        Utf8Check check = new Utf8Check();
        if (!check.accept(control) || !check.complete()) {
            throw new FrameException(CloseCode.INVALID_PAYLOAD, "close reason is not UTF-8");
        }
        receiver.close(code, StandardCharsets.UTF_8.decode(control).toString());
    }

    private long number(int from, int bytes) {
        long value = 0;
        for (int i = from; i < from + bytes; i++) {
            value = value << 8 | (header[i] & 0xFF);
        }
        return value;
    }

    private static void require(boolean kept, String problem) throws FrameException {
        if (!kept) {
            throw broken(problem);
        }
    }

    private static FrameException broken(String problem) {
        return new FrameException(CloseCode.PROTOCOL_ERROR, problem);
    }

    private static FrameException tooBig(String what, long bytes, long limit) {
        // A sum of two lengths may pass 63 bits; it is a number for a message only.
        String shown = bytes < 0 ? "above 63 bits" : Long.toString(bytes);
        return new FrameException(
                CloseCode.MESSAGE_TOO_BIG,
                what + " of " + shown + " bytes (expected: at most " + limit + ")");
    }
}
