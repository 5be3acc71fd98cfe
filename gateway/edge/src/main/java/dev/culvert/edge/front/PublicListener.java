package dev.culvert.edge.front;

import dev.culvert.edge.admission.Visitor;
import dev.culvert.edge.certificates.KeyMaterial;
import dev.culvert.edge.certificates.ServerCertificates;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.LogThrottle;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.http1.Http1Front;
import dev.culvert.transport.http2.Http2Link;
import dev.culvert.transport.http2.PublicHeads;
import dev.culvert.transport.tls.ClientAuthorities;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsyncMapping;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sets up connections of users: the certificate by SNI, made or read on a virtual thread, then HTTP/2
/// or HTTP/1.1 as ALPN says.
///
/// Thread-safe.
public final class PublicListener extends ChannelInitializer<Channel> {
    private static final Logger log = LoggerFactory.getLogger(PublicListener.class);
    private static final LogThrottle REFUSED = new LogThrottle(20, Duration.ofSeconds(10));
    private static final int MAX_CONTEXTS = 2048;
    private static final int MAX_CLIENT_HELLO = 16 * 1024;
    private static final int HANDSHAKE_MILLIS = 10_000;

    private final ServerCertificates certificates;
    private final PublicTarget target;
    private final ClientCertificates clientCertificates;
    private final Countries countries;
    private final Map<ContextKey, SslContext> contexts = new ConcurrentHashMap<>();

    /// Tickets of one context are not taken by another, so that no session goes over from a name that
    /// asks for certificates to one that does not, or back.
    private record ContextKey(X509Certificate leaf, boolean asksClients) {}

    /// Where an address is. Never blocks.
    public interface Countries {
        Countries UNKNOWN = address -> null;

        /// @return ISO 3166-1 alpha-2, null when not known
        @Nullable String country(InetAddress address);
    }

    /// @param clientCertificates which ones are asked for
    public PublicListener(
            ServerCertificates certificates,
            PublicTarget target,
            ClientCertificates clientCertificates,
            Countries countries) {
        this.certificates = certificates;
        this.target = target;
        this.clientCertificates = clientCertificates;
        this.countries = countries;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!mayConnect(channel)) {
            // Before TLS: nothing could be said yet.
            channel.close();
            return;
        }
        AsyncMapping<String, SslContext> bySni = this::contextFor;
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.pipeline()
                .addLast(new SniHandler(bySni, MAX_CLIENT_HELLO, HANDSHAKE_MILLIS))
                .addLast(new Negotiated());
    }

    private boolean mayConnect(Channel channel) {
        String client = address(channel);
        if (!target.clients().connect(client)) {
            target.metrics().connectionRefused();
            long leftOut = REFUSED.permit();
            if (leftOut >= 0) {
                log.info(
                        "Connection refused, its client has too many client={} limit={} leftOut={}",
                        client,
                        target.limits().clientConnections(),
                        leftOut);
            }
            return false;
        }
        channel.closeFuture().addListener(closed -> target.clients().disconnect(client));
        return true;
    }

    private Future<SslContext> contextFor(@Nullable String sni, Promise<SslContext> promise) {
        Thread.ofVirtual()
                .name("certificate")
                .start(() -> {
                    try {
                        promise.trySuccess(context(certificates.forName(sni), sni));
                    } catch (IOException | RuntimeException e) {
                        log.warn(
                                "No certificate for a client's handshake reason=\"{}\"",
                                e.getMessage());
                        promise.tryFailure(e);
                    }
                });
        return promise;
    }

    private SslContext context(KeyMaterial material, @Nullable String sni) throws IOException {
        ClientAuthorities clients = clientCertificates.toAsk(sni);
        ContextKey key = new ContextKey(material.leaf(), clients != null);
        SslContext known = contexts.get(key);
        if (known != null) {
            return known;
        }
        SslContext made = TlsContexts.publicServer(clients, material.key(), material.chainArray());
        if (contexts.size() >= MAX_CONTEXTS) {
            contexts.clear();
        }
        contexts.put(key, made);
        return made;
    }

    private final class Negotiated extends ApplicationProtocolNegotiationHandler {
        Negotiated() {
            super(ApplicationProtocolNames.HTTP_1_1);
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
            ChannelPipeline pipeline = ctx.pipeline();
            StreamTarget streams = target.forClient(visitor(ctx));
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                pipeline.addLast(
                        Http2Link.server(
                                new PublicHeads(),
                                target.limits().http2(),
                                streams,
                                CarrierEvents.NONE));
            } else {
                Http1Front.addTo(pipeline, streams, target.limits().http1());
            }
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
            log.debug(
                    "handshake failed remote={} cause={}",
                    ctx.channel().remoteAddress(),
                    cause.toString());
            ctx.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.debug(
                    "client connection failed remote={} cause={}",
                    ctx.channel().remoteAddress(),
                    cause.toString());
            ctx.close();
        }
    }

    private Visitor visitor(ChannelHandlerContext ctx) {
        InetAddress address =
                ctx.channel().remoteAddress() instanceof InetSocketAddress socket
                        ? socket.getAddress()
                        : InetAddress.getLoopbackAddress();
        SSLEngine tls = ctx.pipeline().get(SslHandler.class).engine();
        return new Visitor(
                address(ctx.channel()),
                address,
                clientCertificates.of(tls.getSession()),
                clientCertificates.mayAsk() && !tls.getWantClientAuth(),
                countries.country(address));
    }

    private static String address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress socket
                ? Clients.text(socket.getAddress())
                : "unknown";
    }
}
