package dev.culvert.connector.engine;

import dev.culvert.plugin.FirstBytes;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds back the first bytes of one direction until a plugin has recognised them.
///
/// Holds at most what the sender may have outstanding; bytes are looked at again with each arrival,
/// up to the inspector's own limit.
///
/// Confined to the stream's event loop.
final class InspectedPeer implements StreamPeer {
    private static final Logger log = LoggerFactory.getLogger(InspectedPeer.class);

    private final StreamPeer next;
    private final Consumer<String> accepted;
    private final Consumer<String> refused;
    private final IntConsumer dropped;
    private final ScheduledFuture<?> deadline;
    private @Nullable FirstBytes inspector;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private boolean endHeld;
    private boolean dropping;

    /// @param accepted told the plugin's summary
    /// @param refused told the plugin's reason; must end the stream
    /// @param dropped told the number of bytes that nobody will take: they need credit
    InspectedPeer(
            StreamPeer next,
            FirstBytes inspector,
            EventLoop loop,
            Consumer<String> accepted,
            Consumer<String> refused,
            IntConsumer dropped) {
        this.next = next;
        this.inspector = inspector;
        this.accepted = accepted;
        this.refused = refused;
        this.dropped = dropped;
        this.deadline =
                loop.schedule(this::late, inspector.within().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void late() {
        FirstBytes undecided = inspector;
        if (undecided != null) {
            refuse(
                    "Nothing this service understands came within "
                            + undecided.within().toSeconds()
                            + " s.");
        }
    }

    @Override
    public void informational(StreamResponse interim) {
        next.informational(interim);
    }

    @Override
    public void response(StreamResponse response, boolean end) {
        next.response(response, end);
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        FirstBytes undecided = inspector;
        if (undecided == null) {
            if (dropping) {
                int size = bytes.readableBytes();
                bytes.release();
                dropped.accept(size);
            } else {
                next.data(bytes, end);
            }
            return;
        }
        held = joined(held, bytes);
        endHeld = end;
        int seen = Math.min(held.readableBytes(), undecided.maxBytes());
        FirstBytes.Verdict verdict;
        try {
            verdict =
                    undecided.inspect(
                            held.nioBuffer(held.readerIndex(), seen).asReadOnlyBuffer(), end);
        } catch (RuntimeException e) {
            log.warn(
                    "plugin failed on first bytes inspector={}", undecided.getClass().getName(), e);
            verdict = new FirstBytes.Verdict.Refuse("The first bytes could not be examined.");
        }
        switch (verdict) {
            case FirstBytes.Verdict.More more -> {
                if (end || seen == undecided.maxBytes()) {
                    refuse("The first bytes are not of the protocol of this service.");
                }
            }
            case FirstBytes.Verdict.Accept accept -> {
                inspector = null;
                deadline.cancel(false);
                accepted.accept(accept.summary());
                ByteBuf first = held;
                held = Unpooled.EMPTY_BUFFER;
                next.data(first, endHeld);
            }
            case FirstBytes.Verdict.Refuse refuse -> refuse(refuse.reason());
        }
    }

    /// Copies rather than chains: bytes may come one by one, and what is held is short until the last
    /// arrival decides.
    private static ByteBuf joined(ByteBuf held, ByteBuf bytes) {
        if (!held.isReadable()) {
            held.release();
            return bytes;
        }
        if (held.isWritable(bytes.readableBytes()) && !held.isReadOnly() && held.refCnt() == 1) {
            held.writeBytes(bytes);
            bytes.release();
            return held;
        }
        ByteBuf whole =
                ByteBufAllocator.DEFAULT.directBuffer(
                        Math.max(256, held.readableBytes() + 2 * bytes.readableBytes()));
        whole.writeBytes(held).writeBytes(bytes);
        held.release();
        bytes.release();
        return whole;
    }

    /// The stream is over in another way: forgets what is held and the deadline.
    void stop() {
        if (inspector != null) {
            drop();
        }
    }

    private void refuse(String reason) {
        drop();
        refused.accept(reason);
    }

    private void drop() {
        inspector = null;
        dropping = true;
        deadline.cancel(false);
        int size = held.readableBytes();
        held.release();
        held = Unpooled.EMPTY_BUFFER;
        dropped.accept(size);
    }

    @Override
    public void trailers(HeaderList trailers) {
        data(Unpooled.EMPTY_BUFFER, true);
    }

    @Override
    public void reset(StreamFault fault) {
        stop();
        next.reset(fault);
    }

    @Override
    public void credit(int bytes) {
        next.credit(bytes);
    }
}
