package dev.culvert.transport.quic;

import dev.culvert.protocols.quic.BodyFrames;
import dev.culvert.transport.ByteQueue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.StreamRelease;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Our direction of a QUIC stream: head, body, endings, FIN, in this order.
///
/// What is handed over in one turn of the event loop goes out as one write, so that a small answer is one
/// packet. One write is under way at a time; what comes meanwhile waits here, small pieces joined.
///
/// Confined to its channel's event loop.
final class StreamOutput implements Runnable {
    private final QuicStreamChannel channel;
    private final boolean framed;
    private final IntConsumer written;
    private final Consumer<Throwable> failed;
    private final ByteQueue body = new ByteQueue();

    /// The rest of a piece that credit did not allow whole.
    private @Nullable ByteBuf rest;

    /// Bytes of the body there is credit for.
    private long allowed;

    /// Bytes to be granted to the peer.
    private int grant;

    private @Nullable ByteBuf head;
    private @Nullable ByteBuf ending;
    private Runnable finished = () -> {};
    private boolean fin;
    private boolean finWritten;
    private boolean scheduled;
    private boolean underWay;
    private boolean over;

    /// @param framed whether the body stands in [BodyFrames]
    /// @param written told the bytes of the body that are done with, also when a write failed
    /// @param failed told of a write that failed, once
    StreamOutput(
            QuicStreamChannel channel,
            boolean framed,
            IntConsumer written,
            Consumer<Throwable> failed) {
        this.channel = channel;
        this.framed = framed;
        this.written = written;
        this.failed = failed;
        this.allowed = framed ? BodyFrames.INITIAL_CREDIT : Long.MAX_VALUE;
    }

    /// The peer takes so many bytes more.
    void allow(int bytes) {
        allowed += bytes;
        schedule();
    }

    /// Tells the peer that it may send so many bytes more; after the head.
    void grant(int bytes) {
        grant += bytes;
        schedule();
    }

    /// Comes before everything else.
    void head(byte[]... parts) {
        if (head == null) {
            head = channel.alloc().directBuffer(256);
        }
        for (byte[] part : parts) {
            head.writeBytes(part);
        }
        schedule();
    }

    /// Bytes of the body, ownership included.
    void body(ByteBuf bytes) {
        if (over) {
            int size = bytes.readableBytes();
            bytes.release();
            written.accept(size);
            return;
        }
        body.add(bytes);
        schedule();
    }

    /// An ending of [BodyFrames], after the body.
    void ending(byte[] bytes) {
        if (ending == null) {
            ending = channel.alloc().directBuffer(bytes.length);
        }
        ending.writeBytes(bytes);
        schedule();
    }

    /// After all of that.
    void fin() {
        fin = true;
        schedule();
    }

    /// Runs `action` when FIN has been handed to the QUIC library: now, or later.
    void whenFinished(Runnable action) {
        if (finWritten) {
            action.run();
        } else {
            finished = action;
        }
    }

    /// Forgets what waits; its bytes count as written, since nobody holds them any more.
    void discard() {
        over = true;
        int forgotten = body.readableBytes();
        body.clear();
        if (rest != null) {
            forgotten += rest.readableBytes();
            rest = released(rest);
        }
        head = released(head);
        ending = released(ending);
        if (forgotten > 0) {
            written.accept(forgotten);
        }
    }

    private static @Nullable ByteBuf released(@Nullable ByteBuf bytes) {
        if (bytes != null) {
            bytes.release();
        }
        return null;
    }

    private void schedule() {
        if (!scheduled && !underWay && !over) {
            scheduled = true;
            channel.eventLoop().execute(this);
        }
    }

    @Override
    public void run() {
        scheduled = false;
        if (underWay || over) {
            return;
        }
        if (!framed && StreamRelease.isStopped(channel)) {
            discard();
            failed.accept(new ChannelOutputShutdownException("the peer reads no more"));
            return;
        }
        int before = waiting();
        ByteBuf bytes = assemble();
        int size = before - waiting();
        boolean last = fin && waiting() == 0;
        fin &= !last;
        if (!bytes.isReadable() && !last) {
            bytes.release();
            return;
        }
        underWay = true;
        channel.write(new DefaultQuicStreamFrame(bytes, last))
                .addListener(done -> done((ChannelFuture) done, size, last));
    }

    private void done(ChannelFuture write, int size, boolean last) {
        underWay = false;
        if (write.isSuccess()) {
            if (hasSomething()) {
                schedule();
            }
            written.accept(size);
            if (last) {
                finWritten = true;
                finished.run();
            }
        } else {
            boolean first = !over;
            discard();
            written.accept(size);
            if (first) {
                failed.accept(write.cause());
            }
        }
    }

    /// Bytes of the body that have not been written.
    private int waiting() {
        return body.readableBytes() + (rest == null ? 0 : rest.readableBytes());
    }

    private boolean hasSomething() {
        return head != null || grant > 0 || (waiting() == 0 ? ending != null || fin : allowed > 0);
    }

    /// As much of the next piece as there is credit for.
    private @Nullable ByteBuf next() {
        ByteBuf piece = rest == null ? body.poll() : rest;
        rest = null;
        if (piece == null) {
            return null;
        }
        if (piece.readableBytes() > allowed) {
            rest = piece;
            if (allowed == 0) {
                return null;
            }
            piece = piece.readRetainedSlice((int) allowed);
        }
        allowed -= piece.readableBytes();
        return piece;
    }

    private ByteBuf assemble() {
        ByteBuf first = next();
        if (head == null && ending == null && !framed && body.isEmpty()) {
            return first == null ? Unpooled.EMPTY_BUFFER : first;
        }
        CompositeByteBuf all = channel.alloc().compositeDirectBuffer(Integer.MAX_VALUE);
        if (head != null) {
            all.addComponent(true, head);
            head = null;
        }
        if (grant > 0) {
            byte[] credit = BodyFrames.credit(grant);
            grant = 0;
            all.addComponent(true, channel.alloc().directBuffer(credit.length).writeBytes(credit));
        }
        for (ByteBuf piece = first; piece != null; piece = next()) {
            if (framed) {
                all.addComponent(true, header(piece.readableBytes()));
            }
            all.addComponent(true, piece);
        }
        if (ending != null && waiting() == 0) {
            all.addComponent(true, ending);
            ending = null;
        }
        return all;
    }

    private ByteBuf header(int size) {
        ByteBuf header = channel.alloc().directBuffer(BodyFrames.MAX_HEADER);
        ByteBuffer room = header.nioBuffer(0, BodyFrames.MAX_HEADER);
        BodyFrames.header(size, room);
        return header.writerIndex(room.position());
    }
}
