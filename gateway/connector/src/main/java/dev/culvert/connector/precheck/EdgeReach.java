package dev.culvert.connector.precheck;

import dev.culvert.connector.dial.EdgeFinder;
import dev.culvert.connector.dial.NameService;
import dev.culvert.connector.link.EdgeAddress;
import dev.culvert.connector.link.EdgeProblem;
import dev.culvert.connector.link.LinkProblem;
import dev.culvert.connector.precheck.Precheck.Outcome;
import dev.culvert.connector.precheck.Precheck.Row;
import dev.culvert.transport.Dialer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Looks whether the edges can be found, reached and trusted: names, TCP (through the proxy, if there is
/// one), TLS and the certificate's name and dates. A probe closes after the handshake without a byte, as
/// cloudflared's do; edges take no notice.
///
/// Blocking: virtual threads only.
public final class EdgeReach implements Precheck {
    /// cloudflared's probes ask for this name; an edge's certificate has it.
    static final String SERVER_NAME = "probe.cftunnel.com";

    private static final Duration EACH = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofDays(2);

    private final EdgeFinder edges;
    private final Dialer dialer;
    private final EventLoop loop;
    private final SslContext tls;
    private final Duration soon;

    /// @param edges a source of its own: it counts attempts
    public EdgeReach(EdgeFinder edges, Dialer dialer, EventLoop loop, SslContext tls) {
        this(edges, dialer, loop, tls, SOON);
    }

    /// @param soon a certificate that ends within this time gives a warning
    EdgeReach(EdgeFinder edges, Dialer dialer, EventLoop loop, SslContext tls, Duration soon) {
        this.soon = soon;
        this.edges = edges;
        this.dialer = dialer;
        this.loop = loop;
        this.tls = tls;
    }

    @Override
    public List<Row> look() throws InterruptedException {
        Set<EdgeAddress> found = new LinkedHashSet<>();
        // Its own index gives every edge in turn, until one comes again.
        for (int i = 0; i < NameService.MAX_TARGETS; i++) {
            Future<EdgeAddress> next = edges.next(0, loop);
            if (!next.await(EACH.toMillis(), TimeUnit.MILLISECONDS) || !next.isSuccess()) {
                return List.of(lookUpFailed(next.cause()));
            }
            if (!found.add(next.getNow())) {
                break;
            }
        }
        List<Row> rows = new ArrayList<>();
        rows.add(Row.pass("DNS", "edges", found.size() + " found: " + names(found)));
        for (EdgeProblem problem : edges.leftOut()) {
            rows.add(lookUpFailed(problem));
        }
        for (EdgeAddress edge : found) {
            rows.addAll(reach(edge));
        }
        return rows;
    }

    private static String names(Set<EdgeAddress> found) {
        List<String> all = found.stream().limit(4).map(EdgeAddress::toString).toList();
        return String.join(", ", all) + (found.size() > all.size() ? ", …" : "");
    }

    private static Row lookUpFailed(@Nullable Throwable cause) {
        return cause instanceof EdgeProblem problem
                ? new Row(
                        "DNS",
                        problem.edge(),
                        Outcome.FAIL,
                        String.valueOf(problem.getMessage()),
                        problem.hint())
                : new Row(
                        "DNS",
                        "edges",
                        Outcome.FAIL,
                        "no answer within " + EACH.toSeconds() + " s",
                        "check the name servers of this machine");
    }

    private List<Row> reach(EdgeAddress edge) throws InterruptedException {
        String target = edge.toString();
        String by = edges.isProxied(edge) ? "TCP by proxy" : "TCP";
        Promise<SSLSession> shaken = loop.newPromise();
        long start = System.nanoTime();
        Promise<Channel> dialled = edges.open(dialer, edge, EACH, loop, new Setup(edge, shaken));
        dialled.await(EACH.toMillis() + 500, TimeUnit.MILLISECONDS);
        if (!dialled.isSuccess()) {
            LinkProblem problem =
                    LinkProblem.of(
                            edge,
                            "no answer within " + EACH.toSeconds() + " s",
                            null,
                            dialled.cause());
            return List.of(new Row(by, target, Outcome.FAIL, problem.sentence(), problem.hint()));
        }
        long connected = (System.nanoTime() - start) / 1_000_000;
        List<Row> rows = new ArrayList<>();
        rows.add(Row.pass(by, target, connected + " ms"));
        shaken.await(EACH.toMillis(), TimeUnit.MILLISECONDS);
        Channel channel = dialled.getNow();
        try {
            if (shaken.isSuccess()) {
                rows.add(certificate(target, shaken.getNow()));
            } else {
                LinkProblem problem =
                        LinkProblem.of(
                                edge,
                                "no handshake within " + EACH.toSeconds() + " s",
                                null,
                                shaken.cause());
                boolean clock = isAboutTheClock(shaken.cause());
                rows.add(
                        new Row(
                                clock ? "clock" : "TLS",
                                target,
                                Outcome.FAIL,
                                problem.sentence(),
                                problem.hint()));
            }
        } finally {
            channel.close();
        }
        return rows;
    }

    private static boolean isAboutTheClock(@Nullable Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof CertificateNotYetValidException) {
                return true;
            }
        }
        return false;
    }

    private Row certificate(String target, SSLSession session) {
        String detail = session.getProtocol() + " " + session.getCipherSuite();
        try {
            if (session.getPeerCertificates()[0] instanceof X509Certificate certificate) {
                Instant end = certificate.getNotAfter().toInstant();
                detail += ", certificate until " + end;
                if (end.isBefore(Instant.now().plus(soon))) {
                    return new Row(
                            "TLS",
                            target,
                            Outcome.WARN,
                            detail,
                            "the edge's certificate ends soon: see whether it is renewed");
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            return new Row("TLS", target, Outcome.FAIL, "no certificate", "is it an edge?");
        }
        return Row.pass("TLS", target, detail);
    }

    private final class Setup extends ChannelInitializer<Channel> {
        private final EdgeAddress edge;
        private final Promise<SSLSession> shaken;

        Setup(EdgeAddress edge, Promise<SSLSession> shaken) {
            this.edge = edge;
            this.shaken = shaken;
        }

        @Override
        protected void initChannel(Channel channel) {
            SslHandler handshake = tls.newHandler(channel.alloc(), SERVER_NAME, edge.port());
            handshake
                    .handshakeFuture()
                    .addListener(done -> {
                        if (done.isSuccess()) {
                            shaken.trySuccess(handshake.engine().getSession());
                        } else {
                            shaken.tryFailure(done.cause());
                        }
                    });
            ChannelHandler quiet =
                    new ChannelInboundHandlerAdapter() {
                        @Override
                        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                            ctx.close();
                        }
                    };
            channel.pipeline().addLast(handshake, quiet);
        }
    }
}
