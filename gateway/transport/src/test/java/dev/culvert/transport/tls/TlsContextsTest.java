package dev.culvert.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.transport.Dialer;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.testing.TestCertificates;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class TlsContextsTest {
    private static final TestCertificates CA = new TestCertificates("right");
    private static final TestCertificates OTHER = new TestCertificates("wrong");
    private static final TestCertificates.Leaf LEAF = CA.leaf("edge.example");

    private final EventLoops loops = new EventLoops("tls", 1);
    private final CompletableFuture<byte[]> firstFlight = new CompletableFuture<>();

    @AfterEach
    void stop() {
        loops.close();
    }

    private SslHandler handshake(SslContext client, String name) throws Exception {
        SslContext server = TlsContexts.tunnelServer(LEAF.key(), LEAF.certificate());
        Channel listener =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.listenerType())
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(
                                                        new Recorder(firstFlight),
                                                        server.newHandler(channel.alloc()));
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        // Kept from the start: a failed handshake takes it out of the pipeline.
        CompletableFuture<SslHandler> added = new CompletableFuture<>();
        new Dialer(loops)
                .dial(
                        "127.0.0.1",
                        port,
                        Duration.ofSeconds(30),
                        loops.next(),
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel made) {
                                SslHandler handler = client.newHandler(made.alloc(), name, port);
                                made.pipeline().addLast(handler);
                                added.complete(handler);
                            }
                        });
        SslHandler handler = added.get(30, TimeUnit.SECONDS);
        handler.handshakeFuture().await(30, TimeUnit.SECONDS);
        return handler;
    }

    @Test
    void acceptsTheRightChainAndName() throws Exception {
        SslHandler handler = handshake(TlsContexts.client(List.of(CA.ca())), "edge.example");
        assertThat(handler.handshakeFuture().isSuccess()).isTrue();
        assertThat(handler.engine().getSession().getProtocol()).isEqualTo("TLSv1.3");
    }

    @Test
    void refusesAnotherAuthority() throws Exception {
        SslHandler handler = handshake(TlsContexts.client(List.of(OTHER.ca())), "edge.example");
        assertThat(handler.handshakeFuture().isSuccess()).isFalse();
    }

    @Test
    void refusesAnotherName() throws Exception {
        SslHandler handler = handshake(TlsContexts.client(List.of(CA.ca())), "other.example");
        assertThat(handler.handshakeFuture().isSuccess()).isFalse();
    }

    @Test
    void offersThePostQuantumGroupFirst() throws Exception {
        handshake(TlsContexts.client(List.of(CA.ca())), "edge.example");
        byte[] hello = firstFlight.get(30, TimeUnit.SECONDS);
        // supported_groups: X25519MLKEM768 (0x11ec), x25519 (0x001d), secp256r1 (0x0017).
        assertThat(hello)
                .containsSequence(0x00, 0x0a, 0x00, 0x08, 0x00, 0x06, 0x11, 0xec, 0, 0x1d, 0, 0x17);
    }

    @Test
    void saysWhatIsWrongWithABundle(@TempDir Path dir) throws IOException {
        Path missing = dir.resolve("missing.pem");
        assertThatThrownBy(() -> TlsContexts.roots(missing)).hasMessageContaining("no such file");
        Path empty = Files.writeString(dir.resolve("empty.pem"), "");
        assertThatThrownBy(() -> TlsContexts.roots(empty)).hasMessageContaining("empty.pem");
    }

    @Test
    void aRefusedOrUnknownAddressFailsTheDial() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Dialer dialer = new Dialer(loops);
        for (String host : new String[] {"127.0.0.1", "localhost", "app.localhost"}) {
            var refused = dialer.dial(host, free, Duration.ofSeconds(5), loops.next(), new Idle());
            assertThat(refused.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(refused.cause()).isInstanceOf(ConnectException.class);
        }
        var unknown =
                dialer.dial("no.such.invalid", 1, Duration.ofSeconds(5), loops.next(), new Idle());
        assertThat(unknown.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(unknown.cause()).isInstanceOf(UnknownHostException.class);
    }

    private static final class Idle extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }
    }

    private static final class Recorder extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<byte[]> first;

        Recorder(CompletableFuture<byte[]> first) {
            this.first = first;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            byte[] copy = new byte[bytes.readableBytes()];
            bytes.getBytes(bytes.readerIndex(), copy);
            first.complete(copy);
            ctx.fireChannelRead(message);
        }
    }
}
