package dev.culvert.transport.quic;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.quic.BodyDecoder;
import dev.culvert.protocols.quic.BodyFrames;
import dev.culvert.protocols.quic.Dialect;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.transport.ChannelBytes;
import dev.culvert.transport.HeldBytes;
import dev.culvert.transport.MemoryBudget;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.codec.quic.StreamRelease;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One QUIC stream as a side of a proxied stream; the last handler of its pipeline. Kinds of streams differ
/// in their heads and in what their ends mean, see the subclasses.
///
/// ### States
///
/// head → body, per direction; `localEnded`, `remoteEnded`; both: FIN has gone and come, and the channel
/// closes. A reset from either end goes to over from any state.
///
/// ### What is held
///
/// Received bytes wait at the other side until written there: what [GrantedCredit] allows, with a peer of
/// ours. In cloudflared's dialect [ChannelBytes#HIGH] at most, then reading stops and the library holds up to
/// the stream's window. What is to be sent waits in [StreamOutput], at
/// most what the other side may have outstanding.
///
/// Confined to its connection's event loop.
abstract class QuicStreamSide extends ChannelInboundHandlerAdapter implements StreamPeer {
    private static final Logger log = LoggerFactory.getLogger(QuicStreamSide.class);
    private static final int HIGH = ChannelBytes.HIGH;

    final QuicLink link;
    private final boolean framed;
    private final HeldBytes received = new HeldBytes(MemoryBudget.process());
    private final @Nullable BodyDecoder decoder;
    private final @Nullable GrantedCredit granted;
    private @Nullable QuicStreamChannel channel;
    private @Nullable StreamOutput output;
    private @Nullable StreamPeer other;
    private @Nullable CreditTurn credits;
    private boolean headRead;
    private boolean localEnded;
    private boolean remoteEnded;
    private boolean finReceived;
    private boolean paused;
    private boolean over;

    /// After a NOT_READ of ours: all but the peer's credit is thrown away, which the answer may need.
    private boolean answering;

    /// @param dialect of the bodies; null for bytes without head and framing
    QuicStreamSide(QuicLink link, @Nullable Dialect dialect) {
        this.link = link;
        this.framed = dialect == Dialect.CULVERT;
        this.decoder = framed ? new BodyDecoder() : null;
        this.granted = framed ? new GrantedCredit(MemoryBudget.process(), System::nanoTime) : null;
        this.headRead = dialect == null;
    }

    /// Reads a head, split anywhere, up to its end and no further.
    ///
    /// @return true when it is complete and has been told
    abstract boolean readHead(ByteBuffer in) throws ProtocolException;

    /// Tells the peer that it may send so many bytes more, in our own dialect.
    abstract void grant(int bytes);

    /// What a reset of the peer's direction means, in cloudflared's dialect.
    abstract StreamFault resetByPeer(long code);

    /// The peer reads no more of our direction (STOP_SENDING), in cloudflared's dialect.
    abstract void stoppedByPeer();

    /// What it means that the library has let go of the stream: the peer's direction has ended, and ours the
    /// peer has stopped.
    abstract StreamFault stopped();

    /// The peer's direction has ended and the other side knows; in cloudflared's dialect.
    abstract void remoteEnded();

    void meet(StreamPeer peer) {
        other = peer;
        credits = new CreditTurn(link.loop(), peer);
    }

    final StreamPeer other() {
        StreamPeer known = other;
        if (known == null) {
            throw new IllegalStateException("called before the stream was opened");
        }
        return known;
    }

    final QuicStreamChannel channel() {
        QuicStreamChannel known = channel;
        if (known == null) {
            throw new IllegalStateException("not yet part of a channel");
        }
        return known;
    }

    final StreamOutput output() {
        StreamOutput known = output;
        if (known == null) {
            throw new IllegalStateException("not yet part of a channel");
        }
        return known;
    }

    final boolean isOver() {
        return over;
    }

    final boolean isFramed() {
        return framed;
    }

    final boolean hasLocalEnded() {
        return localEnded;
    }

    final boolean hasRemoteEnded() {
        return remoteEnded;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = (QuicStreamChannel) ctx.channel();
        channel.config().setAllowHalfClosure(true);
        output = new StreamOutput(channel, framed, this::written, this::writeFailed);
        link.joined(this);
    }

    private void written(int bytes) {
        if (credits != null) {
            credits.add(bytes);
        }
    }

    // ---- what the stream reads

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        link.heard();
        if (!(message instanceof ByteBuf bytes) || over && !answering) {
            ReferenceCountUtil.release(message);
            return;
        }
        try {
            read(bytes);
        } catch (ProtocolException e) {
            stopAnswering();
            fail(StreamFault.protocol(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            // One stream's failure is not the connection's.
            log.warn("stream failed", e);
            fail(StreamFault.internal(e.toString()));
        } finally {
            bytes.release();
        }
    }

    private void read(ByteBuf bytes) throws ProtocolException {
        ByteBuffer in = bytes.nioBuffer();
        if (!headRead) {
            headRead = readHead(in);
            bytes.skipBytes(in.position());
            if (!headRead) {
                return;
            }
            in = bytes.nioBuffer();
        }
        if (decoder == null) {
            deliver(bytes, bytes.readableBytes());
        } else {
            readFrames(decoder, bytes, in);
        }
    }

    private void readFrames(BodyDecoder frames, ByteBuf bytes, ByteBuffer in)
            throws ProtocolException {
        int base = bytes.readerIndex();
        while (!over || answering) {
            BodyDecoder.Step step = frames.next(in);
            bytes.readerIndex(base + in.position());
            switch (step) {
                case MORE -> {
                    return;
                }
                case BYTES -> {
                    int size = frames.available();
                    in.position(in.position() + size);
                    deliver(bytes, size);
                }
                case CREDIT -> output().allow(frames.credit());
                case END -> ended();
                case TRAILERS -> {
                    if (!remoteEnded && !over) {
                        remoteEnded = true;
                        other().trailers(frames.trailers());
                    }
                    finIfBothEnded();
                }
                case NOT_READ -> {
                    stopAnswering();
                    fail(StreamFault.notRead());
                }
            }
        }
    }

    private void deliver(ByteBuf bytes, int size) throws ProtocolException {
        if (over || size == 0) {
            return;
        }
        if (remoteEnded) {
            // A request that said it had no body.
            bytes.skipBytes(size);
            return;
        }
        received.add(size);
        if (granted == null) {
            if (received.isFull(HIGH)) {
                pause();
            }
        } else if (!granted.received(size)) {
            throw new ProtocolException("more of a body than there was credit for");
        }
        other().data(bytes.readRetainedSlice(size), false);
    }

    /// The request, as its head says, has no body.
    final void withoutBody() {
        remoteEnded = true;
    }

    private void ended() {
        if (!remoteEnded && !over) {
            remoteEnded = true;
            other().data(Unpooled.EMPTY_BUFFER, true);
            if (!framed) {
                remoteEnded();
            }
        }
        finIfBothEnded();
    }

    private void pause() {
        if (!paused) {
            paused = true;
            channel().config().setAutoRead(false);
            link.paused(this);
        }
    }

    /// Looks whether the peer has reset what nobody reads. Reading on takes no more than that, or FIN.
    final void lookForReset() {
        if (!over && !finReceived && StreamRelease.isAtItsEnd(channel())) {
            channel().read();
        }
    }

    @Override
    public void credit(int bytes) {
        received.credit(bytes);
        if (paused && received.hasRoom(HIGH)) {
            goOn();
        }
        if (granted != null && bytes > 0 && !over && !remoteEnded) {
            int more = granted.taken(bytes, link.roundTripNanos());
            if (more > 0) {
                grant(more);
            }
        }
    }

    private void goOn() {
        if (paused) {
            paused = false;
            link.goesOn(this);
            channel().config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !finReceived) {
            link.heard();
            finReceived = true;
            finished();
        }
        ctx.fireUserEventTriggered(event);
    }

    private void finished() {
        if (over) {
            StreamRelease.release(channel());
            link.left(this);
        } else if (!headRead) {
            fail(StreamFault.protocol("the stream ended before its head"));
        } else if (decoder == null) {
            ended();
        } else if (!decoder.isOver()) {
            fail(StreamFault.protocol("the body was cut"));
        }
    }

    private void finIfBothEnded() {
        if (!over && framed && localEnded && remoteEnded && decoder != null && decoder.isOver()) {
            output().fin();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (over) {
            StreamRelease.release(channel());
            link.left(this);
            return;
        }
        if (cause instanceof QuicStreamResetException reset) {
            long code = reset.applicationProtocolCode();
            fail(framed ? ResetCode.fault(code) : resetByPeer(code));
        } else {
            log.debug("stream failed", cause);
            fail(StreamFault.internal(cause.toString()));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (ctx.channel().parent().isActive()) {
            closed(stopped());
        } else {
            closed();
        }
        link.left(this);
    }

    /// The connection went.
    final void closed() {
        closed(StreamFault.connectionLost("the tunnel connection was lost"));
    }

    /// The channel is closed: properly, or before its time.
    private void closed(StreamFault early) {
        if (!over && !(localEnded && remoteEnded && finReceived)) {
            over = true;
            received.forget();
            StreamPeer peer = other;
            if (peer != null) {
                peer.reset(early);
            }
        }
        over = true;
        if (output != null) {
            output.discard();
        }
    }

    /// Ends both directions and tells the other side.
    final void fail(StreamFault fault) {
        if (over) {
            return;
        }
        over = true;
        received.forget();
        output().discard();
        StreamPeer peer = other;
        if (peer != null) {
            peer.reset(fault);
        }
        letGo(fault.kind());
    }

    /// The peer breaks the protocol, or wants no answer any more.
    private void stopAnswering() {
        if (answering) {
            answering = false;
            output().discard();
            letGo(StreamFault.Kind.PROTOCOL);
        }
    }

    /// Tells the peer and forgets the stream.
    private void letGo(StreamFault.Kind kind) {
        received.forget();
        goOnQuietly();
        channel().shutdown(ResetCode.of(kind), channel().newPromise());
        StreamRelease.release(channel());
        link.left(this);
    }

    private void goOnQuietly() {
        if (paused) {
            paused = false;
            link.goesOn(this);
        }
    }

    private void writeFailed(Throwable cause) {
        if (over) {
            // An answer that was to go out whole, and nobody takes.
            StreamRelease.release(channel());
            link.left(this);
            return;
        }
        // In our own dialect a reset comes with it; a connection that is lost is told by its
        // channel.
        if (!framed && cause instanceof ChannelOutputShutdownException) {
            stoppedByPeer();
        }
    }

    // ---- what the other side hands over

    @Override
    public void data(ByteBuf bytes, boolean end) {
        int size = bytes.readableBytes();
        if (over || localEnded) {
            bytes.release();
            written(size);
            return;
        }
        if (size == 0) {
            bytes.release();
        } else {
            output().body(bytes);
        }
        if (end) {
            endLocal(framed ? BodyFrames.end() : null);
        }
    }

    @Override
    public void trailers(HeaderList trailers) {
        if (over || localEnded) {
            return;
        }
        byte[] ending = null;
        if (framed) {
            try {
                ending = BodyFrames.trailers(trailers);
            } catch (IllegalArgumentException e) {
                reset(StreamFault.internal("the trailers cannot be sent"));
                other().reset(StreamFault.protocol(String.valueOf(e.getMessage())));
                return;
            }
        }
        endLocal(ending);
    }

    /// @param ending of the framed body, or null: FIN alone
    final void endLocal(byte @Nullable [] ending) {
        localEnded = true;
        if (ending == null) {
            output().fin();
        } else {
            output().ending(ending);
            finIfBothEnded();
        }
    }

    @Override
    public void reset(StreamFault fault) {
        received.forget();
        if (over) {
            return;
        }
        if (fault.kind() == StreamFault.Kind.NOT_READ && localEnded) {
            doNotRead();
            return;
        }
        over = true;
        output().discard();
        letGo(fault.kind());
    }

    /// Our direction goes out whole; what the peer still sends is thrown away.
    private void doNotRead() {
        over = true;
        goOnQuietly();
        if (framed) {
            answering = true;
            output().ending(BodyFrames.notRead());
            output().fin();
            channel().config().setAutoRead(true);
        } else {
            channel().shutdownInput(0);
            output().whenFinished(() -> {
                StreamRelease.release(channel());
                link.left(this);
            });
        }
    }
}
