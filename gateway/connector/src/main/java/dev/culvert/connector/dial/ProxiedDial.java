package dev.culvert.connector.dial;

import dev.culvert.connector.link.EdgeAddress;
import dev.culvert.connector.link.EdgeProblem;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Connections to the edge through a proxy: `CONNECT` (RFC 9110, section 9.3.6) with Basic credentials,
/// or SOCKS5 (RFC 1928). The edge's name goes to the proxy as it is.
///
/// Immutable. The proxy's own name is resolved on a virtual thread.
record ProxiedDial(EdgeProxy proxy, NameService names, @Nullable InetAddress bind) {
    private static final Pattern STATUS = Pattern.compile("status: (\\d{3})");

    Promise<Channel> open(
            Dialer dialer,
            EdgeAddress edge,
            Duration timeout,
            EventLoop loop,
            ChannelHandler initializer) {
        Promise<Channel> result = loop.newPromise();
        Thread.ofVirtual()
                .name("proxy-name")
                .start(() -> {
                    try {
                        List<InetAddress> found = names.addresses(proxy.host());
                        InetSocketAddress address =
                                new InetSocketAddress(found.getFirst(), proxy.port());
                        SslContext tls =
                                proxy.kind() == EdgeProxy.Kind.HTTPS
                                        ? TlsContexts.client(TlsContexts.systemRootsAnd(null))
                                        : null;
                        dialer.connect(
                                        InetSocketAddress.createUnresolved(
                                                edge.host(), edge.port()),
                                        bind,
                                        timeout,
                                        loop,
                                        new Setup(address, tls, timeout, initializer, edge, result))
                                .addListener(done -> {
                                    if (!done.isSuccess()) {
                                        result.tryFailure(problem(edge, done.cause()));
                                    }
                                });
                    } catch (IOException e) {
                        result.tryFailure(
                                new EdgeProblem(
                                        edge.toString(),
                                        "the proxy " + proxy + " cannot be found: " + reason(e),
                                        "check " + proxy.variable(),
                                        e));
                    }
                });
        return result;
    }

    /// The proxy's handler alone, until the proxy has connected; then what the caller wants in its place.
    private final class Setup extends ChannelInitializer<Channel> {
        private final InetSocketAddress address;
        private final @Nullable SslContext tls;
        private final Duration timeout;
        private final ChannelHandler next;
        private final EdgeAddress edge;
        private final Promise<Channel> result;

        Setup(
                InetSocketAddress address,
                @Nullable SslContext tls,
                Duration timeout,
                ChannelHandler next,
                EdgeAddress edge,
                Promise<Channel> result) {
            this.address = address;
            this.tls = tls;
            this.timeout = timeout;
            this.next = next;
            this.edge = edge;
            this.result = result;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (tls != null) {
                channel.pipeline()
                        .addLast(tls.newHandler(channel.alloc(), proxy.host(), proxy.port()));
            }
            ProxyHandler handler = handler();
            handler.setConnectTimeoutMillis(timeout.toMillis());
            Failures failures = new Failures();
            channel.pipeline().addLast(handler, failures);
            handler.connectFuture()
                    .addListener(done -> {
                        if (!done.isSuccess()) {
                            result.tryFailure(problem(edge, done.cause()));
                            channel.close();
                        } else if (result.trySuccess(channel)) {
                            channel.pipeline().addLast(next);
                            channel.pipeline().remove(failures);
                            channel.pipeline().remove(handler);
                        } else {
                            channel.close();
                        }
                    });
        }

        private ProxyHandler handler() {
            String user = proxy.user();
            String password = proxy.password();
            if (proxy.kind() == EdgeProxy.Kind.SOCKS5) {
                return new Socks5ProxyHandler(address, user, password);
            }
            return user == null || password == null
                    ? new HttpProxyHandler(address)
                    : new HttpProxyHandler(address, user, password);
        }
    }

    /// The promise has them already; nobody needs Netty's report.
    private static final class Failures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /// In words; the credentials are in none of them.
    private EdgeProblem problem(EdgeAddress edge, Throwable cause) {
        Matcher status = STATUS.matcher(String.valueOf(cause.getMessage()));
        String code = status.find() ? status.group(1) : "";
        String sentence;
        String hint;
        if (code.equals("407") || code.equals("401")) {
            sentence =
                    "the proxy "
                            + proxy
                            + (proxy.user() == null
                                    ? " asks for credentials ("
                                    : " does not accept the credentials (")
                            + code
                            + ")";
            hint =
                    "write them into "
                            + proxy.variable()
                            + " as "
                            + "http://USER:PASSWORD@HOST:PORT, percent-encoded";
        } else if (!code.isEmpty()) {
            sentence = "the proxy " + proxy + " refused CONNECT to " + edge + " (" + code + ")";
            hint =
                    "allow CONNECT to port "
                            + edge.port()
                            + " in the proxy's configuration, or name the edge in NO_PROXY";
        } else if (cause instanceof ProxyConnectException) {
            sentence = "the proxy " + proxy + " did not connect to " + edge + ": " + reason(cause);
            hint = "see the proxy's log, or name the edge in NO_PROXY";
        } else {
            sentence = "the proxy " + proxy + " cannot be reached: " + reason(cause);
            hint = "check " + proxy.variable() + " and whether the proxy runs";
        }
        return new EdgeProblem(edge.toString(), sentence, hint, cause);
    }

    private static String reason(Throwable cause) {
        Throwable at = cause;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        String message = String.valueOf(at.getMessage());
        // epoll's message has the name of a C function before it.
        return message.contains("Connection refused") ? "connection refused" : message;
    }
}
