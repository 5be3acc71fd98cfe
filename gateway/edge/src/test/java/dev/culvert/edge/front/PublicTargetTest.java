package dev.culvert.edge.front;

import static dev.culvert.transport.StreamFault.Kind.NOT_READ;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.culvert.edge.admission.InBrowser;
import dev.culvert.edge.admission.Visitor;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.edge.tunnel.JoinedTunnel;
import dev.culvert.edge.tunnel.TunnelRegistry;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// Public requests against a tunnel whose connector is the test, all on the test's thread.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class PublicTargetTest {
    private static final String CLIENT = "192.0.2.7";
    private static final Duration TIME = Duration.ofSeconds(60);

    @TempDir Path temp;
    private final TunnelRegistry registry = new TunnelRegistry();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final EdgeMetrics metrics = new EdgeMetrics(meters);
    private final EmbeddedChannel client = new EmbeddedChannel();
    private final List<JoinedTunnel> tunnels = new ArrayList<>();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger requests = (Logger) LoggerFactory.getLogger("dev.culvert.edge.requests");
    private StateDirectory directory;
    private State state;
    private PublicTarget target;

    @BeforeEach
    void open() throws Exception {
        directory = StateDirectory.open(temp.resolve("state"));
        state = State.open(directory, null);
        state.createTunnel("home");
        state.addRoute("open.example.com", "home", true);
        state.addRoute("*.wild.example.com", "home", true);
        state.addRoute("shut.example.com", "home", false);
        target = target(100);
        logged.start();
        requests.addAppender(logged);
    }

    private static Visitor visitor(String address) {
        return Visitor.of(address, InetAddress.ofLiteral(address));
    }

    private PublicTarget target(int maxStreams) {
        return target(maxStreams, PublicLimits.DEFAULT);
    }

    private PublicTarget target(int maxStreams, PublicLimits limits) {
        return new PublicTarget(
                state::directory, registry, metrics, maxStreams, limits, null, InBrowser.NOTHING);
    }

    @AfterEach
    void close() {
        requests.detachAppender(logged);
        tunnels.forEach(JoinedTunnel::close);
        turn();
        assertThat(metrics.streams()).isZero();
        state.close();
        directory.close();
    }

    private JoinedTunnel connect(int index) {
        UUID id = state.listTunnels().getFirst().id();
        JoinedTunnel joined = new JoinedTunnel(id, index).in(registry);
        tunnels.add(joined);
        return joined;
    }

    private void turn() {
        for (int quiet = 0; quiet < 4; quiet++) {
            client.runPendingTasks();
            for (JoinedTunnel tunnel : tunnels) {
                if (tunnel.turn()) {
                    quiet = 0;
                }
            }
        }
    }

    private static StreamRequest get(String authority, String... headers) {
        return new StreamRequest(
                StreamKind.HTTP, "GET", authority, "/x?y=1", HeaderList.of(headers), true);
    }

    private static StreamRequest post(String authority, String... headers) {
        return new StreamRequest(
                StreamKind.HTTP, "POST", authority, "/", HeaderList.of(headers), false);
    }

    private Side ask(StreamRequest request) {
        return ask(CLIENT, request);
    }

    private Side ask(String address, StreamRequest request) {
        Side side = new Side(client.eventLoop());
        side.meet(target.forClient(visitor(address)).open(request, side, client.eventLoop()));
        turn();
        return side;
    }

    private static void assertError(Side answered, EdgeError error) {
        assertThat(answered.awaitResponse().status()).isEqualTo(error.status());
        assertThat(answered.text()).contains("\"code\":\"" + error.code() + "\"");
        assertThat(answered.ended()).isTrue();
        assertThat(answered.breaches()).isEmpty();
    }

    /// Some origins merge trailers into the header.
    @Test
    void trailersDoNotSayWhoTheClientIs() {
        JoinedTunnel tunnel = connect(0);
        Side user = ask(post("open.example.com"));
        user.sendTrailers(
                HeaderList.of(
                        "cf-connecting-ip",
                        "203.0.113.9",
                        "X-Forwarded-For",
                        "203.0.113.9",
                        "x-checksum",
                        "1"));
        turn();
        assertThat(tunnel.streams.next().trailers()).isEqualTo(HeaderList.of("x-checksum", "1"));
        user.sendReset(StreamFault.cancelled("done"));
        turn();
    }

    /// A bastion service asks the client where to go; nothing else may ask.
    @ParameterizedTest
    @CsvSource({"WEBSOCKET, true", "HTTP, false"})
    void onlyAWebSocketNamesItsDestination(StreamKind kind, boolean named) {
        JoinedTunnel tunnel = connect(0);
        HeaderList headers =
                HeaderList.of(
                        "CF-Access-Jump-Destination",
                        "db:5432",
                        "cf_access_jump_destination",
                        "a:1",
                        "cf-access-jump-destinations",
                        "b:1");
        ask(new StreamRequest(kind, "GET", "open.example.com", "/", headers, true));
        Side origin = tunnel.streams.next();
        HeaderList sent = origin.request().headers();
        assertThat(sent.all("cf-access-jump-destination"))
                .isEqualTo(named ? List.of("db:5432") : List.of());
        assertThat(sent.contains("cf_access_jump_destination")).isFalse();
        assertThat(sent.contains("cf-access-jump-destinations")).isFalse();
        origin.respond(204, HeaderList.of(), true);
        turn();
    }

    /// A body that came in one read with its head: nobody may count it for ever.
    @Test
    void theBodyOfARefusedRequestIsCredited() {
        Side user = new Side(client.eventLoop());
        user.meet(
                target.forClient(visitor(CLIENT))
                        .open(post("nowhere.example.com"), user, client.eventLoop()));
        user.send("a whole body", true);
        turn();
        assertError(user, EdgeError.UNKNOWN_HOST);
        assertThat(user.credited()).isEqualTo(user.sent());
    }

    // ---- the decision

    @ParameterizedTest
    @ValueSource(
            strings = {
                "open.example.com",
                "open.example.com:8443",
                "open.example.com.",
                "open.example.com.:8443",
                "a.wild.example.com",
                "a.b.wild.example.com:443"
            })
    void aPublicNameReachesItsTunnel(String authority) {
        JoinedTunnel tunnel = connect(0);
        Side user = ask(get(authority));
        Side origin = tunnel.streams.next();
        // A final dot says nothing that an ingress rule would want to know.
        assertThat(origin.request().authority()).isEqualTo(authority.replace(".com.", ".com"));
        origin.respond(200, HeaderList.of("X-A", "b"), false);
        origin.send("hello", true);
        turn();
        assertThat(user.awaitResponse().status()).isEqualTo(200);
        assertThat(user.text()).isEqualTo("hello");
        assertThat(user.ended()).isTrue();
        assertThat(user.breaches()).isEmpty();
        assertThat(origin.breaches()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "other.example.com, UNKNOWN_HOST",
        "wild.example.com, UNKNOWN_HOST",
        "open.example.com.., UNKNOWN_HOST",
        "liveness.culvert.invalid, UNKNOWN_HOST",
        "management.argotunnel.com, UNKNOWN_HOST",
        "management.argotunnel.com:443, UNKNOWN_HOST",
        "management.argotunnel.com., UNKNOWN_HOST",
        "127.0.0.1:8443, UNKNOWN_HOST",
        "[::1]:8443, UNKNOWN_HOST",
        "'', UNKNOWN_HOST",
        "shut.example.com, CLOSED",
        "shut.example.com.:8443, CLOSED"
    })
    void aDeniedRequestReachesNoTunnel(String authority, EdgeError error) {
        JoinedTunnel tunnel = connect(0);
        assertError(ask(get(authority)), error);
        Side withBody = ask(post(authority));
        withBody.send("secret", true);
        turn();
        assertError(withBody, error);
        assertThat(tunnel.streams.waiting()).isZero();
        assertThat(tunnel.connection().carrier().load()).isZero();
    }

    @Test
    void aTunnelWithoutConnectionsIsDown() {
        Side user = ask(get("open.example.com"));
        assertError(user, EdgeError.TUNNEL_DOWN);
        assertThat(user.awaitResponse().headers().first("retry-after")).isEqualTo("5");
    }

    @Test
    void aDrainingEdgeTakesNothingNew() {
        JoinedTunnel tunnel = connect(0);
        Side before = ask(get("open.example.com"));
        target.drain();
        assertError(ask(get("open.example.com")), EdgeError.DRAINING);
        tunnel.streams.next().respond(204, HeaderList.of(), true);
        turn();
        assertThat(before.awaitResponse().status()).isEqualTo(204);
    }

    @Test
    void takesAsManyStreamsAsTheLimitSays() {
        target = target(2);
        JoinedTunnel tunnel = connect(0);
        Side first = ask(get("open.example.com"));
        Side second = ask(get("open.example.com"));
        assertError(ask(get("open.example.com")), EdgeError.OVERLOADED);
        tunnel.streams.next().respond(204, HeaderList.of(), true);
        tunnel.streams.next().respond(204, HeaderList.of(), true);
        turn();
        assertThat(first.awaitResponse().status()).isEqualTo(204);
        assertThat(second.awaitResponse().status()).isEqualTo(204);
        Side third = ask(get("open.example.com"));
        tunnel.streams.next().respond(204, HeaderList.of(), true);
        turn();
        assertThat(third.awaitResponse().status()).isEqualTo(204);
    }

    @Test
    void aClientOpensAsManyStreamsAsItsLimitSays() {
        target = target(100, new PublicLimits(1024, 4096, 8, TIME, TIME, TIME, 10, 10, 2));
        JoinedTunnel tunnel = connect(0);
        Side first = ask("2001:db8::1", get("open.example.com"));
        Side second = ask("2001:db8::2", get("open.example.com"));
        assertError(ask("2001:db8::ffff:3", get("open.example.com")), EdgeError.TOO_MANY_STREAMS);
        Side other = ask("2001:db8:0:1::1", get("open.example.com"));
        for (int i = 0; i < 3; i++) {
            tunnel.streams.next().respond(204, HeaderList.of(), true);
        }
        turn();
        assertThat(first.awaitResponse().status()).isEqualTo(204);
        assertThat(second.awaitResponse().status()).isEqualTo(204);
        assertThat(other.awaitResponse().status()).isEqualTo(204);
        Side third = ask("2001:db8::3", get("open.example.com"));
        tunnel.streams.next().respond(204, HeaderList.of(), true);
        turn();
        assertThat(third.awaitResponse().status()).isEqualTo(204);
        assertThat(target.clients().size()).isZero();
    }

    @Test
    void anAddressOrHeaderBeyondItsLimitIsRefusedWhateverTheProtocol() {
        target = target(100, new PublicLimits(1024, 4096, 2, TIME, TIME, TIME, 10, 10, 10));
        JoinedTunnel tunnel = connect(0);
        StreamRequest request =
                new StreamRequest(
                        StreamKind.HTTP,
                        "GET",
                        "open.example.com",
                        "/" + "x".repeat(1024),
                        HeaderList.of(),
                        true);
        assertError(ask(request), EdgeError.ADDRESS_TOO_LONG);
        assertError(
                ask(get("open.example.com", "a", "1", "b", "2", "c", "3")),
                EdgeError.TOO_MANY_FIELDS);
        assertThat(tunnel.streams.waiting()).isZero();
    }

    // ---- clients that do not move

    private void stallTimeout() {
        for (int i = 0; i <= StallWatch.TICKS; i++) {
            target.tick();
            turn();
        }
    }

    @Test
    void anAnswerThatNobodyTakesIsCut() {
        JoinedTunnel tunnel = connect(0);
        Side user = new Side(client.eventLoop()).notReading();
        user.meet(
                target.forClient(visitor(CLIENT))
                        .open(get("open.example.com"), user, client.eventLoop()));
        turn();
        Side origin = tunnel.streams.next();
        origin.respond(200, HeaderList.of(), false);
        origin.send("some of it", false);
        turn();
        stallTimeout();
        assertThat(user.awaitFault().kind()).isEqualTo(StreamFault.Kind.TIMED_OUT);
        assertThat(origin.awaitFault().kind()).isEqualTo(StreamFault.Kind.CANCELLED);
        assertThat(meters.counter("culvert.streams.stalled").count()).isEqualTo(1);
    }

    /// Also one that is complete, and one of our own.
    @Test
    void aStreamCountsUntilItsLastByteIsTaken() {
        JoinedTunnel tunnel = connect(0);
        Side whole = new Side(client.eventLoop()).notReading();
        whole.meet(
                target.forClient(visitor(CLIENT))
                        .open(get("open.example.com"), whole, client.eventLoop()));
        Side refused = new Side(client.eventLoop()).notReading();
        refused.meet(
                target.forClient(visitor(CLIENT))
                        .open(get("nowhere.example.com"), refused, client.eventLoop()));
        turn();
        Side origin = tunnel.streams.next();
        origin.respond(200, HeaderList.of(), false);
        origin.send("all of it", true);
        turn();
        assertThat(whole.ended()).isTrue();
        assertThat(refused.ended()).isTrue();
        assertThat(metrics.streams()).isEqualTo(2);
        refused.resume();
        turn();
        assertThat(metrics.streams()).isEqualTo(1);
        stallTimeout();
        assertThat(whole.awaitFault().kind()).isEqualTo(StreamFault.Kind.TIMED_OUT);
        assertThat(metrics.streams()).isZero();
    }

    @Test
    void aBodyThatStopsShortOfItsLengthIs408() {
        JoinedTunnel tunnel = connect(0);
        Side user = ask(post("open.example.com", "content-length", "100"));
        user.send("some", false);
        turn();
        stallTimeout();
        assertError408(user);
        assertThat(tunnel.streams.next().awaitFault())
                .isEqualTo(StreamFault.cancelled("the peer cancelled the stream"));
    }

    private static void assertError408(Side user) {
        assertThat(user.awaitResponse().status()).isEqualTo(408);
        assertThat(user.text()).contains("request_timed_out");
        assertThat(user.faults()).extracting(StreamFault::kind).containsExactly(NOT_READ);
    }

    @Test
    void whatIsMerelyIdleIsNotCut() {
        JoinedTunnel tunnel = connect(0);
        Side longPoll = ask(get("open.example.com"));
        Side waiting =
                ask(post("open.example.com", "content-length", "100", "expect", "100-continue"));
        Side upload = ask(post("open.example.com"));
        upload.send("a part of a body without length", false);
        Side complete = ask(post("open.example.com", "content-length", "4"));
        complete.send("body", true);
        turn();
        Side events = ask(get("open.example.com"));
        for (int i = 0; i < 4; i++) {
            tunnel.streams.next();
        }
        Side origin = tunnel.streams.next();
        origin.respond(200, HeaderList.of("Content-Type", "text/event-stream"), false);
        origin.send("data: 1", false);
        turn();
        for (int i = 0; i < 3; i++) {
            stallTimeout();
        }
        for (Side user : List.of(longPoll, waiting, upload, complete, events)) {
            assertThat(user.faults()).isEmpty();
            user.sendReset(StreamFault.cancelled("done"));
        }
        turn();
    }

    @Test
    void interimAnswersAndTheExpectationPass() {
        JoinedTunnel tunnel = connect(0);
        Side user = ask(post("open.example.com", "content-length", "4", "expect", "100-continue"));
        Side origin = tunnel.streams.next();
        assertThat(origin.request().headers().first("expect")).isEqualTo("100-continue");
        origin.inform(100, HeaderList.of());
        origin.inform(103, HeaderList.of("link", "</a>"));
        turn();
        user.awaitInterim(2);
        assertThat(user.interim().getLast().headers()).isEqualTo(HeaderList.of("link", "</a>"));
        user.send("body", true);
        turn();
        assertThat(origin.text()).isEqualTo("body");
        origin.respond(204, HeaderList.of(), true);
        turn();
        assertThat(user.awaitResponse().status()).isEqualTo(204);
    }

    // ---- the answer to a failure

    @ParameterizedTest
    @EnumSource(OriginFailure.Code.class)
    void eachFailureOfAnOriginHasItsAnswer(OriginFailure.Code code) {
        JoinedTunnel tunnel = connect(0);
        Side user = ask(get("open.example.com"));
        Side origin = tunnel.streams.next();
        origin.respond(StreamResponse.failed(new OriginFailure(code, "why so")), true);
        turn();
        assertError(user, EdgeError.of(code));
        assertThat(user.awaitResponse().status()).isEqualTo(code.status());
        assertThat(logged.list.getLast().getFormattedMessage()).contains("why so");
        assertThat(user.text()).doesNotContain("why so");
    }

    @Test
    void browsersGetAPageAndProgramsGetJson() {
        Side page = ask(get("no.example.com", "Accept", "text/html,application/xhtml+xml"));
        assertThat(page.awaitResponse().headers().first("content-type"))
                .isEqualTo("text/html; charset=utf-8");
        assertThat(page.text()).startsWith("<!doctype html>").contains("no.example.com");
        assertThat(page.awaitResponse().headers().first("content-length"))
                .isEqualTo(Long.toString(page.received()));
        for (String accept : new String[] {"*/*", "application/json", ""}) {
            Side json = ask(get("no.example.com", "Accept", accept));
            assertThat(json.awaitResponse().headers().first("content-type"))
                    .isEqualTo("application/json");
            assertThat(json.text()).startsWith("{\"error\":{\"code\":\"unknown_host\"");
        }
    }

    @Test
    void aHostileNameIsTextOnThePage() {
        String evil = "<script>alert(1)</script>\"'&.example.com";
        Side page = ask(get(evil, "Accept", "text/html"));
        assertThat(page.text())
                .doesNotContain("<script")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;");
        assertThat(page.awaitResponse().headers().first("content-security-policy"))
                .contains("default-src 'none'");
    }

    @Test
    void theSameIdIsInAnswerHeaderAndLog() {
        Side json = ask(get("no.example.com"));
        String id = json.awaitResponse().headers().first("x-request-id");
        assertThat(id).matches("[0-9a-f]{16}");
        assertThat(json.text()).contains("\"id\":\"" + id + "\"");
        assertThat(logged.list.getLast().getFormattedMessage())
                .contains("id=" + id)
                .contains("code=unknown_host");
        Side page = ask(get("no.example.com", "Accept", "text/html"));
        String second = page.awaitResponse().headers().first("x-request-id");
        assertThat(second).isNotEqualTo(id);
        assertThat(page.text()).contains(second);
    }

    @Test
    void aLineBreakInTheNameMakesNoLogLine() {
        ask(get("no\r\nlevel=ERROR.example.com"));
        assertThat(logged.list.getLast().getFormattedMessage()).doesNotContain("\n", "\r");
    }

    @Test
    void anErrorForHeadHasNoBody() {
        StreamRequest head =
                new StreamRequest(
                        StreamKind.HTTP, "HEAD", "no.example.com", "/", HeaderList.of(), true);
        Side user = ask(head);
        assertThat(user.awaitResponse().status()).isEqualTo(404);
        assertThat(user.awaitResponse().headers().first("content-length")).isNotEqualTo("0");
        assertThat(user.received()).isZero();
        assertThat(user.ended()).isTrue();
    }

    @Test
    void anErrorBeforeTheBodyHasComeIsSaidToBeFinal() {
        Side user = ask(post("no.example.com"));
        assertError(user, EdgeError.UNKNOWN_HOST);
        assertThat(user.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
        user.send("more", true);
        turn();
        assertThat(metrics.streams()).isZero();
    }

    // ---- what goes into the tunnel

    @Test
    void whatAClientMayNotSayIsReplaced() {
        JoinedTunnel tunnel = connect(0);
        Side user =
                ask(
                        get(
                                "open.example.com:8443",
                                "CF-Connecting-IP",
                                "6.6.6.6",
                                "cf-access-jwt-assertion",
                                "forged",
                                "Cf-Cloudflared-Proxy-Connection-Upgrade",
                                "control-stream",
                                "cf-cloudflared-proxy-src",
                                "1.2.3.4",
                                "X-Forwarded-For",
                                "6.6.6.6",
                                "x-forwarded-proto",
                                "http",
                                "X-Forwarded-Host",
                                "bank.example",
                                "X-Forwarded-Port",
                                "1",
                                "Forwarded",
                                "for=6.6.6.6",
                                "X-Real-IP",
                                "6.6.6.6",
                                "True-Client-IP",
                                "6.6.6.6",
                                "X-Request-Id",
                                "mine",
                                "X-Other",
                                "kept",
                                "Cookie",
                                "a=1"));
        Side origin = tunnel.streams.next();
        HeaderList sent = origin.request().headers();
        assertThat(origin.request().kind()).isEqualTo(StreamKind.HTTP);
        assertThat(origin.request().path()).isEqualTo("/x?y=1");
        assertThat(sent.all("cf-connecting-ip")).containsExactly(CLIENT);
        assertThat(sent.all("x-forwarded-for")).containsExactly(CLIENT);
        assertThat(sent.all("x-forwarded-proto")).containsExactly("https");
        assertThat(sent.all("x-forwarded-host")).containsExactly("open.example.com:8443");
        assertThat(sent.all("cf-ray")).containsExactlyElementsOf(sent.all("x-request-id"));
        assertThat(sent.first("x-request-id")).matches("[0-9a-f]{16}");
        assertThat(sent.contains("x-forwarded-port")).isFalse();
        assertThat(sent.contains("forwarded")).isFalse();
        assertThat(sent.contains("x-real-ip")).isFalse();
        assertThat(sent.contains("true-client-ip")).isFalse();
        assertThat(sent.contains("cf-access-jwt-assertion")).isFalse();
        assertThat(sent.contains("cf-cloudflared-proxy-src")).isFalse();
        assertThat(sent.first("x-other")).isEqualTo("kept");
        assertThat(sent.first("cookie")).isEqualTo("a=1");
        assertThat(sent.all("accept-encoding")).containsExactly("identity");
        origin.respond(204, HeaderList.of(), true);
        turn();
        assertThat(user.awaitResponse().status()).isEqualTo(204);
    }

    @Test
    void theClientsAcceptEncodingIsKept() {
        JoinedTunnel tunnel = connect(0);
        ask(get("open.example.com", "Accept-Encoding", "gzip, br"));
        Side origin = tunnel.streams.next();
        assertThat(origin.request().headers().all("accept-encoding")).containsExactly("gzip, br");
        origin.respond(204, HeaderList.of(), true);
        turn();
    }

    // ---- refusals and losses

    private Side refuseOn(JoinedTunnel tunnel) {
        Side origin = tunnel.streams.next();
        origin.sendReset(StreamFault.refused("not now"));
        turn();
        return origin;
    }

    @Test
    void aRefusedRequestWithoutBodyIsTriedElsewhere() {
        JoinedTunnel first = connect(0);
        JoinedTunnel second = connect(1);
        Side user = ask(get("open.example.com"));
        refuseOn(first);
        Side origin = second.streams.next();
        assertThat(origin.request().headers().all("x-forwarded-for")).containsExactly(CLIENT);
        origin.respond(200, HeaderList.of(), false);
        origin.send("second", true);
        turn();
        assertThat(user.text()).isEqualTo("second");
        assertThat(user.breaches()).isEmpty();
    }

    @Test
    void triesThreeTimesAtMost() {
        JoinedTunnel first = connect(0);
        JoinedTunnel second = connect(1);
        Side user = ask(get("open.example.com"));
        refuseOn(first);
        refuseOn(second);
        refuseOn(first);
        assertError(user, EdgeError.ORIGIN_OVERLOADED);
        assertThat(first.streams.waiting() + second.streams.waiting()).isZero();
    }

    @Test
    void aRefusedRequestWithABodyIsNotTriedAgain() {
        JoinedTunnel first = connect(0);
        JoinedTunnel second = connect(1);
        Side user = ask(post("open.example.com"));
        refuseOn(first);
        assertError(user, EdgeError.ORIGIN_OVERLOADED);
        assertThat(second.streams.waiting()).isZero();
    }

    private static StreamRequest webSocket() {
        return new StreamRequest(
                StreamKind.WEBSOCKET, "GET", "open.example.com", "/", HeaderList.of(), false);
    }

    @Test
    void aRefusedWebSocketIsTriedElsewhereWhileNothingWasSent() {
        JoinedTunnel first = connect(0);
        JoinedTunnel second = connect(1);
        Side user = ask(webSocket());
        refuseOn(first);
        Side origin = second.streams.next();
        origin.respond(101, HeaderList.of("Sec-WebSocket-Accept", "x"), false);
        turn();
        assertThat(user.awaitResponse().status()).isEqualTo(101);
        user.send("ping", true);
        origin.send("pong", true);
        turn();
        assertThat(origin.text()).isEqualTo("ping");
        assertThat(user.text()).isEqualTo("pong");
    }

    @Test
    void aRefusedWebSocketThatHasSentBytesIsNotTriedWithoutThem() {
        JoinedTunnel first = connect(0);
        JoinedTunnel second = connect(1);
        Side user = ask(webSocket());
        user.send("early", false);
        turn();
        refuseOn(first);
        assertError(user, EdgeError.ORIGIN_OVERLOADED);
        assertThat(second.streams.waiting()).isZero();
    }

    @Test
    void aStreamLostBeforeItsHeadIsABadGateway() {
        JoinedTunnel tunnel = connect(0);
        Side user = ask(get("open.example.com"));
        tunnel.streams.next();
        tunnel.cut();
        turn();
        assertError(user, EdgeError.STREAM_LOST);
    }

    @Test
    void aStreamLostAfterItsHeadIsCut() {
        JoinedTunnel tunnel = connect(0);
        Side user = ask(get("open.example.com"));
        Side origin = tunnel.streams.next();
        origin.respond(200, HeaderList.of("Content-Length", "10"), false);
        origin.send("half", false);
        turn();
        tunnel.cut();
        turn();
        assertThat(user.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
        assertThat(user.text()).isEqualTo("half");
        assertThat(user.ended()).isFalse();
        assertThat(metrics.streams()).isZero();
    }

    @Test
    void anOriginThatAnswersWithoutReadingTheBodyIsHeard() {
        JoinedTunnel tunnel = connect(0);
        Side user = ask(post("open.example.com"));
        user.send("some", false);
        turn();
        Side origin = tunnel.streams.next();
        origin.respond(413, HeaderList.of(), false);
        origin.send("too much", true);
        origin.sendReset(StreamFault.notRead());
        turn();
        assertThat(user.awaitResponse().status()).isEqualTo(413);
        assertThat(user.text()).isEqualTo("too much");
        assertThat(user.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
        user.send("rest", true);
        turn();
        assertThat(user.breaches()).isEmpty();
        assertThat(metrics.streams()).isZero();
    }

    @Test
    void aUserWhoGoesAwayEndsTheStreamAtTheOrigin() {
        JoinedTunnel tunnel = connect(0);
        Side user = ask(get("open.example.com"));
        Side origin = tunnel.streams.next();
        user.sendReset(StreamFault.cancelled("closed the page"));
        turn();
        assertThat(origin.awaitFault().kind()).isEqualTo(StreamFault.Kind.CANCELLED);
        assertThat(metrics.streams()).isZero();
        assertThat(tunnel.connection().carrier().load()).isZero();
    }

    @Test
    void countsByClassOfStatus() {
        JoinedTunnel tunnel = connect(0);
        ask(get("open.example.com"));
        tunnel.streams.next().respond(302, HeaderList.of(), true);
        turn();
        ask(get("no.example.com"));
        double[] counts =
                Arrays.stream(new String[] {"2xx", "3xx", "4xx", "5xx"})
                        .mapToDouble(c ->
                                meters.get("culvert.requests").tag("status", c).counter().count())
                        .toArray();
        assertThat(counts).containsExactly(0, 1, 1, 0);
    }
}
