package dev.culvert.plugin.testkit;

import dev.culvert.protocols.websocket.FrameDecoder;
import dev.culvert.protocols.websocket.FrameLimits;
import dev.culvert.protocols.websocket.FrameReceiver;
import dev.culvert.protocols.websocket.Opcode;
import dev.culvert.protocols.websocket.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A user's WebSocket on a stream. Frames are made here byte by byte, not by the encoder under test.
///
/// Blocking; used by the test's thread.
final class WebSocketClient implements FrameReceiver {
    /// The key of RFC 6455, section 1.3, and what answers it.
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static final int MASK = 0x37fa213d;

    private final TunnelStream stream;
    private final FrameDecoder decoder = new FrameDecoder(Role.CLIENT, FrameLimits.NONE);
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final List<String> pongs = new ArrayList<>();
    private int decoded;
    private int largestMessage;
    private int message;
    private boolean dataEnded;
    private int closeCode;
    private String closeReason = "";

    WebSocketClient(TunnelStream stream) {
        this.stream = stream;
    }

    TunnelStream stream() {
        return stream;
    }

    /// Waits for the 101.
    WebSocketClient accepted() {
        int status = stream.awaitResponse().status();
        if (status != 101) {
            throw new AssertionError("status " + status + ": " + stream.awaitResponse());
        }
        return this;
    }

    // ---- sending

    static byte[] frame(boolean last, int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        frame.put((byte) ((last ? 0x80 : 0) | opcode));
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65536) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.putInt(MASK);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ (MASK >>> (24 - 8 * (i % 4)))));
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    void send(byte[] bytes) {
        stream.send(frame(true, Opcode.BINARY, bytes));
    }

    /// In messages of at most 16 KiB, until nobody takes any more.
    ///
    /// @return wire bytes taken
    int sendUntilStopped(byte[] bytes) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; at += 16 * 1024) {
            int to = Math.min(bytes.length, at + 16 * 1024);
            wire.writeBytes(frame(true, Opcode.BINARY, Arrays.copyOfRange(bytes, at, to)));
        }
        pendingWire = wire.toByteArray();
        int taken = stream.sendUntilStopped(pendingWire);
        pendingWire = Arrays.copyOfRange(pendingWire, taken, pendingWire.length);
        return taken;
    }

    private byte[] pendingWire = {};

    /// What [#sendUntilStopped] left.
    void sendRest() {
        stream.send(pendingWire);
    }

    void text(String text) {
        stream.send(frame(true, Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }

    void endData() {
        send(new byte[0]);
    }

    void ping(String payload) {
        stream.send(frame(true, Opcode.PING, payload.getBytes(StandardCharsets.UTF_8)));
    }

    void close(int code) {
        byte[] payload = {(byte) (code >> 8), (byte) code};
        stream.send(frame(true, Opcode.CLOSE, payload));
    }

    // ---- receiving

    private void decodeMore() {
        byte[] all = stream.bytes();
        if (all.length > decoded) {
            try {
                decoder.decode(ByteBuffer.wrap(all, decoded, all.length - decoded).slice(), this);
            } catch (IOException e) {
                throw new AssertionError("not WebSocket frames: " + e.getMessage(), e);
            }
            decoded = all.length;
        }
    }

    /// Exactly what came, after so many bytes at least are there.
    byte[] awaitData(int count) {
        Deadline.await(
                count + " bytes of data at the client",
                () -> {
                    decodeMore();
                    return data.size() >= count;
                });
        return data.toByteArray();
    }

    byte[] awaitDataEnd() {
        Deadline.await(
                "the end of data at the client",
                () -> {
                    decodeMore();
                    return dataEnded || closeCode != 0;
                });
        if (!dataEnded) {
            throw new AssertionError("closed instead: " + closeCode + " " + closeReason);
        }
        return data.toByteArray();
    }

    /// Waits for a close frame and the proper end of the stream behind it.
    int awaitClose() {
        stream.awaitEnd();
        decodeMore();
        if (closeCode == 0) {
            throw new AssertionError("the stream ended without a close frame");
        }
        return closeCode;
    }

    String closeReason() {
        return closeReason;
    }

    byte[] receivedData() {
        decodeMore();
        return data.toByteArray();
    }

    String awaitPong() {
        Deadline.await(
                "a pong",
                () -> {
                    decodeMore();
                    return !pongs.isEmpty();
                });
        return pongs.getFirst();
    }

    int largestMessage() {
        return largestMessage;
    }

    @Override
    public void data(ByteBuffer chunk, boolean first, boolean last) {
        message = (first ? 0 : message) + chunk.remaining();
        largestMessage = Math.max(largestMessage, message);
        if (first && last && !chunk.hasRemaining()) {
            dataEnded = true;
        }
        while (chunk.hasRemaining()) {
            data.write(chunk.get());
        }
    }

    @Override
    public void text(ByteBuffer chunk, boolean first, boolean last) {
        throw new AssertionError("bytes of an origin came as text");
    }

    @Override
    public void ping(ByteBuffer payload) {}

    @Override
    public void pong(ByteBuffer payload) {
        pongs.add(StandardCharsets.UTF_8.decode(payload).toString());
    }

    @Override
    public void close(int code, String reason) {
        closeCode = code;
        closeReason = reason;
    }
}
