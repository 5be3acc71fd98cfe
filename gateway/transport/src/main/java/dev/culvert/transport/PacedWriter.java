package dev.culvert.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Writes bytes to a channel and says when they have been written. At most [#MAX_PIECES] writes are
/// under way; what comes meanwhile waits in a [ByteQueue], which joins small pieces: a peer that sends
/// one byte at a time to a socket nobody reads makes us hold bytes, not a million writes.
///
/// Confined to its channel's event loop.
public final class PacedWriter {
    static final int MAX_PIECES = 64;

    private final Channel channel;
    private final TurnFlush flush;
    private final Function<ByteBuf, Object> message;
    private final IntConsumer written;
    private final ByteQueue waiting = new ByteQueue();
    private int pieces;
    private @Nullable Runnable whenEmpty;

    /// @param message what is written for a buffer, for example an `HttpContent`
    /// @param written told the bytes of each write that is done with, also when it failed
    public PacedWriter(Channel channel, Function<ByteBuf, Object> message, IntConsumer written) {
        this.channel = channel;
        this.flush = new TurnFlush(channel);
        this.message = message;
        this.written = written;
    }

    /// Takes ownership. Flushed at the end of the loop's turn.
    public void write(ByteBuf bytes) {
        if (pieces >= MAX_PIECES || !waiting.isEmpty()) {
            waiting.add(bytes);
        } else {
            send(bytes);
        }
    }

    /// Runs `action` once everything handed over before has been given to the channel: now, or later.
    /// Actions run in the order given.
    public void afterAll(Runnable action) {
        Runnable earlier = whenEmpty;
        if (waiting.isEmpty() && earlier == null) {
            action.run();
        } else if (earlier == null) {
            whenEmpty = action;
        } else {
            whenEmpty =
                    () -> {
                        earlier.run();
                        action.run();
                    };
        }
    }

    /// Forgets what waits; its bytes count as written, since nobody holds them any more.
    public void discard() {
        int forgotten = waiting.readableBytes();
        waiting.clear();
        whenEmpty = null;
        if (forgotten > 0) {
            written.accept(forgotten);
        }
    }

    private void send(ByteBuf bytes) {
        int size = bytes.readableBytes();
        pieces++;
        channel.write(message.apply(bytes))
                .addListener(done -> {
                    pieces--;
                    if (done.isSuccess()) {
                        sendWaiting();
                        written.accept(size);
                    } else {
                        discard();
                        written.accept(size);
                    }
                });
        flush.schedule();
    }

    private void sendWaiting() {
        while (pieces < MAX_PIECES) {
            ByteBuf next = waiting.poll();
            if (next == null) {
                break;
            }
            send(next);
        }
        Runnable action = whenEmpty;
        if (action != null && waiting.isEmpty()) {
            whenEmpty = null;
            action.run();
        }
    }
}
