package dev.culvert.transport.testing;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A stream's side in the hands of a test: notes what it is told and every breach of the order of
/// calls, reads or withholds credit, and sends a known pattern of bytes within a limit.
///
/// The [StreamPeer] half is confined to `loop`; everything else is thread-safe.
public final class Side implements StreamPeer {
    /// Most bytes sent beyond the credit given.
    public static final int LIMIT = 256 * 1024;

    private static final int KEPT = 64 * 1024;

    private final EventLoop loop;
    private final List<String> breaches = new CopyOnWriteArrayList<>();
    private final List<StreamFault> faults = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private volatile @Nullable StreamPeer far;
    private volatile @Nullable StreamRequest request;
    private volatile @Nullable StreamResponse response;
    private volatile @Nullable HeaderList trailers;
    private final List<StreamResponse> interim = new CopyOnWriteArrayList<>();
    private volatile boolean ended;
    private volatile long received;
    private volatile boolean patternBroken;
    private volatile boolean reading = true;
    private int withheld;
    private volatile long sent;
    private volatile long credited;
    private int limit = LIMIT;
    private long toSend;
    private int piece;
    private boolean endAfter;

    public Side(EventLoop loop) {
        this.loop = loop;
    }

    /// The byte at an offset of the pattern.
    public static byte pattern(long offset) {
        return (byte) (offset ^ (offset >>> 8) ^ (offset >>> 16));
    }

    public Side meet(StreamPeer peer) {
        far = peer;
        return this;
    }

    public Side of(StreamRequest opened) {
        request = opened;
        return this;
    }

    public Side notReading() {
        reading = false;
        return this;
    }

    public Side limit(int bytes) {
        limit = bytes;
        return this;
    }

    // ---- what a test does

    public void onLoop(Runnable action) {
        loop.execute(action);
    }

    private StreamPeer far() {
        StreamPeer peer = far;
        if (peer == null) {
            throw new IllegalStateException("not yet met");
        }
        return peer;
    }

    public void respond(int status, HeaderList headers, boolean end) {
        onLoop(() -> far().response(StreamResponse.of(status, headers), end));
    }

    public void respond(StreamResponse answer, boolean end) {
        onLoop(() -> far().response(answer, end));
    }

    public void inform(int status, HeaderList headers) {
        onLoop(() -> far().informational(StreamResponse.of(status, headers)));
    }

    public void send(String text, boolean end) {
        onLoop(() -> {
            ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
            sent += bytes.readableBytes();
            far().data(bytes, end);
        });
    }

    /// Sends these bytes.
    public void sendBytes(int... values) {
        byte[] content = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            content[i] = (byte) values[i];
        }
        onLoop(() -> {
            sent += content.length;
            far().data(Unpooled.wrappedBuffer(content), false);
        });
    }

    /// Sends `total` bytes of the pattern as credit allows.
    public void sendPattern(long total, int pieceBytes, boolean end) {
        onLoop(() -> {
            toSend = total;
            piece = pieceBytes;
            endAfter = end;
            if (total == 0 && end) {
                far().data(Unpooled.EMPTY_BUFFER, true);
            }
            pump();
        });
    }

    private void pump() {
        while (sent < toSend && sent - credited < limit) {
            int size = (int) Math.min(piece, toSend - sent);
            byte[] content = new byte[size];
            for (int i = 0; i < size; i++) {
                content[i] = pattern(sent + i);
            }
            ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer(size, size).writeBytes(content);
            sent += size;
            far().data(bytes, endAfter && sent == toSend);
        }
    }

    public void sendTrailers(HeaderList fields) {
        onLoop(() -> far().trailers(fields));
    }

    public void sendReset(StreamFault fault) {
        onLoop(() -> far().reset(fault));
    }

    /// Reads again, what was withheld included.
    public void resume() {
        onLoop(() -> {
            reading = true;
            int bytes = withheld;
            withheld = 0;
            if (bytes > 0) {
                far().credit(bytes);
            }
        });
    }

    // ---- what a test looks at

    public StreamRequest request() {
        StreamRequest opened = request;
        if (opened == null) {
            throw new AssertionError("no request");
        }
        return opened;
    }

    public StreamResponse awaitResponse() {
        Eventually.until(() -> "a response; " + this, () -> response != null);
        StreamResponse answer = response;
        if (answer == null) {
            throw new AssertionError();
        }
        return answer;
    }

    /// Interim answers so far.
    public List<StreamResponse> interim() {
        return interim;
    }

    public void awaitInterim(int count) {
        Eventually.until(() -> count + " interim answers; " + this, () -> interim.size() >= count);
    }

    public boolean hasResponse() {
        return response != null;
    }

    public void awaitReceived(long bytes) {
        Eventually.until(() -> bytes + " bytes; " + this, () -> received >= bytes);
    }

    public void awaitEnd() {
        Eventually.until(() -> "the end; " + this, () -> ended);
    }

    public void awaitCredited(long bytes) {
        Eventually.until(() -> bytes + " credited; " + this, () -> credited >= bytes);
    }

    public StreamFault awaitFault() {
        Eventually.until(() -> "a reset; " + this, () -> !faults.isEmpty());
        return faults.getFirst();
    }

    public List<StreamFault> faults() {
        return new ArrayList<>(faults);
    }

    public List<String> breaches() {
        return new ArrayList<>(breaches);
    }

    public long received() {
        return received;
    }

    public long sent() {
        return sent;
    }

    public long credited() {
        return credited;
    }

    public boolean ended() {
        return ended;
    }

    public boolean patternBroken() {
        return patternBroken;
    }

    public @Nullable HeaderList trailers() {
        return trailers;
    }

    /// The first 64 KiB received, as text.
    public String text() {
        synchronized (head) {
            return head.toString(StandardCharsets.UTF_8);
        }
    }

    @Override
    public String toString() {
        return "received="
                + received
                + " ended="
                + ended
                + " sent="
                + sent
                + " credited="
                + credited
                + " response="
                + response
                + " faults="
                + faults
                + " breaches="
                + breaches;
    }

    // ---- what the stream tells

    private void check(String call, boolean allowed) {
        if (!loop.inEventLoop()) {
            breaches.add(call + " on " + Thread.currentThread().getName());
        }
        if (!allowed) {
            breaches.add(call + " after its end");
        }
        if (far == null) {
            breaches.add(call + " before the stream was opened");
        }
    }

    @Override
    public void informational(StreamResponse answer) {
        check("informational", response == null && !ended && faults.isEmpty());
        interim.add(answer);
    }

    @Override
    public void response(StreamResponse answer, boolean end) {
        check("response", response == null && received == 0 && !ended && faults.isEmpty());
        response = answer;
        ended |= end;
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        check("data", !ended && faults.isEmpty());
        int size = bytes.readableBytes();
        byte[] content = new byte[size];
        bytes.readBytes(content);
        long at = received;
        for (int i = 0; i < size; i++) {
            if (content[i] != pattern(at + i)) {
                patternBroken = true;
                break;
            }
        }
        synchronized (head) {
            head.write(content, 0, Math.min(size, KEPT - head.size()));
        }
        received += size;
        bytes.release();
        if (size > 0) {
            if (reading) {
                far().credit(size);
            } else {
                withheld += size;
            }
        }
        ended |= end;
    }

    @Override
    public void trailers(HeaderList fields) {
        check("trailers", !ended && faults.isEmpty());
        trailers = fields;
        ended = true;
    }

    @Override
    public void reset(StreamFault fault) {
        check("reset", faults.isEmpty());
        faults.add(fault);
    }

    @Override
    public void credit(int bytes) {
        check("credit", true);
        credited += bytes;
        if (credited > sent) {
            breaches.add("credit for " + credited + " of " + sent + " bytes");
        }
        if (faults.isEmpty()) {
            pump();
        }
    }
}
