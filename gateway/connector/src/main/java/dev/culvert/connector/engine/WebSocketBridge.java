package dev.culvert.connector.engine;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.protocols.websocket.CloseCode;
import dev.culvert.protocols.websocket.FrameDecoder;
import dev.culvert.protocols.websocket.FrameEncoder;
import dev.culvert.protocols.websocket.FrameException;
import dev.culvert.protocols.websocket.FrameLimits;
import dev.culvert.protocols.websocket.FrameReceiver;
import dev.culvert.protocols.websocket.Opcode;
import dev.culvert.protocols.websocket.Role;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The connector as WebSocket server for a service of plain bytes: frames on the tunnel's side, bytes
/// on the origin's.
///
/// Binary and text messages alike are bytes for the origin, of any length and however fragmented.
/// What the origin sends goes out in binary messages of at most 16 KiB.
///
/// ### End
///
/// With `culvert.stream.v1` an empty binary message ends one direction and the other goes on; a close
/// frame follows when both have ended. Without it, either end ends both, as cloudflared does.
///
/// Once the stream is closed, what the origin still says is thrown away, and its connection is broken
/// after [#LINGER_SECONDS], or up to six times that while it has not taken all of the client's bytes.
///
/// ### Credit
///
/// Frame headers are overhead of ours: on the way in they are credited at once, on the way out the
/// tunnel's credit pays for them first.
///
/// Confined to the stream's event loop.
final class WebSocketBridge implements StreamPeer, FrameReceiver {
    private static final int PING_SECONDS = 54;

    /// What of ours may wait for the tunnel before pings are left unanswered (RFC 6455, section 5.5.3,
    /// asks for an answer to the most recent one only).
    private static final int MAX_OVERHEAD = 32 * 1024;

    /// Messages below this size are joined before they go to the origin.
    private static final int SMALL = 1024;

    private static final int LINGER_SECONDS = 5;
    private static final int MAX_LINGERS = 6;

    private final StreamPeer tunnel;
    private final boolean halfClose;
    private final FrameDecoder decoder = new FrameDecoder(Role.SERVER, FrameLimits.NONE);
    private final FrameEncoder encoder = FrameEncoder.server();
    private final ScheduledFuture<?> pings;
    private final EventLoop loop;
    private @Nullable StreamPeer origin;
    private @Nullable ByteBuf input;
    private @Nullable ByteBuf small;
    private int notTaken;
    private int lingers;
    private boolean tunnelEnded;
    private int overhead;
    private int passedOn;
    private boolean clientEnded;
    private boolean originEnded;
    private boolean closed;

    WebSocketBridge(StreamPeer tunnel, boolean halfClose, EventLoop loop) {
        this.tunnel = tunnel;
        this.halfClose = halfClose;
        this.loop = loop;
        this.pings =
                loop.scheduleAtFixedRate(this::ping, PING_SECONDS, PING_SECONDS, TimeUnit.SECONDS);
    }

    /// Joined before any byte flows.
    void meet(StreamPeer origin) {
        this.origin = origin;
    }

    private StreamPeer origin() {
        StreamPeer known = origin;
        if (known == null) {
            throw new IllegalStateException("bytes before the origin was joined");
        }
        return known;
    }

    // ---- from the tunnel

    @Override
    public void response(StreamResponse response, boolean end) {
        throw new IllegalStateException("the tunnel opens streams, it does not answer them");
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        int size = bytes.readableBytes();
        tunnelEnded |= end;
        if (closed) {
            bytes.release();
            tunnel.credit(size);
            return;
        }
        passedOn = 0;
        ByteBuf plain = bytes;
        if (size > 0 && (bytes.nioBufferCount() != 1 || bytes.isReadOnly())) {
            plain = ByteBufAllocator.DEFAULT.directBuffer(size).writeBytes(bytes);
            bytes.release();
        }
        try {
            input = plain;
            decoder.decode(plain.nioBuffer(), this);
        } catch (FrameException e) {
            closeWith(e.closeCode(), e.getMessage());
            origin().reset(StreamFault.protocol(String.valueOf(e.getMessage())));
        } catch (IOException e) {
            throw new AssertionError("this receiver throws nothing", e);
        } finally {
            passOnSmall();
            input = null;
            plain.release();
        }
        tunnel.credit(size - passedOn);
        if (end && !closed) {
            // The client went without a close frame.
            closed = true;
            pings.cancel(false);
            endClient();
            tunnel.data(Unpooled.EMPTY_BUFFER, true);
            linger();
        }
    }

    @Override
    public void data(ByteBuffer chunk, boolean first, boolean last) {
        if (chunk.hasRemaining()) {
            passOn(chunk);
        } else if (first && last && halfClose) {
            endClient();
            closeWhenBothEnded();
        }
    }

    @Override
    public void text(ByteBuffer chunk, boolean first, boolean last) {
        if (chunk.hasRemaining()) {
            passOn(chunk);
        }
    }

    private void passOn(ByteBuffer chunk) {
        ByteBuf whole = input;
        if (whole == null || clientEnded) {
            return;
        }
        int size = chunk.remaining();
        passedOn += size;
        notTaken += size;
        int at = whole.readerIndex() + chunk.position();
        if (size < SMALL) {
            ByteBuf joined = small;
            if (joined == null) {
                joined = ByteBufAllocator.DEFAULT.directBuffer(Math.max(64, size));
                small = joined;
            }
            joined.writeBytes(whole, at, size);
            return;
        }
        passOnSmall();
        origin().data(whole.retainedSlice(at, size), false);
    }

    private void passOnSmall() {
        ByteBuf joined = small;
        if (joined != null) {
            small = null;
            origin().data(joined, false);
        }
    }

    @Override
    public void ping(ByteBuffer payload) {
        if (overhead > MAX_OVERHEAD) {
            return;
        }
        ByteBuf pong = frame(FrameEncoder.MAX_CONTROL_FRAME);
        ByteBuffer target = pong.nioBuffer(0, pong.capacity());
        encoder.pong(payload, target);
        send(pong.writerIndex(target.position()));
    }

    @Override
    public void pong(ByteBuffer payload) {}

    @Override
    public void close(int code, String reason) {
        passOnSmall();
        closeWith(CloseCode.NORMAL, "");
        endClient();
    }

    private void endClient() {
        if (!clientEnded) {
            passOnSmall();
            clientEnded = true;
            origin().data(Unpooled.EMPTY_BUFFER, true);
        }
    }

    @Override
    public void trailers(HeaderList trailers) {
        data(Unpooled.EMPTY_BUFFER, true);
    }

    @Override
    public void reset(StreamFault fault) {
        closed = true;
        pings.cancel(false);
        if (origin != null) {
            origin().reset(fault);
        }
    }

    /// The tunnel has written bytes of ours.
    @Override
    public void credit(int bytes) {
        int paid = Math.min(bytes, overhead);
        overhead -= paid;
        if (bytes > paid) {
            origin().credit(bytes - paid);
        }
    }

    // ---- to the tunnel

    private void ping() {
        if (!closed) {
            ByteBuf frame = frame(2);
            ByteBuffer target = frame.nioBuffer(0, frame.capacity());
            encoder.ping(ByteBuffer.allocate(0), target);
            send(frame.writerIndex(target.position()));
        }
    }

    private static ByteBuf frame(int capacity) {
        return ByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
    }

    /// Sends bytes that are overhead.
    private void send(ByteBuf bytes) {
        overhead += bytes.readableBytes();
        tunnel.data(bytes, false);
    }

    /// Sends a close frame and ends the stream.
    void closeWith(int code, @Nullable String reason) {
        if (closed) {
            return;
        }
        closed = true;
        pings.cancel(false);
        ByteBuf frame = frame(FrameEncoder.MAX_CONTROL_FRAME);
        ByteBuffer target = frame.nioBuffer(0, frame.capacity());
        encoder.close(code, reason == null ? "" : reason, target);
        frame.writerIndex(target.position());
        overhead += frame.readableBytes();
        tunnel.data(frame, true);
        if (!tunnelEnded) {
            tunnel.reset(StreamFault.notRead());
        }
        linger();
    }

    private void linger() {
        loop.schedule(
                () -> {
                    lingers++;
                    if (notTaken > 0 && lingers < MAX_LINGERS) {
                        linger();
                    } else {
                        origin().reset(StreamFault.timedOut("the origin did not close"));
                    }
                },
                LINGER_SECONDS,
                TimeUnit.SECONDS);
    }

    private void closeWhenBothEnded() {
        if (clientEnded && originEnded) {
            closeWith(CloseCode.NORMAL, "");
        }
    }

    /// What the origin's side talks to.
    StreamPeer fromOrigin() {
        return new FromOrigin();
    }

    private final class FromOrigin implements StreamPeer {
        @Override
        public void response(StreamResponse response, boolean end) {
            throw new IllegalStateException("an origin of bytes gives no head");
        }

        @Override
        public void data(ByteBuf bytes, boolean end) {
            if (closed || originEnded) {
                int size = bytes.readableBytes();
                bytes.release();
                if (size > 0) {
                    loop.execute(() -> origin().credit(size));
                }
                return;
            }
            while (bytes.isReadable()) {
                int size = Math.min(bytes.readableBytes(), FrameEncoder.MAX_MESSAGE);
                ByteBuf header = frame(FrameEncoder.MAX_HEADER);
                ByteBuffer target = header.nioBuffer(0, header.capacity());
                encoder.header(Opcode.BINARY, size, target);
                send(header.writerIndex(target.position()));
                tunnel.data(bytes.readRetainedSlice(size), false);
            }
            bytes.release();
            if (end) {
                originEnded = true;
                if (halfClose) {
                    ByteBuf empty = frame(FrameEncoder.MAX_HEADER);
                    ByteBuffer target = empty.nioBuffer(0, empty.capacity());
                    encoder.endOfData(target);
                    send(empty.writerIndex(target.position()));
                    closeWhenBothEnded();
                } else {
                    closeWith(CloseCode.NORMAL, "");
                    endClient();
                }
            }
        }

        @Override
        public void trailers(HeaderList trailers) {
            data(Unpooled.EMPTY_BUFFER, true);
        }

        @Override
        public void reset(StreamFault fault) {
            clientEnded = true;
            closeWith(
                    CloseCode.INTERNAL_ERROR,
                    "The service broke the connection: " + fault.detail());
        }

        /// The origin has written bytes of the client's.
        @Override
        public void credit(int bytes) {
            notTaken -= bytes;
            tunnel.credit(bytes);
        }
    }
}
