package dev.culvert.transport.http2;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The other end of an HTTP/2 connection in the hands of a test: sends frames of any shape, in one
/// write with [#flush], and says what comes back. Used by one thread.
final class RawPeer implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int WITH_PRIORITY = 0x20;

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PROBE = "are you?".getBytes(StandardCharsets.US_ASCII);

    record Frame(int type, int flags, int stream, byte[] payload) {
        int code(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false);

    RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /// The client's first bytes.
    RawPeer preface() {
        return bytes(PREFACE).settings();
    }

    void readPreface() throws IOException {
        if (!java.util.Arrays.equals(in.readNBytes(PREFACE.length), PREFACE)) {
            throw new AssertionError("no preface");
        }
    }

    RawPeer bytes(byte... raw) {
        out.writeBytes(raw);
        return this;
    }

    RawPeer frame(int type, int flags, int stream, byte... payload) {
        return head(payload.length, type, flags, stream).bytes(payload);
    }

    /// A frame's nine bytes, whatever follows.
    RawPeer head(int length, int type, int flags, int stream) {
        return bytes(
                ByteBuffer.allocate(9)
                        .putInt(length << 8 | type)
                        .put((byte) flags)
                        .putInt(stream)
                        .array());
    }

    RawPeer settings(int... idsAndValues) {
        ByteBuffer payload = ByteBuffer.allocate(idsAndValues.length * 3);
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload.array());
    }

    RawPeer headers(int stream, int flags, String... fields) {
        return frame(HEADERS, flags | END_HEADERS, stream, block(fields));
    }

    RawPeer data(int stream, int flags, String text) {
        return frame(DATA, flags, stream, text.getBytes(StandardCharsets.US_ASCII));
    }

    RawPeer number(int type, int stream, int value) {
        return frame(type, 0, stream, ByteBuffer.allocate(4).putInt(value).array());
    }

    RawPeer priority(int stream, int dependsOn) {
        return frame(
                PRIORITY,
                0,
                stream,
                ByteBuffer.allocate(5).putInt(dependsOn).put((byte) 1).array());
    }

    /// Fields as literals that no table keeps.
    static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            literal(block, fields[i]);
            literal(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int rest = bytes.length;
        if (rest < 127) {
            block.write(rest);
        } else {
            block.write(127);
            rest -= 127;
            while (rest >= 128) {
                block.write(rest & 127 | 128);
                rest >>= 7;
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    RawPeer flush() throws IOException {
        socket.getOutputStream().write(out.toByteArray());
        out.reset();
        return this;
    }

    /// The next frame.
    ///
    /// @throws EOFException when the connection ended
    Frame next() throws IOException {
        try {
            int head = in.readInt();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            return new Frame(head & 0xff, flags, stream, in.readNBytes(head >>> 8));
        } catch (SocketException e) {
            EOFException end = new EOFException("reset");
            end.initCause(e);
            throw end;
        }
    }

    Frame next(int type) throws IOException {
        while (true) {
            Frame frame = next();
            if (frame.type() == type) {
                return frame;
            }
            if (frame.type() == HEADERS) {
                decode(frame);
            }
        }
    }

    Http2Headers decode(Frame frame) throws IOException {
        try {
            return hpack.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()));
        } catch (io.netty.handler.codec.http2.Http2Exception e) {
            throw new IOException(e);
        }
    }

    Http2Headers nextHeaders() throws IOException {
        return decode(next(HEADERS));
    }

    /// Sends what is waiting, and a PING behind it.
    ///
    /// @return what the peer made of it: `fine`, `stream CODE`, `connection CODE`, `answered STATUS` or
    ///     `closed`
    String outcome() throws IOException {
        frame(PING, 0, 0, PROBE);
        try {
            flush();
        } catch (SocketException e) {
            // Closed already; what it said before is still to be read.
            out.reset();
        }
        try {
            while (true) {
                Frame frame = next();
                switch (frame.type()) {
                    case RST_STREAM -> {
                        return "stream " + Http2Error.valueOf(frame.code(0));
                    }
                    case GOAWAY -> {
                        return "connection " + Http2Error.valueOf(frame.code(4));
                    }
                    case HEADERS -> {
                        return "answered " + decode(frame).status();
                    }
                    case PING -> {
                        if (frame.flags() == ACK
                                && java.util.Arrays.equals(frame.payload(), PROBE)) {
                            return "fine";
                        }
                    }
                    default -> {}
                }
            }
        } catch (EOFException e) {
            return "closed";
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
