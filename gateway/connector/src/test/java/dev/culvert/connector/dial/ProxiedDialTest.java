package dev.culvert.connector.dial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.connector.link.Connector;
import dev.culvert.connector.link.EdgeAddress;
import dev.culvert.connector.link.EdgeProblem;
import dev.culvert.connector.link.LinkSettings;
import dev.culvert.connector.link.Protocol;
import dev.culvert.connector.link.ProtocolChoice;
import dev.culvert.connector.link.ScriptedEdge;
import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.SideTarget;
import dev.culvert.transport.testing.TestCertificates;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
@Timeout(120)
final class ProxiedDialTest {
    private static final EdgeAddress EDGE = new EdgeAddress("edge.test", 7844);

    private final EventLoops loops = new EventLoops("proxy-test", 1);

    @AfterEach
    void close() {
        loops.close();
    }

    private static EdgeFinder finder(String url, int port, @Nullable InetAddress bind) {
        return new EdgeFinder(
                new EdgeSearch(
                        List.of(new EdgeTarget(0, 1, "edge.test", port)),
                        null,
                        IpVersion.AUTO,
                        bind,
                        EdgeProxy.of(Map.of("HTTPS_PROXY", url))),
                new DnsNames(null));
    }

    private EdgeProblem problem(String url) throws Exception {
        EdgeFinder finder = finder(url, EDGE.port(), null);
        ChannelHandler never = new ChannelInboundHandlerAdapter();
        var dialled =
                finder.open(new Dialer(loops), EDGE, Duration.ofSeconds(10), loops.next(), never);
        assertThat(dialled.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(dialled.cause()).isInstanceOf(EdgeProblem.class);
        return (EdgeProblem) dialled.cause();
    }

    @Test
    void aTunnelRegistersThroughAProxyWithCredentials() throws Exception {
        TestCertificates authority = new TestCertificates("edge-authority");
        try (ConnectProxy proxy = new ConnectProxy();
                ScriptedEdge edge = new ScriptedEdge(authority.leaf(LinkSettings.SERVER_NAME));
                Connector connector =
                        new Connector(
                                new LinkSettings(
                                        finder(
                                                "http://me:s%20cret@127.0.0.1:" + proxy.port(),
                                                edge.address().port(),
                                                null),
                                        TlsContexts.client(List.of(authority.ca())),
                                        new TunnelCredentials(
                                                "tag", new byte[32], UUID.randomUUID(), null),
                                        2,
                                        UUID.randomUUID(),
                                        "test",
                                        Duration.ofSeconds(1),
                                        ProtocolChoice.only(Protocol.HTTP2),
                                        null),
                                loops,
                                new SideTarget())) {
            connector.start();
            Eventually.until("both registered", () -> connector.registered() == 2);
            String basic = Base64.getEncoder().encodeToString("me:s cret".getBytes("US-ASCII"));
            // The name is the proxy's to resolve.
            assertThat(proxy.heads.getFirst())
                    .startsWith("CONNECT edge.test:" + edge.address().port() + " HTTP/1.1\r\n")
                    .containsIgnoringCase("proxy-authorization: Basic " + basic + "\r\n");
        }
    }

    @Test
    void whatAProxyAnswersIsSaidInWords() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy()) {
            String address = "127.0.0.1:" + proxy.port();
            proxy.refusal = "407 Proxy Authentication Required";
            EdgeProblem none = problem("http://" + address);
            assertThat(none)
                    .hasMessage("the proxy http://" + address + " asks for credentials (407)");
            assertThat(none.hint()).contains("HTTPS_PROXY");
            EdgeProblem wrong = problem("http://me:hunter2@" + address);
            assertThat(wrong).hasMessageContaining("does not accept the credentials (407)");
            assertThat(wrong.toString() + wrong.hint()).doesNotContain("hunter2");
            proxy.refusal = "401 Unauthorized";
            assertThat(problem("http://me:hunter2@" + address))
                    .hasMessageContaining("does not accept the credentials (401)");
            proxy.refusal = "403 Forbidden";
            EdgeProblem forbidden = problem("http://" + address);
            assertThat(forbidden)
                    .hasMessage(
                            "the proxy http://"
                                    + address
                                    + " refused CONNECT to edge.test:7844 (403)");
            assertThat(forbidden.hint()).contains("CONNECT to port 7844");
        }
    }

    @Test
    void aProxyThatIsNotThereIsNamed() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        assertThat(problem("http://127.0.0.1:" + port))
                .hasMessageContaining("the proxy http://127.0.0.1:" + port + " cannot be reached");
        assertThat(problem("http://proxy.invalid:" + port)).hasMessageContaining("cannot be found");
    }

    @Test
    void connectionsComeFromTheAddressWanted() throws IOException, InterruptedException {
        InetAddress bind = InetAddress.getByName("127.0.0.77");
        try (ServerSocket edge = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            EdgeFinder finder =
                    new EdgeFinder(
                            new EdgeSearch(
                                    List.of(new EdgeTarget(0, 1, "127.0.0.1", edge.getLocalPort())),
                                    null,
                                    IpVersion.AUTO,
                                    bind,
                                    null),
                            new DnsNames(null));
            EdgeAddress found = finder.next(0, loops.next()).sync().getNow();
            Channel channel =
                    finder.open(
                                    new Dialer(loops),
                                    found,
                                    Duration.ofSeconds(10),
                                    loops.next(),
                                    new ChannelInboundHandlerAdapter())
                            .sync()
                            .getNow();
            assertThat(((InetSocketAddress) channel.localAddress()).getAddress()).isEqualTo(bind);
            channel.close().sync();
        }
    }
}
