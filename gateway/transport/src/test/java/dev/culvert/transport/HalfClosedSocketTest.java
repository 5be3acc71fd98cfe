package dev.culvert.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class HalfClosedSocketTest {
    private static final int MIB = 1024 * 1024;

    /// The peer has ended its direction while reading was off: our direction goes on, waits for room and
    /// comes out whole, also when reading is switched on again.
    @Test
    void theOtherDirectionOutlivesATimeWithoutInterest() throws Exception {
        CompletableFuture<Channel> ended = new CompletableFuture<>();
        CompletableFuture<Throwable> failed = new CompletableFuture<>();
        try (EventLoops loops = new EventLoops("half-closed", 1)) {
            Channel listener =
                    new ServerBootstrap()
                            .group(loops.group())
                            .channel(loops.listenerType())
                            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                            .childHandler(
                                    new ChannelInitializer<>() {
                                        @Override
                                        protected void initChannel(Channel channel) {
                                            channel.pipeline().addLast(handler(ended, failed));
                                        }
                                    })
                            .bind(InetAddress.getLoopbackAddress(), 0)
                            .sync()
                            .channel();
            try (Socket peer = new Socket()) {
                peer.setReceiveBufferSize(64 * 1024);
                peer.connect(listener.localAddress() instanceof InetSocketAddress a ? a : null);
                peer.getOutputStream().write(1);
                peer.shutdownOutput();
                Channel channel = ended.get(30, TimeUnit.SECONDS);
                channel.eventLoop().submit(() -> channel.config().setAutoRead(true)).sync();
                ByteBuf bytes = Unpooled.buffer(16 * MIB).writeZero(16 * MIB);
                var written = channel.writeAndFlush(bytes);
                assertThat(peer.getInputStream().readNBytes(16 * MIB)).hasSize(16 * MIB);
                assertThat(written.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(written.cause()).isNull();
                assertThat(failed).isNotDone();
            }
        }
    }

    private static ChannelInboundHandlerAdapter handler(
            CompletableFuture<Channel> ended, CompletableFuture<Throwable> failed) {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ((ByteBuf) message).release();
                ctx.channel().config().setAutoRead(false);
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof ChannelInputShutdownEvent) {
                    // Later: by then nothing is waited for.
                    ctx.executor()
                            .schedule(
                                    () -> ended.complete(ctx.channel()),
                                    100,
                                    TimeUnit.MILLISECONDS);
                }
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                failed.complete(cause);
                ctx.close();
            }
        };
    }
}
