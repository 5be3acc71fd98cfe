package dev.culvert.bench.cases;

import dev.culvert.bench.ground.Http;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/// A WebSocket of text, at its client (RFC 6455). One thread reads, any may write.
final class TextSocket implements AutoCloseable {
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int LONGEST = 64 << 20;

    private final Http http;
    private final DataInputStream in;
    private final Random keys = new Random(7);
    private volatile long bytes;

    /// @param http just upgraded
    TextSocket(Http http) {
        this.http = http;
        this.in = new DataInputStream(http.in());
    }

    /// What came, heads of frames included.
    long bytes() {
        return bytes;
    }

    /// @param text at most 125 bytes
    void send(String text) throws IOException {
        send(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private synchronized void send(int opcode, byte[] payload) throws IOException {
        http.out().write(Http.frame(opcode, payload, keys));
    }

    /// The next message; answers pings meanwhile.
    ///
    /// @throws IOException when it is closed, with the reason
    String read() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        while (true) {
            int head = in.readUnsignedByte();
            byte[] payload = in.readNBytes(length());
            bytes += payload.length + 2L;
            switch (head & 0x0f) {
                case PING -> send(PONG, payload);
                case PONG -> {}
                case CLOSE -> throw new IOException("the edge closed it: " + reason(payload));
                default -> {
                    message.write(payload);
                    if ((head & 0x80) != 0) {
                        return message.toString(StandardCharsets.UTF_8);
                    }
                }
            }
        }
    }

    private int length() throws IOException {
        int first = in.readUnsignedByte();
        long length =
                switch (first) {
                    case 126 -> in.readUnsignedShort();
                    case 127 -> in.readLong();
                    default -> first;
                };
        if (length < 0 || length > LONGEST) {
            throw new IOException(
                    "frame: " + length + " bytes (expected: at most " + LONGEST + ")");
        }
        return (int) length;
    }

    private static String reason(byte[] payload) {
        return payload.length < 2
                ? "no reason"
                : ((payload[0] & 0xff) << 8 | payload[1] & 0xff)
                        + " "
                        + new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
