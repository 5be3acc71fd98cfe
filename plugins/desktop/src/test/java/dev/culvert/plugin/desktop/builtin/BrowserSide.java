package dev.culvert.plugin.desktop.builtin;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.desktop.TestEntry;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.websocket.FrameDecoder;
import dev.culvert.protocols.websocket.FrameEncoder;
import dev.culvert.protocols.websocket.FrameLimits;
import dev.culvert.protocols.websocket.FrameReceiver;
import dev.culvert.protocols.websocket.Opcode;
import dev.culvert.protocols.websocket.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A request of a page, a WebSocket's too, with the browser's half of it: bytes both ways, and how it was closed.
final class BrowserSide implements HttpExchange, FrameReceiver {
    private static final byte[] GONE = new byte[0];

    record Closed(int code, String reason) {}

    final CompletableFuture<Closed> closed = new CompletableFuture<>();
    final LinkedBlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    final StringBuilder answer = new StringBuilder();
    int status;
    private final String method;
    private final String path;
    private final LinkedBlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();
    private final FrameDecoder decoder = new FrameDecoder(Role.CLIENT, FrameLimits.NONE);
    private final FrameEncoder encoder = FrameEncoder.client(() -> 0x12345678);

    private BrowserSide(String method, String path) {
        this.method = method;
        this.path = path;
    }

    static BrowserSide post(String path, String body) {
        BrowserSide side = new BrowserSide("POST", path);
        side.sent.add(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        side.sent.add(GONE);
        return side;
    }

    static BrowserSide socket(String path) {
        return new BrowserSide("GET", path);
    }

    void send(byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_HEADER + payload.length);
        int key = encoder.header(Opcode.BINARY, payload.length, frame);
        int start = frame.position();
        frame.put(payload);
        int end = frame.position();
        encoder.mask(frame.position(start).limit(end), key, 0);
        byte[] bytes = new byte[end];
        frame.position(0).get(bytes);
        sent.add(bytes);
    }

    void leave() {
        sent.add(GONE);
    }

    Closed awaitClose() throws Exception {
        return closed.get(30, TimeUnit.SECONDS);
    }

    /// What the host and the edge say, as a stream.
    InputStream input() {
        return new Queued(received, 30);
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String authority() {
        return TestEntry.HOST;
    }

    @Override
    public HeaderList requestHeaders() {
        return HeaderList.of(
                "Origin",
                "https://" + TestEntry.HOST,
                "Sec-WebSocket-Key",
                "dGhlIHNhbXBsZSBub25jZQ==");
    }

    @Override
    public boolean isWebSocket() {
        return method.equals("GET");
    }

    @Override
    public InputStream body() {
        return new Queued(sent, 300);
    }

    @Override
    public OutputStream respond(int answered, HeaderList headers) {
        status = answered;
        return new OutputStream() {
            @Override
            public void write(int b) {
                answer.append((char) b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (status == 101) {
                    decoder.decode(
                            ByteBuffer.wrap(bytes.clone(), offset, length), BrowserSide.this);
                } else {
                    super.write(bytes, offset, length);
                }
            }

            @Override
            public void close() {
                received.add(GONE);
            }
        };
    }

    @Override
    public void data(ByteBuffer chunk, boolean first, boolean last) {
        byte[] bytes = new byte[chunk.remaining()];
        chunk.get(bytes);
        if (bytes.length > 0) {
            received.add(bytes);
        }
    }

    @Override
    public void text(ByteBuffer chunk, boolean first, boolean last) {
        throw new AssertionError("a text");
    }

    @Override
    public void ping(ByteBuffer payload) {}

    @Override
    public void pong(ByteBuffer payload) {}

    @Override
    public void close(int code, String reason) {
        closed.complete(new Closed(code, reason));
        received.add(GONE);
    }

    /// Ends at [#GONE].
    private static final class Queued extends InputStream {
        private final LinkedBlockingQueue<byte[]> queue;
        private final int seconds;
        private ByteBuffer rest = ByteBuffer.allocate(0);
        private boolean ended;

        Queued(LinkedBlockingQueue<byte[]> queue, int seconds) {
            this.queue = queue;
            this.seconds = seconds;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (!rest.hasRemaining() && !ended) {
                byte[] next = next();
                ended = next == GONE;
                rest = ByteBuffer.wrap(next);
            }
            if (ended) {
                return -1;
            }
            int count = Math.min(length, rest.remaining());
            rest.get(into, offset, count);
            return count;
        }

        private byte[] next() throws IOException {
            try {
                byte[] next = queue.poll(seconds, TimeUnit.SECONDS);
                if (next == null) {
                    throw new IOException("nothing came");
                }
                return next;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
