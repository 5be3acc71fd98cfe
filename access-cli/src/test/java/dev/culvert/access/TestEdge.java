package dev.culvert.access;

import dev.culvert.protocols.websocket.FrameDecoder;
import dev.culvert.protocols.websocket.FrameEncoder;
import dev.culvert.protocols.websocket.FrameLimits;
import dev.culvert.protocols.websocket.FrameReceiver;
import dev.culvert.protocols.websocket.Handshake;
import dev.culvert.protocols.websocket.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// A scripted WebSocket server over TLS: one virtual thread plays the script for each connection.
final class TestEdge implements AutoCloseable {
    interface Script {
        void play(Peer peer) throws Exception;
    }

    private final ServerSocket listening;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> played = new CompletableFuture<>();

    TestEdge(Script script) throws IOException {
        listening = new ServerSocket(0, 2000, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(() -> accept(script));
    }

    int port() {
        return listening.getLocalPort();
    }

    ForwardOptions options() {
        ForwardOptions options = new ForwardOptions();
        options.hostname = "https://localhost:" + port() + "/some/path?q=1";
        options.cacert = TestCertificates.ONE.authority.toString();
        return options;
    }

    Route route() throws Problem {
        return Route.of(options(), _ -> null);
    }

    /// Waits until the first script has come to its end; its failure is thrown.
    void awaitPlayed() throws Exception {
        played.get(30, TimeUnit.SECONDS);
    }

    private void accept(Script script) {
        try {
            while (true) {
                Socket socket = listening.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket, script));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket, Script script) {
        try {
            SSLSocketFactory factory = TestCertificates.ONE.server.getSocketFactory();
            SSLSocket tls = (SSLSocket) factory.createSocket(socket, null, true);
            tls.setUseClientMode(false);
            Peer peer = new Peer(socket, tls);
            script.play(peer);
            tls.close();
            played.complete(null);
        } catch (Throwable e) {
            played.completeExceptionally(e);
        } finally {
            sockets.remove(socket);
            try {
                socket.close();
            } catch (IOException e) {
                // Closed is closed.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /// The server's end of one connection.
    static final class Peer implements FrameReceiver {
        final Socket socket;
        final InputStream in;
        final OutputStream out;
        String request = "";
        private final FrameDecoder decoder = new FrameDecoder(Role.SERVER, FrameLimits.NONE);
        private final FrameEncoder encoder = FrameEncoder.server();
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();
        private final byte[] buffer = new byte[32 * 1024];
        private final Queue<String> events = new ArrayDeque<>();
        long received;
        boolean keep = true;
        boolean ended;
        int longest;
        private int message;
        private byte[] pinged = new byte[0];

        Peer(Socket socket, SSLSocket tls) throws IOException {
            this.socket = socket;
            this.in = tls.getInputStream();
            this.out = tls.getOutputStream();
        }

        void readRequest() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    throw new IOException("request cut: " + head);
                }
                head.write(b);
            }
            request = head.toString(StandardCharsets.ISO_8859_1);
        }

        /// The body of a request that says how long it is.
        String readBody() throws IOException {
            String length = request.split("(?i)Content-Length: ")[1].split("\r\n")[0];
            return new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8);
        }

        String accepted(boolean stream) {
            String key = request.split("Sec-WebSocket-Key: ")[1].split("\r\n")[0];
            return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Accept: "
                    + Handshake.accept(key)
                    + (stream ? "\r\nSec-WebSocket-Protocol: culvert.stream.v1" : "")
                    + "\r\n\r\n";
        }

        Peer accept(boolean stream) throws IOException {
            readRequest();
            raw(accepted(stream).getBytes(StandardCharsets.ISO_8859_1));
            return this;
        }

        void respond(String text) throws IOException {
            readRequest();
            raw(text.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }

        void raw(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        void send(byte[] bytes) throws IOException {
            ByteBuffer frames = ByteBuffer.allocate((int) encoder.encodedLength(bytes.length));
            encoder.binary(ByteBuffer.wrap(bytes), frames);
            out.write(frames.array());
        }

        void control(java.util.function.BiConsumer<FrameEncoder, ByteBuffer> write)
                throws IOException {
            ByteBuffer frame = ByteBuffer.allocate(200);
            write.accept(encoder, frame);
            out.write(frame.array(), 0, frame.position());
        }

        void sendEnd() throws IOException {
            control(FrameEncoder::endOfData);
        }

        void sendClose(int code, String reason) throws IOException {
            control((e, b) -> e.close(code, reason, b));
        }

        /// To the last ping, with its payload.
        void sendPong() throws IOException {
            control((e, b) -> e.pong(ByteBuffer.wrap(pinged), b));
        }

        String pollEvent() {
            return events.poll();
        }

        void reset() throws IOException {
            socket.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
            socket.close();
        }

        /// Reads once; false at the end of the transport.
        boolean readSome() throws IOException {
            int count;
            try {
                count = in.read(buffer);
            } catch (SocketException e) {
                return false;
            }
            if (count < 0) {
                return false;
            }
            decoder.decode(ByteBuffer.wrap(buffer, 0, count), this);
            return true;
        }

        byte[] readBytes(int count) throws IOException {
            while (data.size() < count) {
                if (!readSome()) {
                    throw new IOException("stream ended after " + data.size());
                }
            }
            byte[] all = data.toByteArray();
            data.reset();
            data.write(all, count, all.length - count);
            return java.util.Arrays.copyOf(all, count);
        }

        byte[] readToEndOfData() throws IOException {
            while (!ended) {
                if (!readSome()) {
                    throw new IOException("transport ended before the data did");
                }
            }
            return data.toByteArray();
        }

        /// The next ping, pong or close.
        String nextEvent() throws IOException {
            while (events.isEmpty()) {
                if (!readSome()) {
                    return "EOF";
                }
            }
            return events.remove();
        }

        void readToEof() throws IOException {
            while (readSome()) {}
        }

        @Override
        public void data(ByteBuffer chunk, boolean first, boolean last) {
            message = first ? 0 : message;
            message += chunk.remaining();
            longest = Math.max(longest, message);
            if (first && last && !chunk.hasRemaining()) {
                ended = true;
            }
            received += chunk.remaining();
            if (keep) {
                data.write(
                        chunk.array(), chunk.arrayOffset() + chunk.position(), chunk.remaining());
            }
        }

        @Override
        public void text(ByteBuffer chunk, boolean first, boolean last) {
            events.add("text");
        }

        @Override
        public void ping(ByteBuffer payload) {
            pinged = new byte[payload.remaining()];
            payload.get(payload.position(), pinged);
            events.add("ping");
        }

        @Override
        public void pong(ByteBuffer payload) {
            events.add("pong " + StandardCharsets.ISO_8859_1.decode(payload));
        }

        @Override
        public void close(int code, String reason) {
            events.add("close " + code + " " + reason);
        }
    }
}
