package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.websocket.FrameDecoder;
import dev.culvert.protocols.websocket.FrameEncoder;
import dev.culvert.protocols.websocket.FrameLimits;
import dev.culvert.protocols.websocket.FrameReceiver;
import dev.culvert.protocols.websocket.Opcode;
import dev.culvert.protocols.websocket.Role;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.guacamole.protocol.GuacamoleInstruction;

/// A page at the other end of a session's WebSocket, written by hand: it answers frames, and does what it is told
/// whatever buttons it should have.
final class TestPage implements HttpExchange, FrameReceiver, Closeable {
    private static final long SECONDS = Running.SECONDS;

    final CompletableFuture<String> drive = new CompletableFuture<>();

    /// All but blobs, which are in [#streams].
    final List<GuacamoleInstruction> heard = new ArrayList<>();

    final Map<String, ByteArrayOutputStream> streams = new HashMap<>();
    volatile int closeCode;
    volatile String closeReason = "";
    volatile boolean answersFrames = true;
    private final Socket page;
    private final Socket edge;
    private final FrameDecoder decoder = new FrameDecoder(Role.CLIENT, FrameLimits.NONE);
    private final FrameEncoder encoder = FrameEncoder.client(() -> 0x12345678);
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final Semaphore acks = new Semaphore(0);
    private final CountDownLatch over = new CountDownLatch(1);
    private HeaderList answered = new HeaderList(0);

    TestPage() throws IOException {
        try (ServerSocket meeting = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            page = new Socket(InetAddress.getLoopbackAddress(), meeting.getLocalPort());
            edge = meeting.accept();
        }
        page.setTcpNoDelay(true);
        edge.setTcpNoDelay(true);
        Thread.ofVirtual().name("page").start(this::listen);
    }

    // ---- the user's side

    void say(String opcode, Object... arguments) throws IOException {
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        sayText(new GuacamoleInstruction(opcode, words).toString());
    }

    synchronized void sayText(String message) throws IOException {
        byte[] payload = message.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_HEADER + payload.length);
        int key = encoder.header(Opcode.TEXT, payload.length, frame);
        int start = frame.position();
        frame.put(payload);
        int end = frame.position();
        frame.position(start).limit(end);
        encoder.mask(frame, key, 0);
        page.getOutputStream().write(frame.array(), 0, end);
    }

    /// Keys for characters of ASCII; a line's end is Return.
    void type(String typed) throws IOException {
        for (char c : typed.toCharArray()) {
            int keysym = c == '\n' ? 0xFF0D : c;
            say("key", keysym, 1);
            say("key", keysym, 0);
        }
    }

    /// Sends a stream as guacamole-common-js does: the next blob when the last was acknowledged.
    void send(int index, byte[] bytes, String opcode, Object... arguments)
            throws IOException, InterruptedException {
        acks.drainPermits();
        say(opcode, arguments);
        boolean waits = !opcode.equals("clipboard");
        for (int at = 0; at < bytes.length; at += 6048) {
            if (waits && !acks.tryAcquire(SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("no ack of " + opcode + " at " + at);
            }
            int length = Math.min(6048, bytes.length - at);
            ByteBuffer piece = Base64.getEncoder().encode(ByteBuffer.wrap(bytes, at, length));
            say("blob", index, StandardCharsets.US_ASCII.decode(piece));
        }
        say("end", index);
    }

    /// The first instruction like that, which may have come already.
    GuacamoleInstruction await(String what, Predicate<GuacamoleInstruction> wanted)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        synchronized (heard) {
            while (true) {
                for (GuacamoleInstruction said : heard) {
                    if (wanted.test(said)) {
                        return said;
                    }
                }
                long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (millis <= 0 || over.getCount() == 0) {
                    throw new AssertionError(
                            "no " + what + "; " + closeCode + " " + closeReason + " " + words());
                }
                heard.wait(Math.min(millis, 200));
            }
        }
    }

    GuacamoleInstruction await(String opcode) throws InterruptedException {
        return await(opcode, said -> said.getOpcode().equals(opcode));
    }

    /// The bytes of a stream that has ended, opened by such an instruction.
    byte[] received(String opcode) throws InterruptedException {
        GuacamoleInstruction opened = await(opcode);
        String index = opened.getArgs().get(opcode.equals("body") ? 1 : 0);
        await(
                "end of " + opcode,
                said -> said.getOpcode().equals("end") && said.getArgs().getFirst().equals(index));
        synchronized (heard) {
            return streams.get(index).toByteArray();
        }
    }

    /// Of every stream that is known.
    String allReceived() {
        StringBuilder all = new StringBuilder();
        synchronized (heard) {
            streams.values().forEach(bytes -> all.append(bytes.toString(StandardCharsets.UTF_8)));
        }
        return all.toString();
    }

    void forget() {
        synchronized (heard) {
            heard.clear();
            streams.clear();
        }
    }

    boolean hasHeard(String opcode) {
        return hasHeard(said -> said.getOpcode().equals(opcode));
    }

    boolean hasHeard(Predicate<GuacamoleInstruction> wanted) {
        synchronized (heard) {
            return heard.stream().anyMatch(wanted);
        }
    }

    private String words() {
        return heard.stream()
                .filter(said ->
                        !List.of(
                                        "img",
                                        "blob",
                                        "end",
                                        "sync",
                                        "rect",
                                        "copy",
                                        "cfill",
                                        "move",
                                        "dispose",
                                        "size",
                                        "transfer",
                                        "nop")
                                .contains(said.getOpcode()))
                .map(Object::toString)
                .toList()
                .toString();
    }

    /// Waits for the end of the WebSocket.
    int awaitClose() throws InterruptedException {
        if (!over.await(SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it goes on");
        }
        return closeCode;
    }

    /// As when the tab is closed.
    @Override
    public void close() throws IOException {
        page.close();
    }

    // ---- what comes

    private void listen() {
        try {
            InputStream in = page.getInputStream();
            byte[] bytes = new byte[16 * 1024];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                decoder.decode(ByteBuffer.wrap(bytes, 0, count), this);
            }
        } catch (IOException e) {
            closeReason = closeCode == 0 ? e.toString() : closeReason;
        } finally {
            over.countDown();
            synchronized (heard) {
                heard.notifyAll();
            }
        }
    }

    @Override
    public void text(ByteBuffer chunk, boolean first, boolean last) throws IOException {
        while (chunk.hasRemaining()) {
            text.write(chunk.get());
        }
        if (!last) {
            return;
        }
        CharBuffer chars = CharBuffer.wrap(text.toString(StandardCharsets.UTF_8));
        text.reset();
        try {
            while (chars.hasRemaining()) {
                GuacamoleInstruction said = InstructionParser.OF_GUACD.parse(chars);
                if (said == null) {
                    throw new AssertionError("a message is cut: " + chars);
                }
                hear(said);
            }
        } catch (ProtocolException e) {
            throw new AssertionError(e);
        }
    }

    private void hear(GuacamoleInstruction said) throws IOException {
        List<String> arguments = said.getArgs();
        synchronized (heard) {
            if (!said.getOpcode().equals("blob")) {
                heard.add(said);
            }
            switch (said.getOpcode()) {
                case "clipboard", "file", "img", "audio" ->
                        streams.put(arguments.getFirst(), new ByteArrayOutputStream());
                case "filesystem" -> drive.complete(arguments.getFirst());
                case "body" -> streams.put(arguments.get(1), new ByteArrayOutputStream());
                case "blob" ->
                        streams.get(arguments.getFirst())
                                .writeBytes(Base64.getDecoder().decode(arguments.get(1)));
                default -> {}
            }
            heard.notifyAll();
        }
        switch (said.getOpcode()) {
            case "sync" -> {
                if (answersFrames) {
                    say("sync", arguments.getFirst());
                }
            }
            case "file" -> say("ack", arguments.getFirst(), "OK", 0);
            case "body" -> say("ack", arguments.get(1), "OK", 0);
            case "blob" -> say("ack", arguments.getFirst(), "OK", 0);
            case "ack" -> acks.release();
            default -> {}
        }
    }

    @Override
    public void data(ByteBuffer chunk, boolean first, boolean last) {
        throw new AssertionError("a binary message");
    }

    @Override
    public void ping(ByteBuffer payload) {}

    @Override
    public void pong(ByteBuffer payload) {}

    @Override
    public void close(int code, String reason) throws IOException {
        closeCode = code;
        closeReason = reason;
        page.shutdownOutput();
        over.countDown();
    }

    // ---- the edge's side

    HeaderList answered() {
        return answered;
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String path() {
        return "/.culvert/desktop/sessions/ticket/guacd";
    }

    @Override
    public String authority() {
        return "office.example.com";
    }

    @Override
    public HeaderList requestHeaders() {
        return HeaderList.of(
                "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Protocol", "guacamole");
    }

    @Override
    public InputStream body() {
        try {
            return edge.getInputStream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public OutputStream respond(int status, HeaderList headers) throws IOException {
        if (status != 101) {
            throw new AssertionError("answered " + status);
        }
        answered = headers;
        return new FilterOutputStream(edge.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            /// A stream of a tunnel ends one way, too: closed whole, the socket would drop what is on its way.
            @Override
            public void close() throws IOException {
                if (!edge.isOutputShutdown()) {
                    edge.shutdownOutput();
                }
            }
        };
    }

    @Override
    public boolean isWebSocket() {
        return true;
    }
}
