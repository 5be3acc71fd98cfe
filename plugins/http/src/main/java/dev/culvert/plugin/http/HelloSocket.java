package dev.culvert.plugin.http;

import dev.culvert.plugin.HttpExchange;
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

/// One WebSocket of `/ws`: the log goes out as text messages; each message that comes in goes back as
/// it is (at most 64 KiB).
///
/// Two threads: the exchange's reads and echoes, one of its own writes the log. Writing is under the
/// lock of this object, a whole frame at a time. Both end when either does.
final class HelloSocket implements FrameReceiver {
    private static final int MAX_MESSAGE = 64 * 1024;
    private static final long TURN_MILLIS = 500;
    private static final long PING_MILLIS = 30_000;

    private final HttpExchange exchange;
    private final RequestLog.Watcher watcher;
    private final FrameEncoder encoder = FrameEncoder.server();
    private final ByteBuffer message = ByteBuffer.allocate(MAX_MESSAGE);
    private OutputStream out = OutputStream.nullOutputStream();
    private boolean closeSent;
    private volatile boolean ended;

    HelloSocket(HttpExchange exchange, RequestLog.Watcher watcher) {
        this.exchange = exchange;
        this.watcher = watcher;
    }

    void run() throws IOException, InterruptedException {
        String key = exchange.requestHeaders().first("Sec-WebSocket-Key");
        HeaderList headers = new HeaderList(4);
        if (key != null) {
            headers.add("Sec-WebSocket-Accept", Handshake.accept(key));
        }
        out = exchange.respond(101, headers);
        Thread writer = Thread.ofVirtual().name("hello-log").start(this::writeLog);
        try {
            readFrames(exchange.body());
        } finally {
            ended = true;
            writer.interrupt();
            writer.join();
            out.close();
        }
    }

    private void readFrames(InputStream in) throws IOException {
        FrameDecoder decoder =
                new FrameDecoder(Role.SERVER, new FrameLimits(MAX_MESSAGE, MAX_MESSAGE));
        byte[] bytes = new byte[16 * 1024];
        try {
            int read = in.read(bytes);
            while (read >= 0 && !ended) {
                decoder.decode(ByteBuffer.wrap(bytes, 0, read), this);
                read = decoder.closed() ? -1 : in.read(bytes);
            }
        } catch (FrameException e) {
            sendClose(e.closeCode(), "");
        }
    }

    private void writeLog() {
        try {
            long quiet = 0;
            while (!ended && !watcher.ended()) {
                String entry = watcher.next(TURN_MILLIS);
                quiet = entry == null ? quiet + TURN_MILLIS : 0;
                if (entry != null) {
                    byte[] text = entry.getBytes(StandardCharsets.UTF_8);
                    send(Opcode.TEXT, ByteBuffer.wrap(text));
                } else if (quiet >= PING_MILLIS) {
                    send(Opcode.PING, ByteBuffer.allocate(0));
                    quiet = 0;
                }
            }
            if (!ended) {
                sendClose(CloseCode.GOING_AWAY, "the connector stops");
            }
        } catch (IOException e) {
            // The client is gone; its reading side ends as well.
            ended = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void send(int opcode, ByteBuffer payload) throws IOException {
        if (closeSent) {
            return;
        }
        int length = payload.remaining();
        ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_HEADER + length);
        int _ = encoder.header(opcode, length, frame);
        frame.put(payload);
        out.write(frame.array(), 0, frame.position());
        out.flush();
    }

    private synchronized void sendClose(int code, String reason) throws IOException {
        if (!closeSent) {
            ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_CONTROL_FRAME);
            encoder.close(code, reason, frame);
            out.write(frame.array(), 0, frame.position());
            out.flush();
            closeSent = true;
        }
    }

    @Override
    public void data(ByteBuffer chunk, boolean first, boolean last) throws IOException {
        echo(Opcode.BINARY, chunk, first, last);
    }

    @Override
    public void text(ByteBuffer chunk, boolean first, boolean last) throws IOException {
        echo(Opcode.TEXT, chunk, first, last);
    }

    private void echo(int opcode, ByteBuffer chunk, boolean first, boolean last)
            throws IOException {
        if (first) {
            message.clear();
        }
        message.put(chunk);
        if (last) {
            send(opcode, message.flip());
            message.clear();
        }
    }

    @Override
    public void ping(ByteBuffer payload) throws IOException {
        send(Opcode.PONG, payload);
    }

    @Override
    public void pong(ByteBuffer payload) {}

    @Override
    public void close(int code, String reason) throws IOException {
        sendClose(code == CloseCode.NO_STATUS ? CloseCode.NO_STATUS : CloseCode.NORMAL, "");
    }
}
