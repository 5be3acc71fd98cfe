package dev.culvert.plugin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.connector.engine.OriginTargets;
import dev.culvert.connector.engine.StreamRouter;
import dev.culvert.plugin.Origin;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.Carrier;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.Listeners;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.http2.Http2Link;
import dev.culvert.transport.http2.LinkLimits;
import dev.culvert.transport.http2.TunnelHeads;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The connector's engine with one origin in it, and a way to open streams to it. Closing it checks what
/// must hold for every stream: the order of calls, and that nothing is counted as open any more.
///
/// Blocking; used by the test's thread.
final class Bench implements AutoCloseable {
    /// A window that grows with the delay of a busy machine is not the bound a plugin is held to.
    private static final LinkLimits LIMITS = LinkLimits.TUNNEL.withoutGrowth();

    static final String HOST = "app.example.com";
    private static final int MAX_STREAMS = 100;

    private final EventLoops loops = new EventLoops("contract", 2);
    private final Origin origin;
    private final StreamRouter router;
    private final EventLoop loop;
    private final StreamTarget entry;
    private final List<TunnelStream> streams = new ArrayList<>();
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final CompletableFuture<Carrier> connectorEnd = new CompletableFuture<>();
    private final CompletableFuture<Carrier> edgeEnd = new CompletableFuture<>();
    private final CompletableFuture<Carrier> edgeClosed = new CompletableFuture<>();
    private final Arrangement arrangement;

    Bench(Arrangement arrangement, Origin origin) throws IOException {
        this.arrangement = arrangement;
        this.origin = origin;
        origin.start();
        StreamTarget target = OriginTargets.of(origin, "contract", new Dialer(loops));
        router = new StreamRouter((host, path) -> target, MAX_STREAMS);
        if (arrangement == Arrangement.DIRECT) {
            loop = loops.next();
            entry = router;
        } else {
            tunnel();
            Carrier edge = edgeEnd.orTimeout(20, TimeUnit.SECONDS).join();
            // As the edge does once the connector has said what it is.
            edge.loop().submit(edge::peerRefillsItsWindow).syncUninterruptibly();
            loop = edge.loop();
            entry = edge;
        }
    }

    private void tunnel() throws IOException {
        TestAuthority authority = new TestAuthority();
        SslContext server =
                TlsContexts.tunnelServer(
                        authority.key.getPrivate(), authority.certificate, authority.root);
        SslContext client = TlsContexts.client(authority.roots());
        Listeners listeners = new Listeners(loops);
        resources.add(listeners);
        InetSocketAddress edge =
                listeners.listen(
                        "the edge of the test",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        pipeline(
                                channel -> server.newHandler(channel.alloc()),
                                () ->
                                        Http2Link.client(
                                                new TunnelHeads(),
                                                LIMITS,
                                                new Ready(edgeEnd, edgeClosed))));
        new Dialer(loops)
                .dial(
                        "127.0.0.1",
                        edge.getPort(),
                        Deadline.PATIENCE,
                        loops.next(),
                        pipeline(
                                channel ->
                                        client.newHandler(
                                                channel.alloc(), "localhost", edge.getPort()),
                                () ->
                                        Http2Link.server(
                                                new TunnelHeads(),
                                                LIMITS.withoutUnacknowledgedLimit(),
                                                router,
                                                new Ready(
                                                        connectorEnd, new CompletableFuture<>()))))
                .syncUninterruptibly();
    }

    private static ChannelHandler pipeline(
            Function<Channel, ChannelHandler> tls,
            java.util.function.Supplier<ChannelHandler> link) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(tls.apply(channel), link.get());
            }
        };
    }

    private record Ready(CompletableFuture<Carrier> ready, CompletableFuture<Carrier> gone)
            implements CarrierEvents {
        @Override
        public void ready(Carrier link) {
            ready.complete(link);
        }

        @Override
        public void closed(Carrier link) {
            gone.complete(link);
        }
    }

    // ---- streams

    TunnelStream open(StreamRequest request) {
        TunnelStream stream = new TunnelStream(loop);
        streams.add(stream);
        stream.open(entry, request);
        return stream;
    }

    /// A byte service's stream, with the edge's WebSocket client on it.
    WebSocketClient openWebSocket(boolean halfClose) {
        HeaderList headers =
                HeaderList.of(
                        "Sec-WebSocket-Key", WebSocketClient.KEY, "Sec-WebSocket-Version", "13");
        if (halfClose) {
            headers.add("Sec-WebSocket-Protocol", "culvert.stream.v1");
        }
        return new WebSocketClient(
                open(new StreamRequest(StreamKind.WEBSOCKET, "GET", HOST, "/", headers, false)));
    }

    TunnelStream request(String method, String path, HeaderList headers, boolean endOfBody) {
        return open(new StreamRequest(StreamKind.HTTP, method, HOST, path, headers, endOfBody));
    }

    TunnelStream get(String path) {
        return request("GET", path, new HeaderList(4), true);
    }

    // ---- the tunnel as a whole

    int openStreams() {
        return router.openStreams();
    }

    void awaitNoStreams() {
        Deadline.await("no stream is counted as open", () -> router.openStreams() == 0);
        if (arrangement == Arrangement.TUNNEL) {
            Deadline.await("no stream left at the edge", () -> edgeEnd.join().load() == 0);
        }
    }

    /// The connector announces its end: open streams go on.
    void drain() {
        if (arrangement == Arrangement.TUNNEL) {
            connectorEnd.join().drain(Duration.ofSeconds(30));
            Deadline.await("the edge has heard of it", () -> !edgeEnd.join().isOpen());
        }
    }

    /// After a drain: the connection went when the last stream had.
    void awaitDrained() {
        awaitNoStreams();
        if (arrangement == Arrangement.TUNNEL) {
            edgeClosed.orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    /// Loses the connection under the streams.
    void cut() {
        if (arrangement == Arrangement.TUNNEL) {
            edgeEnd.join().abort();
        } else {
            streams.forEach(TunnelStream::abandon);
        }
    }

    boolean isTunnel() {
        return arrangement == Arrangement.TUNNEL;
    }

    @Override
    public void close() throws Exception {
        try {
            streams.forEach(TunnelStream::abandon);
            awaitNoStreams();
            for (TunnelStream stream : streams) {
                assertThat(stream.violations()).as("the contract of StreamPeer").isEmpty();
            }
        } finally {
            origin.close();
            origin.close();
            for (AutoCloseable resource : resources) {
                resource.close();
            }
            loops.close();
        }
    }
}
