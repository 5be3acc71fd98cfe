package dev.culvert.connector.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.protocols.websocket.FrameDecoder;
import dev.culvert.protocols.websocket.FrameEncoder;
import dev.culvert.protocols.websocket.FrameLimits;
import dev.culvert.protocols.websocket.FrameReceiver;
import dev.culvert.protocols.websocket.Role;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.testing.Eventually;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A user of a byte service at the end of a stream: a WebSocket client that gives credit at once, keeps
/// within a window and counts the credit it is given.
///
/// The [StreamPeer] half is confined to `loop`; everything else is the test's thread's.
final class ByteUser implements StreamPeer, FrameReceiver {
    private static final int WINDOW = 256 * 1024;

    private final EventLoop loop;
    private final FrameEncoder encoder = FrameEncoder.client(() -> 0x37fa213d);
    private final FrameDecoder decoder = new FrameDecoder(Role.CLIENT, FrameLimits.NONE);
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private volatile StreamPeer far;
    private volatile StreamResponse response;
    private volatile StreamFault fault;
    private volatile int closeCode;
    private volatile String closeReason = "";
    private volatile boolean dataEnded;
    private volatile boolean ended;
    private volatile long sent;
    private volatile long credited;
    private volatile String breach = "";

    ByteUser(EventLoop loop) {
        this.loop = loop;
    }

    ByteUser open(StreamTarget target, String... headers) throws Exception {
        HeaderList all =
                HeaderList.of(
                        "Sec-WebSocket-Key",
                        "dGhlIHNhbXBsZSBub25jZQ==",
                        "Sec-WebSocket-Protocol",
                        "culvert.stream.v1");
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        StreamRequest request =
                new StreamRequest(StreamKind.WEBSOCKET, "GET", "app.example.com", "/", all, false);
        loop.submit(() -> far = target.open(request, this, loop)).sync();
        return this;
    }

    // ---- what the test does

    ByteUser send(byte[] bytes) throws Exception {
        for (int at = 0; at == 0 || at < bytes.length; at += FrameEncoder.MAX_MESSAGE) {
            int to = Math.min(bytes.length, at + FrameEncoder.MAX_MESSAGE);
            byte[] piece = Arrays.copyOfRange(bytes, at, to);
            ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_HEADER + piece.length);
            encoder.binary(ByteBuffer.wrap(piece), frame);
            byte[] wire = Arrays.copyOf(frame.array(), frame.position());
            Eventually.until(this::toString, () -> sent - credited < WINDOW);
            loop.submit(
                            () -> {
                                sent += wire.length;
                                far.data(Unpooled.copiedBuffer(wire), false);
                            })
                    .sync();
        }
        return this;
    }

    void endData() throws Exception {
        ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_HEADER);
        encoder.endOfData(frame);
        byte[] wire = Arrays.copyOf(frame.array(), frame.position());
        loop.submit(
                        () -> {
                            sent += wire.length;
                            far.data(Unpooled.copiedBuffer(wire), false);
                        })
                .sync();
    }

    void end() throws Exception {
        loop.submit(() -> far.data(Unpooled.EMPTY_BUFFER, true)).sync();
    }

    void reset() throws Exception {
        loop.submit(() -> far.reset(StreamFault.cancelled("the user went away"))).sync();
    }

    // ---- what the test looks at

    StreamResponse awaitResponse() {
        Eventually.until(this::toString, () -> response != null);
        return response;
    }

    byte[] awaitData(int count) {
        Eventually.until(this::toString, () -> size() >= count || ended || fault != null);
        synchronized (data) {
            return data.toByteArray();
        }
    }

    byte[] awaitDataEnd() {
        Eventually.until(this::toString, () -> dataEnded);
        synchronized (data) {
            return data.toByteArray();
        }
    }

    int awaitClose() {
        Eventually.until(this::toString, () -> closeCode != 0 && ended);
        return closeCode;
    }

    String closeReason() {
        return closeReason;
    }

    boolean isAnswered() {
        return response != null || fault != null || ended;
    }

    void awaitAllCredit() {
        Eventually.until(this::toString, () -> credited == sent);
        assertThat(breach).isEmpty();
    }

    private int size() {
        synchronized (data) {
            return data.size();
        }
    }

    @Override
    public String toString() {
        return "response=%s data=%d dataEnded=%s close=%d %s ended=%s fault=%s sent=%d credited=%d %s"
                .formatted(
                        response,
                        size(),
                        dataEnded,
                        closeCode,
                        closeReason,
                        ended,
                        fault,
                        sent,
                        credited,
                        breach);
    }

    // ---- the stream

    private void check(String call, boolean allowed) {
        if (!loop.inEventLoop() || far == null || !allowed) {
            breach += call + " out of place; ";
        }
    }

    @Override
    public void response(StreamResponse answer, boolean end) {
        check("response", response == null && !ended);
        response = answer;
        ended |= end;
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        check("data", response != null && !ended);
        int size = bytes.readableBytes();
        try {
            for (ByteBuffer piece : bytes.nioBuffers()) {
                decoder.decode(piece, this);
            }
        } catch (IOException e) {
            breach += e + "; ";
        }
        bytes.release();
        ended |= end;
        if (size > 0) {
            loop.execute(() -> far.credit(size));
        }
    }

    @Override
    public void trailers(HeaderList trailers) {
        check("trailers", false);
    }

    @Override
    public void reset(StreamFault cause) {
        fault = cause;
    }

    @Override
    public void credit(int bytes) {
        credited += bytes;
        check("credit of " + credited + " for " + sent, credited <= sent);
    }

    // ---- the frames

    @Override
    public void data(ByteBuffer chunk, boolean first, boolean last) {
        if (first && last && !chunk.hasRemaining()) {
            dataEnded = true;
        }
        synchronized (data) {
            while (chunk.hasRemaining()) {
                data.write(chunk.get());
            }
        }
    }

    @Override
    public void text(ByteBuffer chunk, boolean first, boolean last) {
        breach += "text; ";
    }

    @Override
    public void ping(ByteBuffer payload) {}

    @Override
    public void pong(ByteBuffer payload) {}

    @Override
    public void close(int code, String reason) {
        closeReason = reason;
        closeCode = code;
    }
}
