package dev.culvert.transport.quic;

import dev.culvert.transport.testing.Eventually;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.codec.quic.QuicStreamType;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// One end of a QUIC stream in the hands of a test: bytes as they are. Thread-safe.
final class RawStream extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private volatile QuicStreamChannel channel;
    private volatile boolean ended;
    private volatile long resetCode = -1;
    private volatile boolean closed;

    /// A stream opened on `connection`.
    static RawStream open(QuicChannel connection, QuicStreamType type) throws Exception {
        RawStream stream = new RawStream();
        connection.createStream(type, stream).sync();
        return stream;
    }

    static RawStream open(QuicChannel connection) throws Exception {
        return open(connection, QuicStreamType.BIDIRECTIONAL);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = (QuicStreamChannel) ctx.channel();
        if (channel.type() == QuicStreamType.BIDIRECTIONAL) {
            channel.config().setAllowHalfClosure(true);
        }
    }

    QuicStreamChannel channel() {
        Eventually.until("a channel", () -> channel != null);
        return channel;
    }

    /// Each piece as a write of its own. With a flush: without one a write of another thread does not wake
    /// the event loop.
    RawStream send(byte[]... pieces) {
        for (byte[] piece : pieces) {
            channel().writeAndFlush(Unpooled.wrappedBuffer(piece));
        }
        return this;
    }

    RawStream fin() {
        channel().writeAndFlush(new DefaultQuicStreamFrame(Unpooled.EMPTY_BUFFER, true));
        return this;
    }

    void reset(int code) {
        channel().shutdownOutput(code);
    }

    /// STOP_SENDING.
    void stop(int code) {
        channel().shutdownInput(code);
    }

    byte[] received() {
        synchronized (bytes) {
            return bytes.toByteArray();
        }
    }

    void awaitBytes(int count) {
        Eventually.until(() -> count + " bytes; " + this, () -> received().length >= count);
    }

    void awaitEnd() {
        Eventually.until(() -> "FIN; " + this, () -> ended);
    }

    long awaitReset() {
        Eventually.until(() -> "a reset; " + this, () -> resetCode >= 0);
        return resetCode;
    }

    boolean isUndisturbed() {
        return !ended && resetCode < 0 && !closed;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf some = (ByteBuf) message;
        byte[] copy = new byte[some.readableBytes()];
        some.readBytes(copy);
        some.release();
        synchronized (bytes) {
            bytes.writeBytes(copy);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        ended |= event instanceof ChannelInputShutdownEvent;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof QuicStreamResetException reset) {
            resetCode = reset.applicationProtocolCode();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed = true;
    }

    @Override
    public String toString() {
        byte[] all = received();
        return "received="
                + all.length
                + " "
                + Arrays.toString(Arrays.copyOf(all, Math.min(20, all.length)))
                + " ended="
                + ended
                + " resetCode="
                + resetCode
                + " closed="
                + closed;
    }
}
