package dev.culvert.edge.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.edge.admission.Gate;
import dev.culvert.edge.admission.InBrowser;
import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.tokens.AccessToken;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeHalf;
import dev.culvert.plugin.edge.EdgePlugin;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.TunnelStream;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.Side;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class EdgePluginsTest {
    private static final String HOST = "terminal.example.com";
    private static final String WIKI = "wiki.example.com";

    @TempDir Path temp;
    private Gate gate;
    private Session ann;

    @BeforeEach
    void open() throws Exception {
        gate = new Gate(temp);
        ann = gate.signIn("ann@example.com");
    }

    @AfterEach
    void close() throws Exception {
        gate.close();
    }

    private EdgeServices services() {
        return gate.probe.services();
    }

    private Person person(Session session) {
        return new Person(session.id(), session.identity().id(), session.identity().email());
    }

    private static <T> CompletableFuture<T> later(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        result.complete(task.call());
                    } catch (Exception e) {
                        result.completeExceptionally(e);
                    }
                });
        return result;
    }

    private StreamRequest webSocket(String path) {
        return new StreamRequest(
                StreamKind.WEBSOCKET,
                "GET",
                HOST,
                path,
                HeaderList.of("Cf-Access-Token", gate.token(ann, "terminal")),
                false);
    }

    // ---- browsers

    @Test
    void aPageOfABrowserApplicationIsThePluginsAndNotTheServices() {
        Side page = gate.ask(Gate.get(HOST, "/x", "Cf-Access-Token", gate.token(ann, "terminal")));

        assertThat(page.awaitResponse().status()).isEqualTo(200);
        assertThat(page.text()).isEqualTo("ann@example.com at /x");
        assertThat(gate.origin.waiting()).isZero();
    }

    @Test
    void nobodyReachesThePluginWithoutSigningIn() {
        Side page = gate.ask(Gate.get(HOST, "/", "Accept", "text/html"));

        assertThat(page.awaitResponse().status()).isEqualTo(302);
    }

    @Test
    void aWebSocketOfThePluginEndsWithItsSession() throws Exception {
        CompletableFuture<String> ended = new CompletableFuture<>();
        gate.probe.inBrowser((admitted, exchange) -> {
            admitted.onEnd(ended::complete);
            exchange.respond(101, new HeaderList(1));
            while (exchange.body().read() >= 0) {
                // Until the edge ends it.
            }
        });
        Side socket = gate.send(webSocket("/.culvert/ssh/terminal"));
        assertThat(socket.awaitResponse().status()).isEqualTo(101);

        gate.sessions.end(ann.id());
        gate.target.review();
        gate.plugins.review();

        assertThat(ended.get()).isEqualTo("your session was ended");
        socket.awaitEnd();
        assertThat(socket.text()).contains("your session was ended");
    }

    @Test
    void whereRecordingIsRequiredNoProgramGetsAStreamThatCannotBeRecorded() throws Exception {
        Side socket = gate.ask(webSocket("/"));

        assertThat(socket.awaitResponse().status()).isEqualTo(403);
        assertThat(socket.text()).contains("recording_required");
        assertThat(gate.origin.waiting()).isZero();
        assertThat(gate.auditLines()).contains("recording_required");
    }

    private Side askedWithoutPlugins(StreamRequest request) {
        return gate.send(gate.target(InBrowser.NOTHING), request, "192.0.2.7");
    }

    @Test
    void whereRecordingIsRequiredNothingIsForwardedWhenThePluginIsMissing() throws Exception {
        for (StreamRequest request :
                List.of(
                        Gate.get(HOST, "/", "Cf-Access-Token", gate.token(ann, "terminal")),
                        webSocket("/.culvert/ssh/terminal"))) {
            Side refused = askedWithoutPlugins(request);

            assertThat(refused.awaitResponse().status()).isEqualTo(503);
            refused.awaitEnd();
            assertThat(refused.text()).contains("recording_unavailable");
        }
        assertThat(gate.origin.waiting()).isZero();
    }

    @Test
    void whereItIsNotRequiredTheServiceAnswersWhenThePluginIsMissing() throws Exception {
        gate.rules.apply(Gate.RULES.replace("recording: required", "recording: off"), "test");

        Side answered =
                askedWithoutPlugins(
                        Gate.get(HOST, "/", "Cf-Access-Token", gate.token(ann, "terminal")));
        gate.origin.next().respond(204, new HeaderList(1), true);

        assertThat(answered.awaitResponse().status()).isEqualTo(204);
    }

    private static String desktop(String settings) {
        return Gate.RULES.replace(
                """
                    kind: ssh
                    browser: true
                    domains: [terminal.example.com]
                    ssh: {recording: required}
                """
                        .stripTrailing(),
                """
                    kind: rdp
                    browser: true
                    domains: [terminal.example.com]
                    desktop: %s
                """
                        .formatted(settings)
                        .stripTrailing());
    }

    @Test
    void aDesktopIsOpenToNoProgramUnlessItsRulesSaySo() throws Exception {
        gate.rules.apply(desktop("{read_only: true}"), "test");
        Side refused = gate.ask(webSocket("/"));

        assertThat(refused.awaitResponse().status()).isEqualTo(403);
        assertThat(refused.text()).contains("only_in_browser");
        assertThat(gate.origin.waiting()).isZero();

        gate.rules.apply(desktop("{programs: true}"), "test");
        Side let = gate.send(webSocket("/"));
        gate.origin.next().respond(101, new HeaderList(1), false);
        assertThat(let.awaitResponse().status()).isEqualTo(101);

        gate.rules.apply(desktop("{read_only: true}"), "test");
        gate.target.review();
        let.awaitEnd();
    }

    @Test
    void aDesktopIsNotForwardedWhenThePluginIsMissing() throws Exception {
        gate.rules.apply(desktop("{read_only: true}"), "test");
        Side page = gate.send(Gate.get(HOST, "/", "Cf-Access-Token", gate.token(ann, "terminal")));

        assertThat(page.awaitResponse().status()).isEqualTo(503);
        page.awaitEnd();
        assertThat(page.text()).contains("desktop_unavailable");
        assertThat(gate.origin.waiting()).isZero();
    }

    // ---- streams to services

    private Admitted admitted() throws Exception {
        return services().admit(person(ann), HOST, "192.0.2.9");
    }

    private Side accepted(CompletableFuture<TunnelStream> opening, String... headers)
            throws Exception {
        Side service = gate.origin.next();
        service.respond(101, HeaderList.of(headers), false);
        opening.get();
        return service;
    }

    @Test
    void theServiceIsToldWhoAsks() throws Exception {
        try (Admitted admitted = admitted()) {
            CompletableFuture<TunnelStream> opening = later(admitted::open);
            StreamRequest request = accepted(opening).request();

            assertThat(request.kind()).isEqualTo(StreamKind.WEBSOCKET);
            assertThat(request.authority()).isEqualTo(HOST);
            assertThat(request.headers().first("Cf-Access-Jwt-Assertion")).isNotNull();
            assertThat(request.headers().first("Cf-Access-Authenticated-User-Email"))
                    .isEqualTo("ann@example.com");
            assertThat(request.headers().first("X-Forwarded-For")).isEqualTo("192.0.2.9");
            opening.get().close();
        }
    }

    @Test
    void aRequestThatIsNoWebSocketOpensAStreamAllTheSame() throws Exception {
        gate.probe.inBrowser((admitted, exchange) -> {
            admitted.open().close();
            exchange.respond(204, new HeaderList(1), new byte[0]);
        });
        Side page =
                gate.send(
                        new StreamRequest(
                                StreamKind.HTTP,
                                "POST",
                                HOST,
                                "/.culvert/desktop/sessions",
                                HeaderList.of("Cf-Access-Token", gate.token(ann, "terminal")),
                                true));
        Side service = gate.origin.next();

        assertThat(service.request().kind()).isEqualTo(StreamKind.WEBSOCKET);
        assertThat(service.request().method()).isEqualTo("GET");
        assertThat(service.request().path()).isEqualTo("/");
        service.respond(101, new HeaderList(1), false);
        assertThat(page.awaitResponse().status()).isEqualTo(204);
    }

    @Test
    void bytesGoBothWaysInMaskedFramesOfAtMost16KiB() throws Exception {
        try (Admitted admitted = admitted()) {
            CompletableFuture<TunnelStream> opening = later(admitted::open);
            Side service = accepted(opening, "Sec-WebSocket-Protocol", "culvert.stream.v1");
            TunnelStream stream = opening.get();

            stream.output().write(new byte[40_000]);
            // Two of 16 KiB with heads of 8 bytes, and one of 7,232.
            service.awaitReceived(40_000 + 3 * 8);
            stream.endOutput();
            // An empty message: the other direction goes on.
            service.awaitReceived(40_000 + 3 * 8 + 6);
            service.sendBytes(0x82, 1, 'x');
            assertThat(stream.input().read()).isEqualTo('x');
            assertThat(stream.halfClose()).isTrue();
            stream.close();
        }
    }

    @Test
    void whatTheServiceSaysIsUnpacked() throws Exception {
        try (Admitted admitted = admitted()) {
            CompletableFuture<TunnelStream> opening = later(admitted::open);
            Side service = accepted(opening);
            TunnelStream stream = opening.get();

            service.sendBytes(0x82, 3, 'a', 'b', 'c', 0x89, 1, 'p', 0x82, 1);
            service.sendBytes('d', 0x88, 2, 3, 0xe8);

            assertThat(stream.input().readAllBytes())
                    .isEqualTo("abcd".getBytes(StandardCharsets.US_ASCII));
            // A pong of one byte: two of head, four of mask.
            service.awaitReceived(7);
            assertThat(stream.halfClose()).isFalse();
            stream.close();
        }
    }

    @Test
    void aServiceThatClosesForAReasonSaysIt() throws Exception {
        try (Admitted admitted = admitted()) {
            CompletableFuture<TunnelStream> opening = later(admitted::open);
            Side service = accepted(opening);

            service.sendBytes(0x88, 6, 0x03, 0xf6, 'n', 'o', 'p', 'e');

            assertThatThrownBy(() -> opening.get().input().read())
                    .isInstanceOf(IOException.class)
                    .hasMessage("nope");
        }
    }

    @Test
    void aStreamThatWasCutIsNoEnd() throws Exception {
        try (Admitted admitted = admitted()) {
            CompletableFuture<TunnelStream> opening = later(admitted::open);
            Side service = accepted(opening);

            service.sendReset(StreamFault.connectionLost("gone"));

            assertThatThrownBy(() -> opening.get().input().read())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("gone");
        }
    }

    @Test
    void aClosedStreamEndsAtTheServiceAlthoughItDoesNotRead() throws Exception {
        try (Admitted admitted = admitted()) {
            CompletableFuture<TunnelStream> opening = later(admitted::open);
            Side service = gate.origin.next();
            service.notReading().respond(101, new HeaderList(1), false);
            TunnelStream stream = opening.get();
            CompletableFuture<Boolean> writing =
                    later(() -> {
                        stream.output().write(new byte[1 << 20]);
                        return true;
                    });
            Eventually.until("the writer waits", () -> service.received() > 200_000);

            stream.close();

            service.awaitFault();
            assertThatThrownBy(writing::get).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void aServiceThatIsNotThereIsNamedWithTheCodeOfItsPage() throws Exception {
        try (Admitted admitted = admitted()) {
            CompletableFuture<TunnelStream> opening = later(admitted::open);
            gate.origin
                    .next()
                    .respond(
                            StreamResponse.failed(
                                    new OriginFailure(OriginFailure.Code.REFUSED, "dial")),
                            true);

            assertThatThrownBy(opening::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            e -> assertThat(e.code()).isEqualTo("origin_refused"));
        }
    }

    // ---- who may

    @Test
    void policiesDecideAboutPeopleOfAListenerAndItIsWrittenDown() throws Exception {
        Session stranger = gate.signIn("eve@elsewhere.example");

        assertThatThrownBy(() -> services().admit(person(stranger), HOST, "192.0.2.9"))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.code()).isEqualTo("denied"));
        assertThatThrownBy(() -> services().admit(person(ann), "nowhere.example.com", "::1"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.code()).isEqualTo("unknown_host"));
        try (Admitted admitted = admitted()) {
            assertThat(admitted.ssh().principals()).containsExactly("ann");
            assertThat(gate.plugins.streams()).hasSize(1);
        }
        assertThat(gate.plugins.streams()).isEmpty();
        gate.awaitAudited(AuditEvent.Kind.STREAM, "closed");
        assertThat(gate.auditLines())
                .contains("eve@elsewhere.example")
                .contains("\"outcome\":\"denied\"")
                .contains("\"outcome\":\"allowed\"");
    }

    @Test
    void aSessionThatHasEndedOpensNothing() throws Exception {
        gate.sessions.end(ann.id());

        assertThatThrownBy(this::admitted).hasMessage("Your session has ended.");
        assertThat(services().person(ann.id())).isNull();
    }

    @Test
    void whoMayNotStayIsToldOnce() throws Exception {
        List<String> told = new ArrayList<>();
        try (Admitted admitted = admitted()) {
            admitted.onEnd(told::add);
            gate.plugins.review();
            assertThat(told).isEmpty();

            gate.rules.apply(Gate.RULES.replace("recording: required", "recording: off"), "test");
            gate.plugins.review();
            gate.plugins.review();

            assertThat(told).containsExactly("the access rules of this address were changed");
        }
    }

    @Test
    void anApplicationsTokenShowsWhoAsks() throws Exception {
        try (Admitted admitted =
                services().admitByToken(gate.token(ann, "terminal"), "192.0.2.9")) {
            assertThat(admitted.application()).isEqualTo("terminal");
            assertThat(admitted.person()).isEqualTo(person(ann));
        }
        String org =
                gate.tokens.issue(
                        AccessToken.Type.ORG,
                        "auth.example.com",
                        ann.id(),
                        ann.identity(),
                        ann.expiresAt());
        for (String bad : List.of("", "a.b.c", org)) {
            assertThatThrownBy(() -> services().admitByToken(bad, "192.0.2.9"))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            e -> assertThat(e.code()).isEqualTo("bad_token"));
        }
    }

    @Test
    void aPluginServesApplicationsOfItsKindAlone() {
        List<ThrowingCallable> asked =
                List.of(
                        () -> services().admit(person(ann), WIKI, "192.0.2.9"),
                        () -> services().admitByToken(gate.token(ann, "wiki"), "192.0.2.9"));
        for (ThrowingCallable call : asked) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo("unknown_host");
                                assertThat(e).hasMessageContaining("of kind ssh at " + WIKI);
                            });
        }
    }

    // ---- the rest

    @Test
    void secretsOfPluginsAreNotReadableInTheState() throws Exception {
        byte[] secret = "the secret of a plugin".getBytes(StandardCharsets.US_ASCII);
        services().store().put("key", "one", secret, true);
        services().store().put("name", "two", "plain".getBytes(StandardCharsets.US_ASCII), false);

        assertThat(services().store().get("key", "one")).contains(secret);
        assertThat(services().store().putIfAbsent("key", "one", new byte[1], true))
                .isEqualTo(secret);
        assertThat(services().store().all("name"))
                .singleElement()
                .satisfies(value -> assertThat(value.key()).isEqualTo("two"));
        try (Stream<Path> files = Files.list(gate.folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("the secret of a plugin");
            }
        }
        assertThat(services().store().remove("key", "one")).isTrue();
        assertThat(services().store().get("key", "one")).isEmpty();
    }

    @Test
    void aListenerHandsItsConnectionsToThePlugin() throws Exception {
        int port = gate.plugins.port(ProbePlugin.NAME);
        assertThat(services().listenerPort()).isEqualTo(port);
        try (Socket client = new Socket("127.0.0.1", port)) {
            client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes())
                    .isEqualTo("hello".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void theOwnerAndTheAuthHostReachThePlugin() throws Exception {
        assertThat(gate.plugins.admin("ssh", "GET", "ca", "{}")).contains("GET ca");
        assertThatThrownBy(() -> gate.plugins.admin("rdp", "GET", "ca", "{}"))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("no plugin \"rdp\"");
        assertThat(
                        gate.ask(Gate.get("auth.example.com", "/cdn-cgi/access/probe"))
                                .awaitResponse()
                                .status())
                .isEqualTo(200);
    }

    @Test
    void twoOfOneKindDoNotStart() {
        EdgePlugin second =
                new EdgePlugin() {
                    @Override
                    public String name() {
                        return "other";
                    }

                    @Override
                    public Set<String> kinds() {
                        return Set.of("ssh", "rdp");
                    }

                    @Override
                    public EdgeHalf start(EdgeServices services) {
                        throw new AssertionError("not started");
                    }
                };
        try (EdgePlugins twice = new EdgePlugins(List.of(new ProbePlugin(), second))) {
            assertThatThrownBy(() -> twice.start(gate.parts, name -> null, Map.of()))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("two plugins serve applications of kind ssh");
        }
    }

    @Test
    void twoOfOneNameDoNotStart() {
        try (EdgePlugins twice = new EdgePlugins(List.of(new ProbePlugin(), new ProbePlugin()))) {
            assertThatThrownBy(() -> twice.start(gate.parts, name -> null, Map.of()))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("two plugins are called ssh");
        }
    }
}
