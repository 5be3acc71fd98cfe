package dev.culvert.plugin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/// The server's end of one HTTP/2 connection (RFC 9113), frame by frame in the hands of a test. Only header
/// blocks are made and read by Netty. Windows are given back at once, SETTINGS and PING answered.
///
/// Blocking; used by the test's thread.
final class Http2Connection {
    static final int REFUSED_STREAM = 7;
    static final int CANCEL = 8;
    static final int INTERNAL_ERROR = 2;
    static final int MAX_CONCURRENT_STREAMS = 3;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final SSLSocket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();

    /// @param settings identifiers and values in turn
    Http2Connection(SSLSocket socket, int... settings) throws IOException {
        assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
        this.socket = socket;
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        assertThat(in.readNBytes(PREFACE.length)).isEqualTo(PREFACE);
        ByteBuf payload = Unpooled.buffer();
        for (int i = 0; i < settings.length; i += 2) {
            payload.writeShort(settings[i]).writeInt(settings[i + 1]);
        }
        send(SETTINGS, 0, 0, ByteBufUtil.getBytes(payload));
    }

    /// @param payload of a header block: its fields; of RST_STREAM and GOAWAY the code in `code`
    record Frame(int type, int stream, boolean end, byte[] payload, HeaderList fields, int code) {
        boolean isHeaders() {
            return type == HEADERS;
        }

        boolean isReset() {
            return type == RST_STREAM;
        }

        boolean isGoAway() {
            return type == GOAWAY;
        }

        String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }
    }

    /// The next frame that says something: HEADERS, DATA, RST_STREAM or GOAWAY.
    Frame next() throws IOException {
        while (true) {
            int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = in.readNBytes(length);
            boolean end = (flags & END_STREAM) != 0;
            switch (type) {
                case HEADERS -> {
                    assertThat(flags & END_HEADERS).as("a block in one frame").isNotZero();
                    return new Frame(type, stream, end, payload, fields(stream, payload), 0);
                }
                case DATA -> {
                    if (length > 0) {
                        windowUpdate(0, length);
                        windowUpdate(stream, length);
                    }
                    return new Frame(type, stream, end, payload, new HeaderList(2), 0);
                }
                case RST_STREAM, GOAWAY -> {
                    int code = Unpooled.wrappedBuffer(payload).getInt(type == GOAWAY ? 4 : 0);
                    return new Frame(type, stream, end, payload, new HeaderList(2), code);
                }
                case SETTINGS -> {
                    if ((flags & ACK) == 0) {
                        send(SETTINGS, ACK, 0, new byte[0]);
                    }
                }
                case PING -> {
                    if ((flags & ACK) == 0) {
                        send(PING, ACK, 0, payload);
                    }
                }
                default -> {}
            }
        }
    }

    /// The head of the next request.
    Frame request() throws IOException {
        Frame frame = next();
        assertThat(frame.isHeaders()).as("HEADERS, not %s", frame).isTrue();
        return frame;
    }

    /// The rest of a request's body.
    byte[] body() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Frame frame;
        do {
            frame = next();
            assertThat(frame.type()).as("DATA, not %s", frame).isEqualTo(DATA);
            body.writeBytes(frame.payload());
        } while (!frame.end());
        return body.toByteArray();
    }

    /// The end of the connection, or its announcement.
    boolean awaitOver() {
        try {
            while (!next().isGoAway()) {
                // What was under way.
            }
        } catch (IOException e) {
            return true;
        }
        return true;
    }

    private HeaderList fields(int stream, byte[] block) {
        try {
            HeaderList list = new HeaderList();
            decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block))
                    .forEach(f -> list.add(f.getKey().toString(), f.getValue().toString()));
            return list;
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
    }

    void headers(int stream, boolean end, String... namesAndValues) throws IOException {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        ByteBuf block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(stream, headers, block);
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
        send(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, ByteBufUtil.getBytes(block));
    }

    void data(int stream, String text, boolean end) throws IOException {
        data(stream, text.getBytes(StandardCharsets.ISO_8859_1), end);
    }

    void data(int stream, byte[] bytes, boolean end) throws IOException {
        send(DATA, end ? END_STREAM : 0, stream, bytes);
    }

    /// A whole answer.
    void answer(int stream, String body) throws IOException {
        headers(stream, false, ":status", "200");
        data(stream, body, true);
    }

    void reset(int stream, int code) throws IOException {
        send(RST_STREAM, 0, stream, ByteBufUtil.getBytes(Unpooled.copyInt(code)));
    }

    void goAway(int lastStream) throws IOException {
        send(GOAWAY, 0, 0, ByteBufUtil.getBytes(Unpooled.copyInt(lastStream, 0)));
    }

    private void windowUpdate(int stream, int bytes) throws IOException {
        send(WINDOW_UPDATE, 0, stream, ByteBufUtil.getBytes(Unpooled.copyInt(bytes)));
    }

    private void send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuf frame = Unpooled.buffer(9 + payload.length);
        frame.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
        frame.writeBytes(payload);
        out.write(ByteBufUtil.getBytes(frame));
        out.flush();
    }

    void close() throws IOException {
        Http2Listener.closeSoon(socket);
    }
}
