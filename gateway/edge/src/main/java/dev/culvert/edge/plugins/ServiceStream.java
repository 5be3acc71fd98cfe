package dev.culvert.edge.plugins;

import dev.culvert.edge.tunnel.Traffic;
import dev.culvert.plugin.edge.TunnelStream;
import dev.culvert.protocols.websocket.CloseCode;
import dev.culvert.protocols.websocket.FrameDecoder;
import dev.culvert.protocols.websocket.FrameEncoder;
import dev.culvert.protocols.websocket.FrameLimits;
import dev.culvert.protocols.websocket.FrameReceiver;
import dev.culvert.protocols.websocket.Role;
import dev.culvert.transport.served.BlockingStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Bytes over a WebSocket into the tunnel, as client programs open it: masked, at most 16 KiB a message, since
/// the connector may be cloudflared.
///
/// Thread-safe; [#input] and [#output] are for one thread each.
final class ServiceStream implements TunnelStream {
    private final BlockingStream stream;
    private final boolean halfClose;
    private final Traffic traffic;
    private final FrameEncoder encoder =
            FrameEncoder.client(() -> ThreadLocalRandom.current().nextInt());
    private final Input input = new Input();
    private final Output output = new Output();
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong down = new AtomicLong();

    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean answering = new AtomicBoolean();

    // Guarded by encoder.
    private boolean outputEnded;
    private boolean closeSent;

    /// @param traffic of the connection it runs on
    ServiceStream(BlockingStream stream, boolean halfClose, Traffic traffic) {
        this.stream = stream;
        this.halfClose = halfClose;
        this.traffic = traffic;
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public boolean halfClose() {
        return halfClose;
    }

    /// Bytes to the service so far.
    long up() {
        return up.get();
    }

    /// Bytes from the service so far.
    long down() {
        return down.get();
    }

    @Override
    public void endOutput() throws IOException {
        synchronized (encoder) {
            if (outputEnded) {
                return;
            }
            outputEnded = true;
            ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_CONTROL_FRAME);
            if (halfClose) {
                encoder.endOfData(frame);
            } else {
                encoder.close(CloseCode.NORMAL, "", frame);
                closeSent = true;
            }
            send(frame);
        }
    }

    private void send(ByteBuffer frame) throws IOException {
        frame.flip();
        stream.output().write(frame.array(), 0, frame.limit());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            stream.closeSoon();
            // Its last frame may have to wait for room.
            Thread.ofVirtual().name("closing").start(this::sayGoodbye);
        }
    }

    private void sayGoodbye() {
        try {
            synchronized (encoder) {
                ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_CONTROL_FRAME);
                encoder.close(CloseCode.NORMAL, "", frame);
                if (!closeSent) {
                    closeSent = true;
                    outputEnded = true;
                    send(frame);
                }
            }
        } catch (IOException e) {
            // The other side is gone, or did not read.
        } finally {
            stream.close();
        }
    }

    /// Not by the thread that reads: room may come only when it reads on. One at a time, as the next ping
    /// asks again.
    private void answer(ByteBuffer payload) {
        if (!answering.compareAndSet(false, true)) {
            return;
        }
        ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_CONTROL_FRAME);
        encoder.pong(payload, frame);
        Thread.ofVirtual()
                .name("pong")
                .start(() -> {
                    try {
                        synchronized (encoder) {
                            if (!closeSent) {
                                send(frame);
                            }
                        }
                    } catch (IOException e) {
                        // Whoever uses the stream will see.
                    } finally {
                        answering.set(false);
                    }
                });
    }

    private final class Output extends OutputStream {
        private final ByteBuffer frames =
                ByteBuffer.allocate(FrameEncoder.MAX_MESSAGE + FrameEncoder.MAX_HEADER);

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer payload = ByteBuffer.wrap(bytes, offset, length);
            synchronized (encoder) {
                while (payload.hasRemaining()) {
                    if (outputEnded) {
                        throw new IOException("closed");
                    }
                    frames.clear();
                    encoder.binary(payload, frames);
                    send(frames);
                }
            }
            up.addAndGet(length);
            traffic.sent(length);
        }

        @Override
        public void close() throws IOException {
            endOutput();
        }
    }

    private final class Input extends InputStream implements FrameReceiver {
        private final FrameDecoder decoder = new FrameDecoder(Role.CLIENT, FrameLimits.NONE);
        private final byte[] raw = new byte[16 * 1024];
        private final ByteBuffer ready = ByteBuffer.allocate(raw.length).limit(0);
        private boolean ended;

        /// Why it ended, when not in order.
        private @Nullable String why;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0) {
                return 0;
            }
            while (!ready.hasRemaining()) {
                if (ended) {
                    String reason = why;
                    if (reason != null) {
                        throw new IOException(reason);
                    }
                    return -1;
                }
                fill();
            }
            int size = Math.min(length, ready.remaining());
            ready.get(into, offset, size);
            return size;
        }

        private void fill() throws IOException {
            int size = stream.input().read(raw, 0, raw.length);
            if (size < 0) {
                if (!decoder.betweenMessages()) {
                    throw new IOException("the stream was cut");
                }
                ended = true;
                return;
            }
            ready.clear();
            decoder.decode(ByteBuffer.wrap(raw, 0, size), this);
            ready.flip();
            down.addAndGet(ready.remaining());
            traffic.received(ready.remaining());
        }

        @Override
        public void data(ByteBuffer chunk, boolean first, boolean last) {
            if (first && last && !chunk.hasRemaining()) {
                ended |= halfClose;
            } else {
                ready.put(chunk);
            }
        }

        @Override
        public void text(ByteBuffer chunk, boolean first, boolean last) {
            ready.put(chunk);
        }

        @Override
        public void ping(ByteBuffer payload) {
            answer(payload);
        }

        @Override
        public void pong(ByteBuffer payload) {}

        @Override
        public void close(int code, String reason) {
            ended = true;
            if (code != CloseCode.NORMAL && code != CloseCode.NO_STATUS) {
                why = reason.isEmpty() ? "the stream was closed with " + code : reason;
            }
        }
    }
}
