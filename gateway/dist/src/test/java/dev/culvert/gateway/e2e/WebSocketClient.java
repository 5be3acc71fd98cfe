package dev.culvert.gateway.e2e;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A WebSocket client on a plain socket, since the JDK's resolves no name below `localhost`: text messages
/// of less than 126 bytes out, unfragmented ones in. Blocking, with a deadline for each read.
final class WebSocketClient implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;

    private WebSocketClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    static WebSocketClient open(Edge edge, String host, String path) throws Exception {
        Socket socket = Tls.connect(edge, host);
        WebSocketClient client = new WebSocketClient(socket);
        socket.getOutputStream()
                .write(
                        ("GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key:"
                                        + " dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                                .formatted(path, host, edge.publicPort)
                                .getBytes(StandardCharsets.US_ASCII));
        String head = Tls.head(client.in);
        if (!head.startsWith("HTTP/1.1 101 ") || !head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")) {
            socket.close();
            throw new AssertionError("no WebSocket: " + head);
        }
        return client;
    }

    void send(String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | payload.length);
        // The mask is four zeros: the payload is what it says.
        System.arraycopy(payload, 0, frame, 6, payload.length);
        socket.getOutputStream().write(frame);
    }

    /// The next text message that holds `wanted`.
    String receive(String wanted) throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & 0x0f;
            int length = in.readUnsignedByte() & 0x7f;
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                throw new IOException("a message longer than a test needs");
            }
            String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            if (opcode == 1 && text.contains(wanted)) {
                return text;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
