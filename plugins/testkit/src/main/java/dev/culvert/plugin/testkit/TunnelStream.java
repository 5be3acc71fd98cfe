package dev.culvert.plugin.testkit;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The caller's side of one stream, played by the test as the edge would: it keeps to the window, and it
/// holds the other side to the order of calls that [StreamPeer] states.
///
/// Thread-safe: the [StreamPeer] half runs on the stream's loop, the rest blocks the test's thread.
final class TunnelStream {
    /// Most bytes handed over without credit, as an HTTP/2 stream has it.
    static final int WINDOW = 1024 * 1024;

    private static final int PIECE = 16 * 1024;

    private final EventLoop loop;
    private final Side side = new Side();
    private final List<String> violations = new ArrayList<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private @Nullable StreamPeer target;
    private final List<StreamResponse> interims = new ArrayList<>();
    private @Nullable StreamResponse response;
    private @Nullable HeaderList trailers;
    private @Nullable StreamFault fault;
    private boolean ended;
    private boolean withholding;
    private int owed;
    private long handedOver;
    private long credited;

    TunnelStream(EventLoop loop) {
        this.loop = loop;
    }

    void open(StreamTarget to, StreamRequest request) {
        onLoop(() -> {
            StreamPeer opened = to.open(request, side, loop);
            synchronized (this) {
                target = opened;
            }
        });
    }

    private void onLoop(Runnable action) {
        loop.submit(action).syncUninterruptibly();
    }

    private synchronized StreamPeer target() {
        StreamPeer known = target;
        if (known == null) {
            throw new AssertionError("not opened");
        }
        return known;
    }

    // ---- what the test does

    /// Hands over bytes as far as the window allows, then waits for credit.
    void send(byte[] bytes) {
        int sent = sendUntilStopped(bytes, Deadline.PATIENCE);
        if (sent < bytes.length) {
            throw new AssertionError("credit for " + sent + " of " + bytes.length + " bytes");
        }
    }

    /// Hands over bytes until no credit has come for a while.
    int sendUntilStopped(byte[] bytes) {
        return sendUntilStopped(bytes, Deadline.QUIET);
    }

    private int sendUntilStopped(byte[] bytes, java.time.Duration patience) {
        int at = 0;
        while (at < bytes.length) {
            int size = Math.min(PIECE, bytes.length - at);
            if (!Deadline.within(patience, () -> unacknowledged() + size <= WINDOW)) {
                return at;
            }
            hand(Arrays.copyOfRange(bytes, at, at + size), false);
            at += size;
        }
        return at;
    }

    private void hand(byte[] bytes, boolean end) {
        synchronized (this) {
            handedOver += bytes.length;
        }
        ByteBuf buffer =
                bytes.length == 0
                        ? Unpooled.EMPTY_BUFFER
                        : ByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
        onLoop(() -> target().data(buffer, end));
    }

    void end() {
        hand(new byte[0], true);
    }

    void sendTrailers(HeaderList fields) {
        onLoop(() -> target().trailers(fields));
    }

    void reset() {
        onLoop(() -> target().reset(StreamFault.cancelled("the user went away")));
    }

    /// From here on bytes are taken, but nobody reads them.
    synchronized void stopReading() {
        withholding = true;
    }

    void readAgain() {
        int count;
        synchronized (this) {
            withholding = false;
            count = owed;
            owed = 0;
        }
        onLoop(() -> target().credit(count));
    }

    /// Bytes handed over that no credit came for.
    synchronized long unacknowledged() {
        return handedOver - credited;
    }

    void awaitAllCredit() {
        Deadline.await("credit for everything handed over", () -> unacknowledged() == 0);
    }

    // ---- what the test sees

    StreamResponse awaitResponse() {
        return await("a response", () -> response);
    }

    /// The interim answers, after so many at least are there.
    List<StreamResponse> awaitInterims(int count) {
        Deadline.await(
                count + " interim answers",
                () -> {
                    synchronized (this) {
                        return interims.size() >= count;
                    }
                });
        synchronized (this) {
            return List.copyOf(interims);
        }
    }

    StreamFault awaitFault() {
        return await("a reset", () -> fault);
    }

    HeaderList awaitTrailers() {
        return await("trailers", () -> trailers);
    }

    private <T> T await(String what, Supplier<@Nullable T> value) {
        Deadline.await(
                what + describe(),
                () -> {
                    synchronized (this) {
                        return value.get() != null;
                    }
                });
        synchronized (this) {
            T known = value.get();
            if (known == null) {
                throw new AssertionError(what);
            }
            return known;
        }
    }

    private synchronized String describe() {
        return " (response " + response + ", fault " + fault + ", ended " + ended + ")";
    }

    /// Everything that came, after so many bytes at least are there.
    byte[] awaitBytes(int count) {
        Deadline.await(count + " bytes at the caller", () -> receivedCount() >= count);
        return bytes();
    }

    /// Everything that came, after the proper end.
    byte[] awaitEnd() {
        Deadline.await("the end at the caller", this::isOver);
        synchronized (this) {
            if (!ended) {
                throw new AssertionError("reset instead of an end: " + fault);
            }
        }
        return bytes();
    }

    /// Ended or reset.
    synchronized boolean isOver() {
        return ended || fault != null;
    }

    synchronized int receivedCount() {
        return received.size();
    }

    synchronized byte[] bytes() {
        return received.toByteArray();
    }

    /// Ends the stream, whatever its state, as a caller that is done with it does.
    void abandon() {
        synchronized (this) {
            if (target == null) {
                return;
            }
        }
        reset();
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /// What the engine talks to.
    private final class Side implements StreamPeer {
        private void check(String call, boolean needsResponse) {
            if (!loop.inEventLoop()) {
                violations.add(call + " called off the loop");
            }
            if (target == null) {
                violations.add(call + " called before the stream was opened");
            }
            if (needsResponse && response == null) {
                violations.add(call + " before the response");
            }
            if (ended) {
                violations.add(call + " after the end");
            }
        }

        @Override
        public void informational(StreamResponse interim) {
            synchronized (TunnelStream.this) {
                check("informational", false);
                if (response != null) {
                    violations.add("an interim answer after the response");
                }
                interims.add(interim);
            }
        }

        @Override
        public void response(StreamResponse head, boolean end) {
            synchronized (TunnelStream.this) {
                check("response", false);
                if (response != null) {
                    violations.add("a second response");
                }
                response = head;
                ended = end;
            }
        }

        @Override
        public void data(ByteBuf bytes, boolean end) {
            int size = bytes.readableBytes();
            boolean pay;
            synchronized (TunnelStream.this) {
                check("data", true);
                if (fault == null) {
                    received.writeBytes(ByteBufUtil.getBytes(bytes));
                    ended |= end;
                }
                pay = !withholding && size > 0;
                owed += withholding ? size : 0;
            }
            bytes.release();
            if (pay) {
                // Never from within: a socket's write completes later, too.
                loop.execute(() -> target().credit(size));
            }
        }

        @Override
        public void trailers(HeaderList fields) {
            synchronized (TunnelStream.this) {
                check("trailers", true);
                trailers = fields;
                ended = true;
            }
        }

        @Override
        public void reset(StreamFault cause) {
            synchronized (TunnelStream.this) {
                if (target == null) {
                    violations.add("reset called before the stream was opened");
                }
                if (fault == null) {
                    fault = cause;
                }
            }
        }

        @Override
        public void credit(int bytes) {
            synchronized (TunnelStream.this) {
                credited += bytes;
                if (credited > handedOver) {
                    violations.add("credit for " + (credited - handedOver) + " bytes too many");
                }
                if (bytes < 0) {
                    violations.add("negative credit: " + bytes);
                }
            }
        }
    }
}
