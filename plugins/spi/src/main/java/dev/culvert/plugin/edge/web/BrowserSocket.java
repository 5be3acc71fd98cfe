package dev.culvert.plugin.edge.web;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.websocket.CloseCode;
import dev.culvert.protocols.websocket.FrameDecoder;
import dev.culvert.protocols.websocket.FrameEncoder;
import dev.culvert.protocols.websocket.FrameException;
import dev.culvert.protocols.websocket.FrameLimits;
import dev.culvert.protocols.websocket.FrameReceiver;
import dev.culvert.protocols.websocket.Handshake;
import dev.culvert.protocols.websocket.Opcode;
import dev.culvert.protocols.websocket.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The WebSocket of a page. The exchange's thread reads; any may write, a whole frame at a time.
///
/// Thread-safe, apart from [#read].
public final class BrowserSocket {
    /// Who sent nothing for that long, though pinged, is gone.
    public static final Duration SILENCE = Duration.ofSeconds(65);

    /// Most bytes of a text message.
    public static final int MAX_TEXT = 64 * 1024;

    private static final int MAX_BINARY = 1024 * 1024;

    private final HttpExchange exchange;
    private final Receiver receiver;
    private final FrameEncoder encoder = FrameEncoder.server();
    private final ReentrantLock writing = new ReentrantLock();
    private final byte[] text = new byte[MAX_TEXT];
    private int textLength;
    private OutputStream out = OutputStream.nullOutputStream();
    private boolean closeSent;
    private volatile long heard = System.nanoTime();

    /// Gets what the page says, on the reading thread.
    public interface Receiver {
        /// A whole text message.
        ///
        /// @param bytes UTF-8, valid during the call, overwritten after it
        /// @throws ProtocolException when it is not of the contract: ends the WebSocket with that text
        void text(byte[] bytes) throws IOException, ProtocolException;

        /// Some bytes of binary messages, whose borders mean nothing.
        ///
        /// @param bytes valid during the call
        void binary(ByteBuffer bytes) throws IOException;
    }

    /// What the page sent is not of the contract, or not at that moment. Ends the WebSocket.
    public static final class BadMessage extends IOException {
        private static final long serialVersionUID = 1L;

        private final String problem;

        public BadMessage(String problem) {
            super(problem);
            this.problem = problem;
        }
    }

    public BrowserSocket(HttpExchange exchange, Receiver receiver) {
        this.exchange = exchange;
        this.receiver = receiver;
    }

    /// Accepts it; nothing is written before.
    public void accept() throws IOException {
        accept(null);
    }

    /// @param subprotocol that is chosen, of those the page offered; null for none
    public void accept(@Nullable String subprotocol) throws IOException {
        String key = exchange.requestHeaders().first("Sec-WebSocket-Key");
        HeaderList headers = new HeaderList(4);
        if (key != null) {
            headers.add("Sec-WebSocket-Accept", Handshake.accept(key));
        }
        if (subprotocol != null) {
            headers.add("Sec-WebSocket-Protocol", subprotocol);
        }
        out = exchange.respond(101, headers);
    }

    /// Reads until the page closes it or goes away.
    public void read() throws IOException {
        FrameDecoder decoder =
                new FrameDecoder(Role.SERVER, new FrameLimits(MAX_BINARY, MAX_BINARY));
        byte[] bytes = new byte[16 * 1024];
        InputStream in = exchange.body();
        FrameReceiver frames = new Frames();
        try {
            int count = in.read(bytes);
            while (count >= 0) {
                heard = System.nanoTime();
                decoder.decode(ByteBuffer.wrap(bytes, 0, count), frames);
                count = decoder.closed() ? -1 : in.read(bytes);
            }
        } catch (FrameException e) {
            close(e.closeCode(), "");
        } catch (BadMessage e) {
            close(CloseCode.UNSUPPORTED_DATA, e.problem);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            Arrays.fill(text, (byte) 0);
        }
    }

    public boolean isSilent() {
        return System.nanoTime() - heard > SILENCE.toNanos();
    }

    public void text(String message) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        frame(Opcode.TEXT, bytes, bytes.length);
    }

    public void binary(byte[] bytes, int length) throws IOException {
        frame(Opcode.BINARY, bytes, length);
    }

    private void frame(int opcode, byte[] bytes, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_HEADER + length);
        int _ = encoder.header(opcode, length, frame);
        frame.put(bytes, 0, length);
        send(frame);
    }

    /// Unless something is being written, which says as much.
    public void ping() throws IOException {
        if (writing.tryLock()) {
            try {
                ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_CONTROL_FRAME);
                encoder.ping(ByteBuffer.allocate(0), frame);
                send(frame);
            } finally {
                writing.unlock();
            }
        }
    }

    private void send(ByteBuffer frame) throws IOException {
        writing.lock();
        try {
            if (!closeSent) {
                out.write(frame.array(), 0, frame.position());
                out.flush();
            }
        } finally {
            writing.unlock();
        }
    }

    /// Says why it ends; nothing is written after. Idempotent.
    public void close(int code, String reason) throws IOException {
        writing.lock();
        try {
            ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_CONTROL_FRAME);
            encoder.close(code, reason, frame);
            send(frame);
            closeSent = true;
        } finally {
            writing.unlock();
        }
    }

    /// Does not wait for the page to close it too.
    public void end() throws IOException {
        out.close();
    }

    private final class Frames implements FrameReceiver {
        @Override
        public void data(ByteBuffer chunk, boolean first, boolean last) throws IOException {
            receiver.binary(chunk);
        }

        @Override
        public void text(ByteBuffer chunk, boolean first, boolean last) throws IOException {
            textLength = first ? 0 : textLength;
            int length = chunk.remaining();
            if (length > text.length - textLength) {
                throw new BadMessage("message: longer (expected: at most " + MAX_TEXT + " bytes)");
            }
            chunk.get(text, textLength, length);
            textLength += length;
            if (last) {
                wholeText();
            }
        }

        private void wholeText() throws IOException {
            byte[] json = Arrays.copyOf(text, textLength);
            Arrays.fill(text, 0, textLength, (byte) 0);
            try {
                receiver.text(json);
            } catch (ProtocolException e) {
                throw new BadMessage(String.valueOf(e.getMessage()));
            } finally {
                Arrays.fill(json, (byte) 0);
            }
        }

        @Override
        public void ping(ByteBuffer payload) throws IOException {
            ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_CONTROL_FRAME);
            encoder.pong(payload, frame);
            send(frame);
        }

        @Override
        public void pong(ByteBuffer payload) {}

        @Override
        public void close(int code, String reason) throws IOException {
            BrowserSocket.this.close(CloseCode.NORMAL, "");
        }
    }
}
