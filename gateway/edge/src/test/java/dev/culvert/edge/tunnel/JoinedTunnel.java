package dev.culvert.edge.tunnel;

import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.http2.Http2Link;
import dev.culvert.transport.http2.LinkLimits;
import dev.culvert.transport.http2.TunnelHeads;
import dev.culvert.transport.testing.SideTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;

/// A registered tunnel connection joined in memory to a connector whose streams the test answers.
/// Nothing moves but by [#turn]. Confined to the test's thread.
public final class JoinedTunnel {
    private final EmbeddedChannel edge = new EmbeddedChannel();
    private final EmbeddedChannel connector = new EmbeddedChannel();
    private final Wire fromEdge = new Wire();
    private final Wire fromConnector = new Wire();
    private final Http2Link link =
            Http2Link.client(new TunnelHeads(), LinkLimits.TUNNEL, CarrierEvents.NONE);
    private final TunnelConnection connection;

    /// Streams as the connector gets them.
    public final SideTarget streams = new SideTarget();

    public JoinedTunnel(UUID tunnelId, int index) {
        edge.pipeline().addLast(fromEdge, link);
        connector
                .pipeline()
                .addLast(
                        fromConnector,
                        Http2Link.server(
                                new TunnelHeads(), LinkLimits.TUNNEL, streams, CarrierEvents.NONE));
        connection =
                new TunnelConnection(
                        UUID.randomUUID(),
                        tunnelId,
                        0,
                        new UUID(0, 1),
                        index,
                        "test",
                        new InetSocketAddress("127.0.0.1", 1),
                        Instant.EPOCH,
                        link,
                        new Traffic());
        while (turn()) {}
    }

    public JoinedTunnel in(TunnelRegistry registry) {
        if (!registry.add(connection)) {
            throw new AssertionError("not taken");
        }
        return this;
    }

    /// For a connection with a carrier of the test's own.
    public static void register(TunnelRegistry registry, TunnelConnection connection) {
        if (!registry.add(connection)) {
            throw new AssertionError("not taken");
        }
    }

    public TunnelConnection connection() {
        return connection;
    }

    public EventLoop loop() {
        return edge.eventLoop();
    }

    /// Runs what waits on both loops and carries the bytes across.
    ///
    /// @return whether any moved
    public boolean turn() {
        edge.runPendingTasks();
        connector.runPendingTasks();
        return move(fromEdge, connector) | move(fromConnector, edge);
    }

    private static boolean move(Wire from, EmbeddedChannel to) {
        if (!from.bytes.isReadable()) {
            return false;
        }
        byte[] copy = new byte[from.bytes.readableBytes()];
        from.bytes.readBytes(copy).discardReadBytes();
        if (to.isOpen()) {
            to.writeInbound(Unpooled.wrappedBuffer(copy));
        }
        return true;
    }

    /// Takes what is written before the channel sees it: an embedded channel runs waiting tasks inside
    /// a write, which a socket never does.
    private static final class Wire extends ChannelOutboundHandlerAdapter {
        private final ByteBuf bytes = Unpooled.buffer();
        private final Queue<ChannelPromise> written = new ArrayDeque<>();

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ByteBuf some = (ByteBuf) message;
            bytes.writeBytes(some);
            some.release();
            written.add(promise);
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            for (ChannelPromise p = written.poll(); p != null; p = written.poll()) {
                p.trySuccess();
            }
        }
    }

    /// The connection breaks.
    public void cut() {
        edge.close();
        connector.close();
    }

    public void close() {
        cut();
        edge.runPendingTasks();
        connector.runPendingTasks();
    }
}
