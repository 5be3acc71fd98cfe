package dev.culvert.edge.tunnel;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.registration.ConnectionDetails;
import dev.culvert.protocols.registration.ConnectionError;
import dev.culvert.protocols.registration.RegisterConnection;
import dev.culvert.protocols.registration.RegistrationClient;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.testing.Eventually;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// A connector made of QUIC streams and their bytes, with cloudflared's transport parameters. It does what
/// a test tells it and no more; it never closes by itself. Thread-safe.
final class ScriptedQuicConnector implements AutoCloseable, RegistrationClient.Events {
    private final Channel socket;
    private final QuicChannel connection;
    private final RegistrationClient conversation = new RegistrationClient(this::control, this);
    private volatile Stream control;

    /// Opened by the edge, in order.
    final List<Stream> streams = new CopyOnWriteArrayList<>();

    volatile ConnectionDetails details;
    volatile ConnectionError error;
    volatile boolean configurationAccepted;
    volatile boolean unregistered;
    volatile String failure;

    /// The application's code the edge closed with.
    volatile int closeCode = -1;

    /// Connects and shakes hands, verifying chain and name as cloudflared does. Opens no stream.
    ScriptedQuicConnector(EventLoops loops, InetSocketAddress edge, Path caPem) throws Exception {
        this(loops, edge, caPem, Duration.ofSeconds(15));
    }

    ScriptedQuicConnector(EventLoops loops, InetSocketAddress edge, Path caPem, Duration idle)
            throws Exception {
        QuicSslContext tls =
                QuicSslContextBuilder.forClient()
                        .trustManager(caPem.toFile())
                        .endpointIdentificationAlgorithm("HTTPS")
                        .applicationProtocols("argotunnel")
                        .build();
        socket =
                new Bootstrap()
                        .group(loops.next())
                        .channel(loops.datagramType())
                        .handler(
                                new QuicClientCodecBuilder()
                                        .sslEngineProvider(c ->
                                                tls.newEngine(
                                                        c.alloc(),
                                                        "quic.cftunnel.com",
                                                        edge.getPort()))
                                        .maxIdleTimeout(idle.toMillis(), TimeUnit.MILLISECONDS)
                                        .initialMaxData(786432)
                                        .initialMaxStreamDataBidirectionalLocal(524288)
                                        .initialMaxStreamDataBidirectionalRemote(524288)
                                        .initialMaxStreamsBidirectional(1L << 60)
                                        .initialMaxStreamsUnidirectional(1L << 60)
                                        .datagram(16, 16)
                                        .build())
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
        connection =
                QuicChannel.newBootstrap(socket)
                        .handler(
                                new ChannelInboundHandlerAdapter() {
                                    @Override
                                    public void userEventTriggered(
                                            ChannelHandlerContext ctx, Object event) {
                                        if (event instanceof QuicConnectionCloseEvent close
                                                && close.isApplicationClose()) {
                                            closeCode = close.error();
                                        }
                                    }
                                })
                        .streamHandler(
                                new ChannelInitializer<QuicStreamChannel>() {
                                    @Override
                                    protected void initChannel(QuicStreamChannel channel) {
                                        Stream stream = new Stream(channel);
                                        channel.pipeline().addLast(stream);
                                        streams.add(stream);
                                    }
                                })
                        .remoteAddress(new InetSocketAddress("127.0.0.1", edge.getPort()))
                        .connect()
                        .get(30, TimeUnit.SECONDS);
    }

    boolean isOpen() {
        return connection.isActive();
    }

    void awaitClosed() {
        Eventually.until(() -> "closed; " + this, () -> !connection.isActive());
    }

    ScriptedQuicConnector openControl() throws Exception {
        Stream[] opened = new Stream[1];
        connection
                .createStream(
                        QuicStreamType.BIDIRECTIONAL,
                        new ChannelInitializer<QuicStreamChannel>() {
                            @Override
                            protected void initChannel(QuicStreamChannel channel) {
                                opened[0] = new Stream(channel);
                                channel.pipeline().addLast(opened[0]);
                            }
                        })
                .sync();
        control = opened[0];
        return this;
    }

    /// Bytes on the control stream as they are.
    void control(byte[] bytes) {
        control.send(bytes);
    }

    void endControl() {
        control.fin();
    }

    void resetControl() {
        control.channel.shutdown(0, control.channel.newPromise());
    }

    boolean hasControlEnded() {
        return control.ended;
    }

    byte[] controlReceived() {
        return control.received();
    }

    /// The whole way to the edge's decision.
    ScriptedQuicConnector register(RegisterConnection call) throws Exception {
        openControl();
        connection.eventLoop().execute(() -> conversation.register(call));
        Eventually.until(
                () -> "a decision; " + this,
                () -> details != null || error != null || failure != null);
        return this;
    }

    void unregister() {
        connection.eventLoop().execute(conversation::unregister);
    }

    Stream await(int index) {
        Eventually.until("stream " + index, () -> streams.size() > index);
        return streams.get(index);
    }

    /// Nothing more is sent or received, without a goodbye.
    void vanish() {
        socket.close().awaitUninterruptibly();
    }

    /// cloudflared's goodbye.
    @Override
    public void close() {
        if (connection.isActive()) {
            connection.close(true, 0, Unpooled.EMPTY_BUFFER).awaitUninterruptibly();
        }
        socket.close().awaitUninterruptibly();
    }

    final class Stream extends ChannelInboundHandlerAdapter {
        private final QuicStreamChannel channel;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        volatile boolean ended;

        Stream(QuicStreamChannel channel) {
            this.channel = channel;
            channel.config().setAllowHalfClosure(true);
        }

        void send(byte[] some) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(some));
        }

        void send(String text) {
            send(text.getBytes(StandardCharsets.US_ASCII));
        }

        void fin() {
            channel.writeAndFlush(new DefaultQuicStreamFrame(Unpooled.EMPTY_BUFFER, true));
        }

        byte[] received() {
            synchronized (bytes) {
                return bytes.toByteArray();
            }
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
            if (this == control) {
                try {
                    conversation.receive(ByteBuffer.wrap(copy));
                } catch (ProtocolException e) {
                    failure = e.getMessage();
                }
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            ended |= event instanceof ChannelInputShutdownEvent;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // A reset: the connection's end is what tests look at.
        }
    }

    @Override
    public void registered(ConnectionDetails accepted) {
        details = accepted;
    }

    @Override
    public void refused(ConnectionError refusal) {
        error = refusal;
    }

    @Override
    public void localConfigurationAccepted() {
        configurationAccepted = true;
    }

    @Override
    public void unregistered() {
        unregistered = true;
    }

    @Override
    public void failed(String reason) {
        failure = reason;
    }

    @Override
    public String toString() {
        return "streams="
                + streams.size()
                + " details="
                + details
                + " error="
                + error
                + " failure="
                + failure
                + " closeCode="
                + closeCode;
    }
}
