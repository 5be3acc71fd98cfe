package dev.culvert.transport;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/// A socket as one side of a stream: plain bytes both ways with half close. Last handler of its
/// channel's pipeline; the channel has `ALLOW_HALF_CLOSURE`.
///
/// Reads stop while [#HIGH] bytes wait for credit, fewer when the process's [MemoryBudget] says so, and
/// go on below half of it.
///
/// ### Close
///
/// The other side's end becomes our FIN (with TLS: `close_notify`, then FIN). When both directions have
/// ended the channel closes. With `closeOnEnd` the other side's end is the end of everything: what was
/// written is flushed, our FIN sent, and input is read and thrown away until the peer closes or
/// [#LINGER_SECONDS] pass (a peer that does not take our last bytes gets [#LAST_BYTES_SECONDS]), since
/// closing with unread input would make the kernel send a RST that may overtake our last bytes. A
/// reset closes at once, with a RST.
///
/// Confined to its channel's event loop.
public final class ChannelBytes extends ChannelInboundHandlerAdapter implements StreamPeer {
    public static final int HIGH = 256 * 1024;
    static final int LINGER_SECONDS = 5;
    static final int LAST_BYTES_SECONDS = 60;

    private final Channel channel;
    private final StreamPeer other;
    private final boolean closeOnEnd;
    private final PacedWriter writer;
    private final HeldBytes outstanding = new HeldBytes(MemoryBudget.process());
    private boolean inputEnded;
    private boolean outputEnded;

    /// Everything has been written: before that `outputEnded` says only that nothing more comes.
    private boolean finSent;

    private boolean over;

    public ChannelBytes(Channel channel, StreamPeer other, boolean closeOnEnd) {
        this.channel = channel;
        this.other = other;
        this.closeOnEnd = closeOnEnd;
        this.writer = new PacedWriter(channel, bytes -> bytes, other::credit);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes) || inputEnded || over) {
            ReferenceCountUtil.release(message);
            return;
        }
        int size = bytes.readableBytes();
        if (size == 0) {
            bytes.release();
            return;
        }
        outstanding.add(size);
        if (outstanding.isFull(HIGH)) {
            channel.config().setAutoRead(false);
        }
        other.data(bytes, false);
    }

    @Override
    public void credit(int bytes) {
        outstanding.credit(bytes);
        if (outstanding.hasRoom(HIGH) && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            if (over) {
                ctx.close();
            } else {
                endInput();
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!inputEnded) {
            outstanding.forget();
        }
        endInput();
        if (!outputEnded && !over) {
            over = true;
            outstanding.forget();
            other.reset(StreamFault.cancelled("the socket was closed"));
        }
        over = true;
        writer.discard();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        outstanding.forget();
        if (!over) {
            over = true;
            other.reset(
                    cause instanceof IOException
                            ? StreamFault.connectionLost(String.valueOf(cause.getMessage()))
                            : StreamFault.internal(cause.toString()));
        }
        ctx.close();
    }

    private void endInput() {
        if (inputEnded || over) {
            return;
        }
        inputEnded = true;
        other.data(Unpooled.EMPTY_BUFFER, true);
        if (outputEnded && !finSent) {
            giveUpIfNotTaken();
        }
        closeWhenBothEnded();
    }

    /// Not for sockets: a head has been handled before bytes flow.
    @Override
    public void response(StreamResponse response, boolean end) {
        if (end) {
            data(Unpooled.EMPTY_BUFFER, true);
        }
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        int size = bytes.readableBytes();
        if (over || outputEnded) {
            bytes.release();
            if (size > 0) {
                // Later: a side that is given credit may send more at once.
                channel.eventLoop().execute(() -> other.credit(size));
            }
            return;
        }
        if (size == 0) {
            bytes.release();
        } else {
            writer.write(bytes);
        }
        if (end) {
            endOutput();
        }
    }

    @Override
    public void trailers(HeaderList trailers) {
        data(Unpooled.EMPTY_BUFFER, true);
    }

    private void endOutput() {
        outputEnded = true;
        if (closeOnEnd || inputEnded) {
            giveUpIfNotTaken();
        }
        writer.afterAll(() ->
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> sendFin()));
    }

    private void sendFin() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound().addListener(done -> finish());
        } else {
            finish();
        }
    }

    /// The stream is at its end: a peer that does not take the last bytes is not waited for.
    private void giveUpIfNotTaken() {
        var deadline =
                channel.eventLoop()
                        .schedule(() -> channel.close(), LAST_BYTES_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> deadline.cancel(false));
    }

    private void finish() {
        if (!channel.isActive()) {
            return;
        }
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
        finSent = true;
        if (closeOnEnd && !inputEnded) {
            // Input is thrown away from here on, and for the other side it has ended.
            inputEnded = true;
            over = true;
            other.data(Unpooled.EMPTY_BUFFER, true);
            linger();
        } else {
            closeWhenBothEnded();
        }
    }

    /// Input is thrown away from here on, until the peer closes.
    private void linger() {
        channel.config().setAutoRead(true);
        var deadline =
                channel.eventLoop()
                        .schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> deadline.cancel(false));
    }

    private void closeWhenBothEnded() {
        if (inputEnded && finSent) {
            channel.close();
        }
    }

    @Override
    public void reset(StreamFault fault) {
        outstanding.forget();
        if (over) {
            return;
        }
        over = true;
        if (fault.kind() == StreamFault.Kind.NOT_READ && outputEnded) {
            // Our last bytes may still be under way: no RST, but no waiting for ever either.
            linger();
            return;
        }
        writer.discard();
        if (!channel.isOpen()) {
            return;
        }
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
}
