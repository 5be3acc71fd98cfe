package dev.culvert.transport.served;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A stream that virtual threads open and use, blocking. Bounded: at most what the carrier lets its peer
/// send (1 MiB) is received and not read, and at most 256 KiB is written and not sent.
///
/// Thread-safe; [#input] and [#output] are for one thread each.
public final class BlockingStream extends BlockingSide {
    private static final long LINGER_MILLIS = 2_000;

    private final EventLoop loop;
    private final AtomicBoolean isClosing = new AtomicBoolean();
    private final CompletableFuture<StreamResponse> answer = new CompletableFuture<>();

    /// Set before anything else is called on the loop.
    private @Nullable StreamPeer opened;

    private BlockingStream(EventLoop loop) {
        super(loop, false);
        this.loop = loop;
    }

    /// How an opening ended without an answer.
    public static final class NotOpenedException extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient StreamFault fault;

        NotOpenedException(StreamFault fault) {
            super(fault.detail());
            this.fault = fault;
        }

        public StreamFault fault() {
            return fault;
        }
    }

    /// Opens a stream.
    ///
    /// @param loop on which the target is called: best its own
    public static BlockingStream open(StreamTarget target, StreamRequest request, EventLoop loop) {
        BlockingStream stream = new BlockingStream(loop);
        stream.onLoop(() -> stream.opened = target.open(request, stream, loop));
        return stream;
    }

    /// Waits for the head of the answer.
    ///
    /// @throws NotOpenedException when there is none; the stream is over then
    public StreamResponse await(Duration atMost) throws NotOpenedException, InterruptedException {
        try {
            return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            StreamFault late =
                    StreamFault.timedOut("no answer within " + atMost.toSeconds() + " s");
            abandon(late);
            throw new NotOpenedException(late);
        } catch (ExecutionException e) {
            StreamFault fault = fault();
            throw new NotOpenedException(fault == null ? StreamFault.internal("failed") : fault);
        } catch (InterruptedException e) {
            close();
            throw e;
        }
    }

    @Override
    StreamPeer other() {
        if (opened == null) {
            throw new IllegalStateException("not opened yet");
        }
        return opened;
    }

    public InputStream input() {
        return input;
    }

    public OutputStream output() {
        return output;
    }

    /// Reads no more, writes no more: what was written goes out if the other side takes it within two
    /// seconds, and ends itself. Idempotent.
    public void close() {
        closeSoon();
        end();
    }

    /// Reads no more; what is written within two seconds still goes out. To be followed by [#close].
    /// Idempotent.
    public void closeSoon() {
        stopReading();
        if (isClosing.compareAndSet(false, true)) {
            onLoop(() -> loop.schedule(this::cut, LINGER_MILLIS, TimeUnit.MILLISECONDS));
        }
    }

    private void cut() {
        abandon(StreamFault.cancelled("closed"));
    }

    // ---- on the loop

    @Override
    public void response(StreamResponse response, boolean end) {
        if (end) {
            trailers(new HeaderList(0));
        }
        answer.complete(response);
    }

    @Override
    public void reset(StreamFault cause) {
        super.reset(cause);
        answer.completeExceptionally(new IOException(cause.detail()));
    }
}
