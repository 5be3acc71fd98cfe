package dev.culvert.transport;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Joins the two sides of a stream whose channels live on different event loops. Everything crosses
/// here: heads, bytes with their ownership, ends, resets and credit.
///
/// Each direction is a [Lane]: a queue and at most one scheduled drain. The queue's bytes are bounded
/// by the credit of the side that fills it; its length is bounded by joining small pieces once
/// [#JOIN_BEYOND] wait. Credit is a sum, not a queue.
///
/// Thread-safe: a lane's methods are called on one loop, its drain runs on the other.
public final class LoopCrossing {
    private static final Logger log = LoggerFactory.getLogger(LoopCrossing.class);
    static final int JOIN_BEYOND = 32;
    static final int JOINED_SIZE = 16 * 1024;

    private LoopCrossing() {}

    /// Opens `target`, which lives on `targetLoop`, for a caller on `callerLoop`.
    public static StreamPeer open(
            StreamRequest request,
            StreamPeer caller,
            EventLoop callerLoop,
            StreamTarget target,
            EventLoop targetLoop) {
        Lane toCaller = new Lane(callerLoop);
        toCaller.destination = caller;
        Lane toTarget = new Lane(targetLoop);
        try {
            targetLoop.execute(() -> {
                try {
                    toTarget.destination = target.open(request, toCaller, targetLoop);
                } catch (RuntimeException e) {
                    log.warn("stream not opened", e);
                    toTarget.destination = new DeadPeer(toCaller);
                    toCaller.reset(StreamFault.internal("the stream could not be opened"));
                }
                toTarget.run();
            });
        } catch (RejectedExecutionException e) {
            toCaller.reset(StreamFault.refused("the target's event loop has stopped"));
        }
        return toTarget;
    }

    private static final class Lane implements StreamPeer, Runnable {
        private record Head(StreamResponse response, boolean end) {}

        private record Interim(StreamResponse response) {}

        private static final class Bytes {
            ByteBuf buffer;
            boolean end;

            /// The buffer is ours, made for joining; anyone else's may be shared.
            boolean joined;

            Bytes(ByteBuf buffer, boolean end) {
                this.buffer = buffer;
                this.end = end;
            }
        }

        private final EventLoop loop;

        /// Written before the first drain on the loop that drains.
        private @Nullable StreamPeer destination;

        private final Queue<Object> queue = new ArrayDeque<>();
        private @Nullable Bytes tail;
        private int credit;
        private boolean scheduled;
        private boolean over;

        Lane(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public void informational(StreamResponse interim) {
            put(new Interim(interim));
        }

        @Override
        public void response(StreamResponse response, boolean end) {
            put(new Head(response, end));
        }

        @Override
        public void trailers(HeaderList trailers) {
            put(trailers);
        }

        @Override
        public void reset(StreamFault fault) {
            put(fault);
        }

        @Override
        public void data(ByteBuf bytes, boolean end) {
            boolean wake;
            synchronized (this) {
                if (over) {
                    bytes.release();
                    return;
                }
                if (!join(bytes, end)) {
                    tail = new Bytes(bytes, end);
                    queue.add(tail);
                }
                wake = wake();
            }
            if (wake) {
                schedule();
            }
        }

        @Override
        public void credit(int bytes) {
            boolean wake;
            synchronized (this) {
                credit += bytes;
                wake = wake();
            }
            if (wake) {
                schedule();
            }
        }

        private void put(Object call) {
            boolean wake;
            synchronized (this) {
                if (over) {
                    return;
                }
                tail = null;
                queue.add(call);
                wake = wake();
            }
            if (wake) {
                schedule();
            }
        }

        private boolean join(ByteBuf bytes, boolean end) {
            Bytes last = tail;
            if (last == null || queue.size() <= JOIN_BEYOND) {
                return false;
            }
            int size = bytes.readableBytes();
            if (last.buffer.readableBytes() + size > JOINED_SIZE) {
                return false;
            }
            if (!last.joined) {
                ByteBuf joined = ByteBufAllocator.DEFAULT.directBuffer(1024, JOINED_SIZE);
                joined.writeBytes(last.buffer);
                last.buffer.release();
                last.buffer = joined;
                last.joined = true;
            }
            last.buffer.writeBytes(bytes);
            bytes.release();
            last.end = end;
            return true;
        }

        private boolean wake() {
            if (scheduled) {
                return false;
            }
            scheduled = true;
            return true;
        }

        private void schedule() {
            try {
                loop.execute(this);
            } catch (RejectedExecutionException e) {
                abandon();
            }
        }

        /// The other loop has stopped: nothing will be drained any more.
        private synchronized void abandon() {
            over = true;
            for (Object call : queue) {
                if (call instanceof Bytes bytes) {
                    bytes.buffer.release();
                }
            }
            queue.clear();
        }

        @Override
        public void run() {
            StreamPeer peer = destination;
            if (peer == null) {
                // Woken before the target was opened: its opening drains.
                return;
            }
            while (true) {
                Object call;
                int given;
                synchronized (this) {
                    given = credit;
                    credit = 0;
                    call = queue.poll();
                    if (call == tail) {
                        tail = null;
                    }
                    if (call == null && given == 0) {
                        scheduled = false;
                        return;
                    }
                }
                try {
                    deliver(peer, given, call);
                } catch (RuntimeException e) {
                    // A lane that stays scheduled is dead: the stream ends instead.
                    log.warn("stream failed", e);
                    abandon();
                    peer.reset(StreamFault.internal(e.toString()));
                    return;
                }
            }
        }

        private static void deliver(StreamPeer peer, int given, @Nullable Object call) {
            if (given > 0) {
                peer.credit(given);
            }
            switch (call) {
                case null -> {}
                case Interim interim -> peer.informational(interim.response());
                case Head head -> peer.response(head.response(), head.end());
                case Bytes bytes -> peer.data(bytes.buffer, bytes.end);
                case HeaderList trailers -> peer.trailers(trailers);
                case StreamFault fault -> peer.reset(fault);
                default -> throw new AssertionError(call);
            }
        }
    }
}
