package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.websocket.FrameDecoder;
import dev.culvert.protocols.websocket.FrameEncoder;
import dev.culvert.protocols.websocket.FrameLimits;
import dev.culvert.protocols.websocket.FrameReceiver;
import dev.culvert.protocols.websocket.Opcode;
import dev.culvert.protocols.websocket.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A browser's page at the other end of a terminal's WebSocket. It acknowledges what comes unless told not to.
final class TestPage implements HttpExchange, FrameReceiver {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(30);
    private static final byte[] GONE = new byte[0];

    final ByteArrayOutputStream output = new ByteArrayOutputStream();
    long received;
    int closeCode;
    private final HeaderList headers;
    private final LinkedBlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();
    private final ArrayDeque<JsonNode> messages = new ArrayDeque<>();
    private final FrameDecoder decoder = new FrameDecoder(Role.CLIENT, FrameLimits.NONE);
    private final FrameEncoder encoder = FrameEncoder.client(() -> 0x12345678);
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private boolean acknowledges = true;
    private boolean keeps = true;
    private int status;

    TestPage(String... headers) {
        this.headers = HeaderList.of(headers);
    }

    static TestPage own() {
        return new TestPage(
                "Origin", "https://build.example.com",
                "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    }

    // ---- the user's side

    synchronized void acknowledges(boolean on) {
        acknowledges = on;
    }

    /// Counts what comes, and does not keep it.
    synchronized void onlyCounts() {
        keeps = false;
    }

    void say(String json) {
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        frame(Opcode.TEXT, bytes);
    }

    void type(String typed) {
        frame(Opcode.BINARY, typed.getBytes(StandardCharsets.UTF_8));
    }

    private void frame(int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_HEADER + payload.length);
        int key = encoder.header(opcode, payload.length, frame);
        int start = frame.position();
        frame.put(payload);
        int end = frame.position();
        frame.position(start).limit(end);
        encoder.mask(frame, key, 0);
        byte[] bytes = new byte[end];
        frame.position(0).get(bytes);
        sent.add(bytes);
    }

    void leave() {
        sent.add(GONE);
    }

    /// The next message of that type; others before it are dropped.
    synchronized JsonNode await(String type) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE;
        while (true) {
            while (!messages.isEmpty()) {
                JsonNode message = messages.remove();
                if (message.path("type").asString("").equals(type)) {
                    return message;
                }
                if (message.path("type").asString("").equals("error")) {
                    throw new AssertionError(message.toString());
                }
            }
            waitUntil(deadline, "no message " + type);
        }
    }

    synchronized void awaitOutput(Predicate<String> fits) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE;
        while (!fits.test(output.toString(StandardCharsets.UTF_8))) {
            waitUntil(deadline, "output is " + output.toString(StandardCharsets.UTF_8));
        }
    }

    synchronized void awaitBytes(long count) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE;
        while (received < count) {
            waitUntil(deadline, "received " + received);
        }
    }

    synchronized int awaitClose() throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE;
        while (closeCode == 0) {
            waitUntil(deadline, "not closed");
        }
        return closeCode;
    }

    synchronized int status() {
        return status;
    }

    private void waitUntil(long deadline, String problem) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw new AssertionError(problem + "; messages: " + messages);
        }
        wait(left);
    }

    // ---- the server's side

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String path() {
        return "/.culvert/ssh/terminal";
    }

    @Override
    public String authority() {
        return "build.example.com";
    }

    @Override
    public HeaderList requestHeaders() {
        return headers;
    }

    @Override
    public boolean isWebSocket() {
        return true;
    }

    @Override
    public InputStream body() {
        return new InputStream() {
            private ByteBuffer rest = ByteBuffer.allocate(0);

            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                try {
                    while (!rest.hasRemaining()) {
                        byte[] next = sent.take();
                        if (next == GONE) {
                            return -1;
                        }
                        rest = ByteBuffer.wrap(next);
                    }
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                int count = Math.min(length, rest.remaining());
                rest.get(into, offset, count);
                return count;
            }
        };
    }

    @Override
    public synchronized OutputStream respond(int answer, HeaderList fields) {
        status = answer;
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (answer == 101) {
                    ByteBuffer copy = ByteBuffer.allocate(length).put(bytes, offset, length);
                    decoder.decode(copy.flip(), TestPage.this);
                }
            }
        };
    }

    @Override
    public synchronized void data(ByteBuffer chunk, boolean first, boolean last) {
        int count = chunk.remaining();
        received += count;
        if (keeps) {
            byte[] bytes = new byte[count];
            chunk.get(bytes);
            output.write(bytes, 0, count);
        }
        if (acknowledges) {
            say("{'type':'ack','bytes':" + count + "}");
        }
        notifyAll();
    }

    @Override
    public synchronized void text(ByteBuffer chunk, boolean first, boolean last) {
        byte[] bytes = new byte[chunk.remaining()];
        chunk.get(bytes);
        text.write(bytes, 0, bytes.length);
        if (last) {
            messages.add(JSON.readTree(text.toByteArray()));
            text.reset();
            notifyAll();
        }
    }

    @Override
    public void ping(ByteBuffer payload) {}

    @Override
    public void pong(ByteBuffer payload) {}

    @Override
    public synchronized void close(int code, String reason) {
        closeCode = code;
        sent.add(GONE);
        notifyAll();
    }
}
