package dev.culvert.connector.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.PlainJWT;
import dev.culvert.config.ConfigMap;
import dev.culvert.config.ProblemList;
import dev.culvert.config.YamlFile;
import dev.culvert.connector.assertion.Issuer;
import dev.culvert.connector.destination.OwnListeners;
import dev.culvert.connector.ingress.Ingress;
import dev.culvert.connector.ingress.IngressReader;
import dev.culvert.connector.ingress.PluginCatalog;
import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.DialSettings;
import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.Problems;
import dev.culvert.plugin.ProxiedHttpOrigin;
import dev.culvert.plugin.ServiceSpec;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `originRequest.access`, from the file to the socket of the origin: before the verdict nothing gets
/// there.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class AssertedTargetTest {
    private static final Issuer ISSUER = new Issuer("k1");
    private static final Issuer STRANGER = new Issuer("k1");

    private final EventLoops loops = new EventLoops("asserted", 1);
    private final EventLoop loop = loops.next();
    private com.sun.net.httpserver.HttpServer keys;
    private ServerSocket origin;

    @BeforeEach
    void listen() throws Exception {
        origin = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        origin.setSoTimeout(30_000);
        keys =
                com.sun.net.httpserver.HttpServer.create(
                        new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        keys.createContext(
                "/",
                exchange -> {
                    byte[] body = ISSUER.keySet().getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        keys.start();
    }

    @AfterEach
    void close() throws Exception {
        keys.stop(0);
        origin.close();
        loops.close();
    }

    /// Whether it is HTTP or bytes, the origin is the same socket.
    private final class Plugin implements OriginPlugin {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public Set<String> schemes() {
            return Set.of("http", "tcp");
        }

        @Override
        public @Nullable Origin configure(ServiceSpec service, Problems problems) {
            Endpoint endpoint = new Endpoint.Tcp("127.0.0.1", origin.getLocalPort());
            return service.scheme().equals("http")
                    ? new ProxiedHttpOrigin(
                            endpoint,
                            DialSettings.DEFAULT,
                            null,
                            null,
                            1,
                            Duration.ofSeconds(9),
                            true)
                    : new Bytes(endpoint, DialSettings.DEFAULT);
        }
    }

    private record Bytes(Endpoint endpoint, DialSettings dialling) implements ByteOrigin {}

    private String access() {
        return "access: {required: true, issuer: \"%s\", certsUrl: \"http://127.0.0.1:%d/\", audTag: [%s]}"
                .formatted(Issuer.NAME, keys.getAddress().getPort(), Issuer.AUDIENCE);
    }

    private OriginTargets targets(String yaml) throws Exception {
        ProblemList problems = new ProblemList();
        ConfigMap root = YamlFile.parse("c.yml", yaml, problems);
        Ingress ingress = new IngressReader(PluginCatalog.of(new Plugin()), note -> {}).read(root);
        assertThat(problems.problems()).isEmpty();
        return new OriginTargets(ingress, new Dialer(loops), OwnListeners.NONE);
    }

    private Side open(OriginTargets rules, StreamKind kind, String... assertions) throws Exception {
        HeaderList headers = HeaderList.of("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        for (String each : assertions) {
            headers.add("Cf-Access-Jwt-Assertion", each);
        }
        StreamRequest request =
                new StreamRequest(kind, "POST", "app.example.com", "/", headers, false);
        Side side = new Side(loop);
        loop.submit(() -> side.meet(new StreamRouter(rules, 10).open(request, side, loop))).sync();
        // A body that does not wait for the answer.
        side.send("secret", true);
        return side;
    }

    private void assertDenied(Side side, OriginFailure.Code code, String detail) throws Exception {
        assertThat(side.awaitResponse().status()).isEqualTo(code.status());
        assertThat(side.awaitResponse().failure().code()).isEqualTo(code);
        assertThat(side.awaitResponse().failure().detail()).contains(detail);
        side.awaitCredited(6);
        assertThat(side.breaches()).isEmpty();
        origin.setSoTimeout(1);
        try (Socket somebody = origin.accept()) {
            throw new AssertionError("the origin was dialled: " + somebody);
        } catch (java.net.SocketTimeoutException e) {
            // As it should be.
        }
    }

    private static String good() {
        return ISSUER.sign(Issuer.claims(Instant.now()).build());
    }

    @ParameterizedTest
    @CsvSource({
        "http, HTTP, rule",
        "http, WEBSOCKET, rule",
        "tcp, WEBSOCKET, rule",
        "tcp, HTTP, top",
        "http, HTTP, top",
        "http, WEBSOCKET, top",
        "tcp, WEBSOCKET, top"
    })
    void nothingReachesAnOriginWithoutAGoodAssertion(String scheme, StreamKind kind, String level)
            throws Exception {
        OriginTargets rules =
                targets(
                        level.equals("top")
                                ? "originRequest: {%s}\ningress: [{service: \"%s://a\"}]"
                                        .formatted(access(), scheme)
                                : "ingress: [{service: \"%s://a\", originRequest: {%s}}]"
                                        .formatted(scheme, access()));
        assertDenied(open(rules, kind), OriginFailure.Code.DENIED, "no access token");
        assertDenied(
                open(rules, kind, new PlainJWT(Issuer.claims(Instant.now()).build()).serialize()),
                OriginFailure.Code.DENIED,
                "no signed JWT");
        assertDenied(
                open(rules, kind, STRANGER.sign(Issuer.claims(Instant.now()).build())),
                OriginFailure.Code.DENIED,
                "signature is wrong");
        assertDenied(
                open(
                        rules,
                        kind,
                        ISSUER.sign(Issuer.claims(Instant.now().minusSeconds(120)).build())),
                OriginFailure.Code.DENIED,
                "expired");
        assertDenied(
                open(
                        rules,
                        kind,
                        ISSUER.sign(Issuer.claims(Instant.now()).audience("other").build())),
                OriginFailure.Code.DENIED,
                "not for this application");
        origin.setSoTimeout(30_000);
        open(rules, kind, good());
        origin.accept().close();
    }

    @Test
    void nothingReachesAnOriginWithoutTheIssuersKeys() throws Exception {
        OriginTargets rules =
                targets(
                        "ingress: [{service: \"http://a\", originRequest: {%s}}]"
                                .formatted(access()));
        keys.stop(0);
        assertDenied(
                open(rules, StreamKind.HTTP, good()),
                OriginFailure.Code.UNREACHABLE,
                "keys cannot be fetched");
    }

    @Test
    void aRuleReplacesTheTopLevel() throws Exception {
        OriginTargets rules =
                targets(
                        "originRequest: {%s}\ningress: [{service: \"tcp://a\", originRequest: {access: {required: false}}}]"
                                .formatted(access()));
        open(rules, StreamKind.WEBSOCKET);
        origin.accept().close();
    }

    @Test
    void aClientThatGoesBeforeTheVerdictLeavesNothing() throws Exception {
        OriginTargets rules =
                targets(
                        "ingress: [{service: \"http://a\", originRequest: {%s}}]"
                                .formatted(access()));
        Side side = open(rules, StreamKind.HTTP);
        side.sendReset(dev.culvert.transport.StreamFault.cancelled("gone"));
        side.awaitCredited(6);
    }
}
