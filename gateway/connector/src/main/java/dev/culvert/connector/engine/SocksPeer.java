package dev.culvert.connector.engine;

import dev.culvert.protocols.socks.SocksReply;
import dev.culvert.protocols.socks.SocksRequest;
import dev.culvert.protocols.socks.SocksServer;
import dev.culvert.protocols.socks.SocksServer.Step;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.protocols.websocket.CloseCode;
import dev.culvert.transport.ByteQueue;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The SOCKS5 server between a client's stream and an origin: answers the opening, then passes
/// everything on.
///
/// Opening → (CONNECT) reaching → passing on; or over, from each. The opening has to be whole within
/// [#OPENING_SECONDS]. What comes while the origin is reached waits, at most what the client may have
/// outstanding.
///
/// Confined to the stream's event loop.
final class SocksPeer implements StreamPeer {
    static final int OPENING_SECONDS = 10;

    private static final Logger log = LoggerFactory.getLogger(SocksPeer.class);

    /// Gets a client to its destination; tells the outcome later or at once, on the stream's loop.
    @FunctionalInterface
    interface Reach {
        void reach(SocksRequest request, Outcome outcome);
    }

    /// Takes one of the two, once.
    interface Outcome {
        /// @param started called when the client knows
        void reached(StreamPeer origin, Runnable started);

        void failed(SocksReply reply, String reason);
    }

    private final SocksServer server = new SocksServer();
    private final WebSocketBridge bridge;
    private final StreamPeer toClient;
    private final Reach reach;
    private final Runnable abandoned;
    private final ByteQueue waiting = new ByteQueue();
    private final ScheduledFuture<?> deadline;
    private @Nullable StreamPeer origin;
    private boolean reaching;
    private boolean clientEnded;
    private boolean over;

    /// Bytes of answers the client has not taken yet: credit for them is not the origin's.
    private int answers;

    /// @param abandoned called when it is over before an origin was reached
    SocksPeer(WebSocketBridge bridge, Reach reach, Runnable abandoned, EventLoop loop) {
        this.bridge = bridge;
        this.toClient = bridge.fromOrigin();
        this.reach = reach;
        this.abandoned = abandoned;
        this.deadline =
                loop.schedule(
                        () ->
                                end(
                                        CloseCode.POLICY_VIOLATION,
                                        "No SOCKS request came within " + OPENING_SECONDS + " s."),
                        OPENING_SECONDS,
                        TimeUnit.SECONDS);
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        clientEnded |= end;
        StreamPeer known = origin;
        if (known != null) {
            known.data(bytes, end);
            return;
        }
        if (over) {
            drop(bytes);
            return;
        }
        if (!reaching) {
            open(bytes);
        }
        // The opening may have led to the origin or to the end.
        known = origin;
        if (known != null && waiting.isEmpty()) {
            known.data(bytes, end);
        } else if (over) {
            drop(bytes);
        } else if (reaching) {
            waiting.add(bytes);
        } else {
            bytes.release();
            if (end) {
                end(CloseCode.POLICY_VIOLATION, "The SOCKS opening is not whole.");
            }
        }
    }

    /// Takes what belongs to the opening from the front.
    private void open(ByteBuf bytes) {
        while (bytes.isReadable() && !over && !reaching) {
            ByteBuffer in = bytes.nioBuffer();
            int size = in.remaining();
            Step step = server.receive(in);
            int taken = size - in.remaining();
            bytes.skipBytes(taken);
            toClient.credit(taken);
            switch (step) {
                case null -> {}
                case Step.Method method -> answer(method.answer());
                case Step.Refuse refuse -> {
                    answer(refuse.answer());
                    end(CloseCode.POLICY_VIOLATION, refuse.reason());
                }
                case Step.Connect connect -> {
                    deadline.cancel(false);
                    reaching = true;
                    reach.reach(connect.request(), new ThisOutcome());
                }
            }
        }
    }

    private final class ThisOutcome implements Outcome {
        @Override
        public void reached(StreamPeer peer, Runnable started) {
            if (over) {
                peer.reset(StreamFault.cancelled("the client has gone"));
                return;
            }
            answer(SocksReply.SUCCEEDED.encode());
            origin = peer;
            boolean ended = clientEnded;
            boolean any = !waiting.isEmpty();
            for (ByteBuf bytes = waiting.poll(); bytes != null; bytes = waiting.poll()) {
                peer.data(bytes, ended && waiting.isEmpty());
            }
            if (ended && !any) {
                peer.data(Unpooled.EMPTY_BUFFER, true);
            }
            started.run();
        }

        @Override
        public void failed(SocksReply reply, String reason) {
            if (!over) {
                answer(reply.encode());
                end(
                        reply == SocksReply.NOT_ALLOWED
                                ? CloseCode.POLICY_VIOLATION
                                : CloseCode.BAD_GATEWAY,
                        reason);
            }
        }
    }

    private void answer(byte[] answer) {
        if (answer.length > 0) {
            answers += answer.length;
            toClient.data(
                    ByteBufAllocator.DEFAULT.directBuffer(answer.length).writeBytes(answer), false);
        }
    }

    /// @param reason at most 120 bytes
    private void end(int code, String reason) {
        if (!over) {
            log.debug("SOCKS ends code={} reason={}", code, reason);
            finish();
            bridge.closeWith(code, reason);
        }
    }

    private void finish() {
        over = true;
        deadline.cancel(false);
        int size = waiting.readableBytes();
        waiting.clear();
        if (size > 0) {
            toClient.credit(size);
        }
        abandoned.run();
    }

    private void drop(ByteBuf bytes) {
        int size = bytes.readableBytes();
        bytes.release();
        if (size > 0) {
            toClient.credit(size);
        }
    }

    @Override
    public void response(StreamResponse response, boolean end) {
        throw new IllegalStateException("the tunnel opens streams, it does not answer them");
    }

    @Override
    public void trailers(HeaderList trailers) {
        data(Unpooled.EMPTY_BUFFER, true);
    }

    @Override
    public void reset(StreamFault fault) {
        StreamPeer known = origin;
        if (known != null) {
            known.reset(fault);
        } else if (!over) {
            finish();
        }
    }

    @Override
    public void credit(int bytes) {
        int paid = Math.min(bytes, answers);
        answers -= paid;
        if (bytes > paid && origin != null) {
            origin.credit(bytes - paid);
        }
    }
}
