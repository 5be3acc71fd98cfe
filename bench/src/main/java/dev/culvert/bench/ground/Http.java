package dev.culvert.bench.ground;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// A connection of HTTP/1.1, of the client or of the origin: heads as lines, bodies as streams. Blocking; confined to
/// one thread at a time each way.
public final class Http implements AutoCloseable {
    private static final int MAX_HEAD = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private List<String> head = List.of();

    Http(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        out = socket.getOutputStream();
    }

    public static Http open(Endpoint endpoint) throws IOException {
        return new Http(endpoint.connect());
    }

    public InputStream in() {
        return in;
    }

    public OutputStream out() {
        return out;
    }

    public void send(String... lines) throws IOException {
        out.write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Reads a head.
    ///
    /// @return its first line; empty at the end of the connection
    public String read() throws IOException {
        StringBuilder line = new StringBuilder();
        List<String> lines = new ArrayList<>();
        for (int length = 0; length < MAX_HEAD; length++) {
            int next = in.read();
            if (next < 0) {
                if (length > 0) {
                    throw new EOFException("closed inside a head");
                }
                return "";
            }
            if (next == '\n') {
                if (line.isEmpty()) {
                    head = lines;
                    return lines.isEmpty() ? "" : lines.getFirst();
                }
                lines.add(line.toString());
                line.setLength(0);
            } else if (next != '\r') {
                line.append((char) next);
            }
        }
        throw new IOException("head: more than " + MAX_HEAD + " bytes");
    }

    /// A field of the head that was read; empty when it has none.
    String field(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        for (String line : head) {
            if (line.toLowerCase(Locale.ROOT).startsWith(start)) {
                return line.substring(start.length()).strip();
            }
        }
        return "";
    }

    /// Reads the head of an answer.
    ///
    /// @throws IOException when the status is another
    public void expect(int status) throws IOException {
        String line = read();
        if (!line.startsWith("HTTP/1.1 " + status)) {
            throw new IOException("answer: " + line + " (expected: " + status + ")");
        }
    }

    public long length() throws IOException {
        String length = field("content-length");
        if (length.isEmpty()) {
            throw new IOException("no content-length in: " + head);
        }
        return Long.parseLong(length);
    }

    /// Reads a body of the length announced.
    public byte[] body() throws IOException {
        return in.readNBytes(Math.toIntExact(length()));
    }

    /// Opens a WebSocket.
    ///
    /// @param more fields
    public void upgrade(String path, String host, String... more) throws IOException {
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "GET " + path + " HTTP/1.1",
                                "Host: " + host,
                                "Connection: Upgrade",
                                "Upgrade: websocket",
                                "Sec-WebSocket-Version: 13",
                                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="));
        lines.addAll(List.of(more));
        send(lines.toArray(String[]::new));
        expect(101);
    }

    /// A masked binary message of at most 125 bytes.
    public static byte[] message(byte[] payload, Random keys) {
        return frame(2, payload, keys);
    }

    /// A whole masked frame of at most 125 bytes (RFC 6455, section 5.2).
    public static byte[] frame(int opcode, byte[] payload, Random keys) {
        byte[] frame = new byte[6 + payload.length];
        byte[] key = new byte[4];
        keys.nextBytes(key);
        frame[0] = (byte) (0x80 | opcode);
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(key, 0, frame, 2, 4);
        for (int i = 0; i < payload.length; i++) {
            frame[6 + i] = (byte) (payload[i] ^ key[i & 3]);
        }
        return frame;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
