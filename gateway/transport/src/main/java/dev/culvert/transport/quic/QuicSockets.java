package dev.culvert.transport.quic;

import dev.culvert.transport.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.SegmentedDatagramPacket;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What both ends set on their sockets and connections. Stateless.
final class QuicSockets {
    /// An IPv4 or IPv6 packet on Ethernet, less the longest headers; also what cloudflared says.
    private static final int PAYLOAD_BYTES = 1452;

    private static final int SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

    /// Datagrams of one size in one system call (UDP_SEGMENT).
    private static final int SEGMENTS = 32;

    private static final Logger log = LoggerFactory.getLogger(QuicSockets.class);

    private QuicSockets() {}

    /// A UDP socket on one loop; `codec` reads its datagrams.
    static Bootstrap bootstrap(EventLoops loops, EventLoop loop, ChannelHandler codec) {
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(loops.datagramType())
                        .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                        .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(64 * 1024).maxMessagesPerRead(64))
                        .handler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel socket) {
                                        socket.pipeline().addLast(codec, new SocketErrors());
                                    }
                                });
        if (loops.isEpoll()) {
            // Several datagrams a system call (recvmmsg), each of at most this size.
            bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, 2048);
        }
        return bootstrap;
    }

    /// What goes wrong with a socket is a lost datagram to its connections, which time out or end by
    /// themselves; a socket closed in the middle of a read is nothing at all.
    private static final class SocketErrors extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.debug("UDP socket local={}", ctx.channel().localAddress(), cause);
        }
    }

    /// Writes several datagrams in one system call where the system can.
    static SegmentedDatagramPacketAllocator segments(EventLoops loops) {
        return loops.isEpoll() && SegmentedDatagramPacket.isSupported()
                ? EpollQuicUtils.newSegmentedAllocator(SEGMENTS)
                : SegmentedDatagramPacketAllocator.NONE;
    }

    static <B extends QuicCodecBuilder<B>> B configured(B builder, QuicLimits limits) {
        return builder.maxIdleTimeout(limits.idle().toMillis(), TimeUnit.MILLISECONDS)
                .initialMaxData(limits.connectionBytes())
                .initialMaxStreamDataBidirectionalLocal(limits.streamBytes())
                .initialMaxStreamDataBidirectionalRemote(limits.streamBytes())
                .initialMaxStreamDataUnidirectional(1024)
                .initialMaxStreamsBidirectional(limits.maxStreams())
                .initialMaxStreamsUnidirectional(4)
                .maxSendUdpPayloadSize(PAYLOAD_BYTES)
                .maxRecvUdpPayloadSize(PAYLOAD_BYTES + 48)
                .discoverPmtu(true)
                // cloudflared refuses a peer without datagrams.
                .datagram(64, 64);
    }
}
