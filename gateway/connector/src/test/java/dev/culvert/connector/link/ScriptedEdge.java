package dev.culvert.connector.link;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.registration.ConnectionDetails;
import dev.culvert.protocols.registration.ConnectionError;
import dev.culvert.protocols.registration.RegisterConnection;
import dev.culvert.protocols.registration.RegistrationServer;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.Carrier;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.Listeners;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.http2.Http2Link;
import dev.culvert.transport.http2.LinkLimits;
import dev.culvert.transport.http2.TunnelHeads;
import dev.culvert.transport.quic.QuicLimits;
import dev.culvert.transport.quic.QuicLink;
import dev.culvert.transport.quic.QuicListener;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.testing.TestCertificates;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An edge that answers registrations as a test says, and keeps each accepted connection for it.
/// Thread-safe.
public final class ScriptedEdge implements AutoCloseable {
    static final Function<RegisterConnection, @Nullable ConnectionError> WELCOME = call -> null;

    static final QuicLimits QUIC =
            QuicLimits.TUNNEL.withIdle(Duration.ofSeconds(3), Duration.ofMillis(500));

    private final EventLoops loops = new EventLoops("scripted-edge", 1);
    private final Listeners listeners = new Listeners(loops);
    private final InetSocketAddress address;

    /// In the order they came.
    final List<Accepted> accepted = new CopyOnWriteArrayList<>();

    /// The refusal, or null to accept.
    volatile Function<RegisterConnection, @Nullable ConnectionError> answer = WELCOME;

    volatile boolean opensControl = true;
    volatile boolean decides = true;
    volatile boolean remotelyManaged;
    volatile boolean answersUnregister = true;

    public ScriptedEdge(TestCertificates.Leaf leaf) throws IOException {
        this(leaf, 0);
    }

    ScriptedEdge(TestCertificates.Leaf leaf, int port) throws IOException {
        SslContext tls = TlsContexts.tunnelServer(leaf.key(), leaf.certificate());
        address =
                listeners.listen(
                        "the scripted edge",
                        new InetSocketAddress("127.0.0.1", port),
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                Accepted connection = new Accepted(channel);
                                channel.pipeline()
                                        .addLast(tls.newHandler(channel.alloc()))
                                        .addLast(
                                                Http2Link.client(
                                                        new TunnelHeads(),
                                                        LinkLimits.TUNNEL,
                                                        connection));
                                accepted.add(connection);
                            }
                        });
    }

    /// Takes connections over QUIC too, on the same port.
    QuicListener listenQuic(TestCertificates.Leaf leaf) throws IOException {
        QuicSslContext tls = TlsContexts.quicServer(leaf.key(), leaf.certificate());
        QuicListener quic =
                new QuicListener(
                        loops,
                        QUIC,
                        () -> tls,
                        new ChannelInitializer<QuicChannel>() {
                            @Override
                            protected void initChannel(QuicChannel channel) {
                                Accepted connection = new Accepted(channel);
                                channel.pipeline().addLast(QuicLink.edge(QUIC, connection));
                                accepted.add(connection);
                            }
                        });
        listeners.listen("the scripted edge", address, quic);
        return quic;
    }

    public EdgeAddress address() {
        return new EdgeAddress("127.0.0.1", address.getPort());
    }

    Accepted await(int index) {
        Eventually.until(
                () -> "connection " + index + " of " + accepted.size(),
                () -> accepted.size() > index);
        return accepted.get(index);
    }

    @Override
    public void close() {
        listeners.close();
        accepted.forEach(connection -> connection.channel.close().awaitUninterruptibly());
        loops.close();
    }

    final class Accepted implements CarrierEvents, StreamPeer, RegistrationServer.Calls {
        final Channel channel;
        final long atNanos = System.nanoTime();
        private final RegistrationServer server;
        private StreamPeer control;
        volatile Carrier link;
        volatile RegisterConnection call;
        volatile boolean decided;
        volatile long decidedNanos;
        volatile boolean unregistered;
        volatile boolean controlEnded;
        volatile String ended;
        volatile String local;

        Accepted(Channel channel) {
            this.channel = channel;
            server =
                    new RegistrationServer(
                            bytes -> control.data(Unpooled.wrappedBuffer(bytes), false), this);
        }

        String protocol() {
            return link.protocol();
        }

        void awaitDecided() {
            Eventually.until("a registration", () -> decided);
        }

        void awaitClosed() {
            Eventually.until("closed", () -> !channel.isActive());
        }

        /// A request through this connection.
        Side open() {
            Side side = new Side(link.loop());
            StreamRequest request =
                    new StreamRequest(
                            StreamKind.HTTP, "GET", "a.test", "/", new HeaderList(), true);
            side.onLoop(() -> side.meet(link.open(request, side, link.loop())));
            return side;
        }

        void endControl() {
            channel.eventLoop().execute(() -> control.data(Unpooled.EMPTY_BUFFER, true));
        }

        void breakProtocol() {
            channel.eventLoop()
                    .execute(() ->
                            control.data(
                                    Unpooled.wrappedBuffer(
                                            new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}),
                                    false));
        }

        @Override
        public void ready(Carrier ready) {
            link = ready;
            if (opensControl) {
                control =
                        ready.open(
                                new StreamRequest(
                                        StreamKind.CONTROL,
                                        "GET",
                                        "edge",
                                        "/",
                                        new HeaderList(),
                                        false),
                                this,
                                ready.loop());
            }
        }

        @Override
        public void register(RegisterConnection request) {
            call = request;
            if (decides) {
                decide();
            }
        }

        /// Answers a registration that was left waiting.
        void decideNow() {
            link.loop().execute(this::decide);
        }

        private void decide() {
            RegisterConnection request = call;
            ConnectionError refusal = answer.apply(request);
            if (refusal == null) {
                server.registered(
                        new ConnectionDetails(UUID.randomUUID(), "test-edge", remotelyManaged));
            } else {
                server.refused(refusal);
            }
            decidedNanos = System.nanoTime();
            decided = true;
        }

        @Override
        public void unregister() {
            unregistered = true;
            if (answersUnregister) {
                server.unregistered();
            }
        }

        @Override
        public void localConfiguration(byte[] json) {
            local = new String(json, java.nio.charset.StandardCharsets.UTF_8);
        }

        @Override
        public void ended(String reason) {
            ended = reason;
        }

        @Override
        public void response(StreamResponse response, boolean end) {}

        @Override
        public void data(ByteBuf bytes, boolean end) {
            try {
                server.receive(bytes.nioBuffer());
            } catch (ProtocolException e) {
                throw new AssertionError(e);
            } finally {
                bytes.release();
            }
            controlEnded |= end;
        }

        @Override
        public void trailers(HeaderList trailers) {}

        @Override
        public void reset(StreamFault fault) {}

        @Override
        public void credit(int bytes) {}
    }
}
