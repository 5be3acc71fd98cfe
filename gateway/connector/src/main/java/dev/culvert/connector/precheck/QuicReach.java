package dev.culvert.connector.precheck;

import dev.culvert.connector.dial.EdgeFinder;
import dev.culvert.connector.dial.NameService;
import dev.culvert.connector.link.EdgeAddress;
import dev.culvert.connector.link.LinkProblem;
import dev.culvert.connector.link.LinkSettings;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.DeadPeer;
import dev.culvert.transport.quic.QuicDialer;
import dev.culvert.transport.quic.QuicLink;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Looks whether the edges answer over UDP: a QUIC handshake, closed with cloudflared's words. Edges that
/// are not found are [EdgeReach]'s to tell.
///
/// Blocking: virtual threads only.
public final class QuicReach implements Precheck {
    private static final byte[] DONE = "precheck complete".getBytes(StandardCharsets.US_ASCII);
    private static final long EACH_MILLIS = QuicDialer.HANDSHAKE_WITHIN.toMillis() + 500;

    private final EdgeFinder edges;
    private final QuicDialer dialer;
    private final EventLoop loop;
    private final LinkSettings.Quic quic;
    private final boolean required;

    /// @param edges a source of its own: it counts attempts
    /// @param required no other protocol may be used
    public QuicReach(
            EdgeFinder edges,
            QuicDialer dialer,
            EventLoop loop,
            LinkSettings.Quic quic,
            boolean required) {
        this.edges = edges;
        this.dialer = dialer;
        this.loop = loop;
        this.quic = quic;
        this.required = required;
    }

    @Override
    public List<Row> look() throws InterruptedException {
        Set<EdgeAddress> found = new LinkedHashSet<>();
        for (int i = 0; i < NameService.MAX_TARGETS; i++) {
            Future<EdgeAddress> next = edges.next(0, loop);
            if (!next.await(EACH_MILLIS, TimeUnit.MILLISECONDS)
                    || !next.isSuccess()
                    || !found.add(next.getNow())) {
                break;
            }
        }
        List<Row> rows = new ArrayList<>();
        for (EdgeAddress edge : found) {
            rows.add(reach(edge));
        }
        return rows;
    }

    private Row reach(EdgeAddress edge) throws InterruptedException {
        InetAddress ip = edge.ip();
        if (ip == null || edges.isProxied(edge)) {
            return new Row(
                    "QUIC",
                    edge.toString(),
                    required ? Outcome.FAIL : Outcome.SKIP,
                    "UDP does not pass the proxy",
                    required ? "use protocol http2, or name the edge in NO_PROXY" : "");
        }
        long start = System.nanoTime();
        Promise<QuicChannel> dialled =
                dialer.dial(
                        new InetSocketAddress(ip, edge.port()),
                        edges.localAddress(),
                        quic.tls(),
                        EdgeReach.SERVER_NAME,
                        quic.limits(),
                        loop,
                        QuicLink.connector(
                                quic.limits(),
                                (request, caller, on) -> new DeadPeer(caller),
                                CarrierEvents.NONE));
        if (dialled.await(EACH_MILLIS, TimeUnit.MILLISECONDS) && dialled.isSuccess()) {
            // Not as an application does, see QuicLink: the handshake may not be confirmed yet.
            dialled.getNow().close(false, 0, Unpooled.wrappedBuffer(DONE));
            long millis = (System.nanoTime() - start) / 1_000_000;
            return Row.pass("QUIC", edge.toString(), millis + " ms");
        }
        LinkProblem problem =
                LinkProblem.of(edge, "nothing answers over UDP", null, dialled.cause());
        return new Row(
                "QUIC",
                edge.toString(),
                required ? Outcome.FAIL : Outcome.WARN,
                problem.sentence(),
                required
                        ? "open UDP port "
                                + edge.port()
                                + " towards the edge, or use protocol http2"
                        : "HTTP/2 is used meanwhile; open UDP port " + edge.port() + " for QUIC");
    }
}
