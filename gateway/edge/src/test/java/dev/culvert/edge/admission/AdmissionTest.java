package dev.culvert.edge.admission;

import static dev.culvert.edge.admission.Gate.get;
import static dev.culvert.edge.admission.Gate.request;
import static dev.culvert.edge.admission.Gate.webSocket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.identity.ServiceTokens;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.tokens.AccessToken;
import dev.culvert.policy.Application;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who comes through the gate, and that nothing of who does not reaches an origin.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class AdmissionTest {
    private static final String WIKI = "wiki.example.com";

    @TempDir Path temp;
    private Gate gate;

    @BeforeEach
    void open() throws Exception {
        gate = new Gate(temp);
    }

    @AfterEach
    void close() throws Exception {
        gate.close();
    }

    private void assertNothingReachedAnOrigin() {
        assertThat(gate.origin.waiting()).isZero();
    }

    private static void finish(Side origin) {
        origin.respond(204, HeaderList.of(), true);
    }

    // ---- kept out

    @Test
    void aBodyOfWhoIsNotLetInReachesNoOrigin() {
        StreamRequest post =
                new StreamRequest(
                        StreamKind.HTTP,
                        "POST",
                        WIKI,
                        "/",
                        HeaderList.of("Accept", "application/json"),
                        false);
        Side user = gate.send(post);
        user.send("a secret", true);
        assertThat(user.awaitResponse().status()).isEqualTo(401);
        user.awaitEnd();
        assertThat(user.text()).contains("\"code\":\"sign_in\"");
        assertNothingReachedAnOrigin();
    }

    @Test
    void aBrowserIsLedToTheAuthHost() {
        Side user = gate.ask(get(WIKI, "/page?x=1", "Accept", "text/html"));
        assertThat(user.awaitResponse().status()).isEqualTo(302);
        HeaderList headers = user.awaitResponse().headers();
        assertThat(headers.first("location"))
                .startsWith("https://auth.example.com/cdn-cgi/access/login/wiki.example.com?kid=")
                .contains(gate.application("wiki").aud());
        assertThat(headers.first("set-cookie"))
                .startsWith("CF_AppSession=")
                .contains("; Secure; HttpOnly; SameSite=Lax");
        assertNothingReachedAnOrigin();
    }

    /// cloudflared says nothing of what it accepts, and goes by the redirect.
    @Test
    void aCommandLineIsLedThereToo() {
        Side user = gate.ask(webSocket("ssh.example.com"));
        assertThat(user.awaitResponse().status()).isEqualTo(302);
        assertThat(user.awaitResponse().headers().first("location"))
                .contains("/cdn-cgi/access/login/ssh.example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept: application/json",
                "X-Requested-With: XMLHttpRequest",
                "Sec-Fetch-Mode: cors"
            })
    void aProgramIsToldInJson(String header) {
        String[] field = header.split(": ");
        Side user = gate.ask(get(WIKI, "/", field[0], field[1]));
        assertThat(user.awaitResponse().status()).isEqualTo(401);
        assertThat(user.text()).contains("\"code\":\"sign_in\"").contains("\"id\":\"");
    }

    @Test
    void whoIsExcludedIsToldWhyAndWhomToAsk() throws Exception {
        String token = gate.token(gate.signIn("bob@example.com"), "wiki");
        Side user =
                gate.ask(
                        get(
                                WIKI,
                                "/secret?key=s3cret",
                                "Accept",
                                "text/html",
                                "Cookie",
                                "CF_Authorization=" + token));
        assertThat(user.awaitResponse().status()).isEqualTo(403);
        assertThat(user.text()).contains("bob@example.com").contains("help@example.com");
        assertNothingReachedAnOrigin();
        AuditEvent denied = gate.audited().getLast();
        assertThat(denied.kind()).isEqualTo(AuditEvent.Kind.DECISION);
        assertThat(denied.outcome()).isEqualTo("denied");
        assertThat(denied.actor()).isEqualTo("bob@example.com");
        assertThat(gate.auditLines())
                .contains("\"path\":\"/secret\"")
                .doesNotContain("s3cret")
                .doesNotContain(token);
    }

    @Test
    void aRouteWithoutApplicationStaysClosedOrPublicAsItSays() {
        assertThat(gate.ask(get("shut.example.com", "/")).text()).contains("\"code\":\"closed\"");
        Side user = gate.send(get("public.example.com", "/"));
        finish(gate.origin.next());
        assertThat(user.awaitResponse().status()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/public/../private", "/public/..%2fprivate", "/public/%2e%2e/x"})
    void aPathThatCanBeReadInTwoWaysIsNobodys(String path) {
        Side user = gate.ask(get(WIKI, path));
        assertThat(user.awaitResponse().status()).isEqualTo(403);
        assertThat(user.text()).contains("unclear_path");
        assertNothingReachedAnOrigin();
    }

    // ---- let in

    @Test
    void whoHasATokenComesInAndTheOriginIsToldWhoItIs() throws Exception {
        Session session = gate.signIn("ann@example.com");
        String token = gate.token(session, "wiki");
        Side user =
                gate.send(
                        get(
                                WIKI,
                                "/page",
                                "Cookie",
                                "a=1; CF_Authorization=" + token + "; b=2; CF_AppSession=x",
                                "Cf-Access-Jwt-Assertion",
                                "forged",
                                "Cf-Access-Authenticated-User-Email",
                                "root@example.com",
                                "cf_access_jwt_assertion",
                                "forged"));
        Side origin = gate.origin.next();
        HeaderList told = origin.request().headers();
        assertThat(told.all("cf-access-authenticated-user-email"))
                .containsExactly("ann@example.com");
        assertThat(told.all("cookie")).containsExactly("a=1; b=2");
        assertThat(told.contains("cf_access_jwt_assertion")).isFalse();
        assertThat(told.all("cf-access-jwt-assertion")).hasSize(1);
        String assertion = String.valueOf(told.first("cf-access-jwt-assertion"));
        finish(origin);
        assertThat(user.awaitResponse().status()).isEqualTo(204);
        AuditEvent allowed = gate.audited().getLast();
        assertThat(allowed.outcome()).isEqualTo("allowed");
        assertThat(allowed.policy()).isEqualTo("staff");

        // What origins get is no login.
        Side replay = gate.ask(get(WIKI, "/page", "Cf-Access-Token", assertion));
        assertThat(replay.awaitResponse().status()).isEqualTo(302);
    }

    @Test
    void aTokenIsGoodForItsApplicationOnly() throws Exception {
        Session session = gate.signIn("ann@example.com");
        Side wrong =
                gate.ask(
                        get(
                                "ssh.example.com",
                                "/",
                                "Cf-Access-Token",
                                gate.token(session, "wiki")));
        assertThat(wrong.awaitResponse().status()).isEqualTo(302);
        String org =
                gate.tokens.issue(
                        AccessToken.Type.ORG,
                        gate.application("wiki").aud(),
                        session.id(),
                        session.identity(),
                        session.expiresAt());
        Side other = gate.ask(get(WIKI, "/", "Cf-Access-Token", org));
        assertThat(other.awaitResponse().status()).isEqualTo(302);
        assertNothingReachedAnOrigin();
    }

    @Test
    void signingOutAtAnApplicationEndsTheSessionAndIsWrittenDown() throws Exception {
        Session session = gate.signIn("ann@example.com");
        String cookie = "CF_Authorization=" + gate.token(session, "wiki");
        String logout = "/cdn-cgi/access/logout";
        Side lured = gate.ask(get(WIKI, logout, "Cookie", cookie, "Sec-Fetch-Site", "cross-site"));
        assertThat(lured.awaitResponse().status()).isEqualTo(403);
        assertThat(gate.sessions.byId(session.id())).isNotNull();
        Side user = gate.ask(get(WIKI, logout, "Cookie", cookie));
        assertThat(user.awaitResponse().status()).isEqualTo(200);
        assertThat(gate.sessions.byId(session.id())).isNull();
        assertThat(gate.audited().getLast())
                .returns(AuditEvent.Kind.SESSION, AuditEvent::kind)
                .returns("ann@example.com", AuditEvent::actor)
                .returns("ended", AuditEvent::outcome);
    }

    @Test
    void bypassTellsTheOriginNothing() {
        Side user = gate.send(get(WIKI, "/public/logo.png"));
        Side origin = gate.origin.next();
        assertThat(origin.request().headers().contains("cf-access-jwt-assertion")).isFalse();
        finish(origin);
        assertThat(user.awaitResponse().status()).isEqualTo(204);
    }

    @Test
    void aNetworkWithoutEndOfAddressesHasOneUseOfABypass() throws Exception {
        for (int i = 1; i <= 20; i++) {
            gate.send(get(WIKI, "/public/logo.png"), "2001:db8::" + i);
            finish(gate.origin.next());
        }
        gate.send(get(WIKI, "/public/logo.png"), "2001:db8:0:1::1");
        finish(gate.origin.next());
        assertThat(gate.audited())
                .extracting(AuditEvent::outcome, AuditEvent::address)
                .containsExactly(
                        tuple("allowed", "2001:db8::1"), tuple("allowed", "2001:db8:0:1::1"));
    }

    @Test
    void refusalsOfStrangersAreWrittenDownToABoundAndThoseOfPeopleAll() throws Exception {
        StreamRequest wrong =
                get(WIKI, "/", "CF-Access-Client-Id", "none", "CF-Access-Client-Secret", "x");
        for (int i = 0; i < 100; i++) {
            assertThat(gate.ask(wrong).awaitResponse().status()).isEqualTo(403);
        }
        int written = gate.audited().size();
        assertThat(written).isBetween(60, 99);
        gate.audit.maintain();
        assertThat(gate.audited().getLast().detail())
                .isEqualTo("{\"more\":" + (100 - written) + "}");
        String token = gate.token(gate.signIn("bob@example.com"), "wiki");
        for (int i = 0; i < 100; i++) {
            gate.ask(get(WIKI, "/", "Cf-Access-Token", token));
        }
        assertThat(gate.audited())
                .filteredOn(event -> event.actor().equals("bob@example.com"))
                .hasSize(100);
    }

    @Test
    void streamsOfStrangersAreWrittenDownToABound() throws Exception {
        Application open = gate.application("open");
        Grant grant =
                new Grant(
                        open,
                        open.policies().getFirst(),
                        new Principal.Anyone(),
                        Visitor.of("192.0.2.7", InetAddress.ofLiteral("192.0.2.7")),
                        new Use(null, Instant.MAX));
        for (int i = 0; i < 100; i++) {
            gate.admission.ended(webSocket(WIKI), "id", grant, 1, 1, Duration.ZERO, "");
        }
        int written = gate.audited().size();
        assertThat(written).isBetween(60, 99);
        gate.audit.maintain();
        assertThat(gate.audited().getLast())
                .returns(AuditEvent.Kind.STREAM, AuditEvent::kind)
                .returns("{\"more\":" + (100 - written) + "}", AuditEvent::detail);
    }

    @Test
    void aServiceTokenComesInUntilItIsRevoked() throws Exception {
        ServiceTokens.Made made = gate.serviceTokens.create("ci", null);
        String id = made.token().id();
        StreamRequest request =
                get(WIKI, "/", "CF-Access-Client-Id", id, "CF-Access-Client-Secret", made.secret());
        Side user = gate.send(request);
        Side origin = gate.origin.next();
        assertThat(origin.request().headers().contains("cf-access-client-secret")).isFalse();
        assertThat(origin.request().headers().contains("cf-access-jwt-assertion")).isTrue();
        finish(origin);
        assertThat(user.awaitResponse().status()).isEqualTo(204);
        gate.serviceTokens.revoke("ci");
        Side later = gate.ask(request);
        assertThat(later.awaitResponse().status()).isEqualTo(403);
        assertThat(later.text()).contains("bad_service_token");
        assertThat(gate.auditLines()).doesNotContain(made.secret());
    }

    @Test
    void anOldSecretCountsAsLongAsItWasToldTo() throws Exception {
        ServiceTokens.Made first = gate.serviceTokens.create("ci", null);
        String id = first.token().id();
        ServiceTokens.Made second = gate.serviceTokens.rotate("ci", Duration.ofHours(1), null);
        assertThat(gate.serviceTokens.check(id, first.secret())).isNotNull();
        assertThat(gate.serviceTokens.check(id, second.secret())).isNotNull();
        gate.clock.pass(Duration.ofMinutes(61));
        assertThat(gate.serviceTokens.check(id, first.secret())).isNull();
        assertThat(gate.serviceTokens.check(id, second.secret())).isNotNull();
        gate.serviceTokens.rotate("ci", Duration.ZERO, Duration.ofMinutes(1));
        assertThat(gate.serviceTokens.check(id, second.secret())).isNull();
    }

    // ---- WebSockets

    @Test
    void aStreamOfASecretThatWasRotatedAwayIsClosed() throws Exception {
        ServiceTokens.Made made = gate.serviceTokens.create("ci", null);
        Side[] origins = new Side[2];
        Side old = webSocketOf(made, origins, 0);
        ServiceTokens.Made next = gate.serviceTokens.rotate("ci", Duration.ofHours(1), null);
        Side fresh = webSocketOf(next, origins, 1);
        gate.clock.pass(Duration.ofMinutes(59));
        gate.target.review();
        assertThat(old.ended()).as("the overlap").isFalse();
        gate.clock.pass(Duration.ofMinutes(2));
        gate.target.review();
        old.awaitEnd();
        assertThat(old.text()).contains("the service token is no longer valid");
        origins[0].awaitFault();
        assertThat(fresh.ended()).isFalse();
        gate.serviceTokens.revoke("ci");
        gate.target.review();
        fresh.awaitEnd();
        origins[1].awaitFault();
    }

    private Side webSocketOf(ServiceTokens.Made made, Side[] origins, int index) {
        Side user =
                gate.send(
                        webSocket(
                                WIKI,
                                "CF-Access-Client-Id",
                                made.token().id(),
                                "CF-Access-Client-Secret",
                                made.secret()));
        origins[index] = gate.origin.next();
        origins[index].respond(101, HeaderList.of(), false);
        assertThat(user.awaitResponse().status()).isEqualTo(101);
        return user;
    }

    @Test
    void aPageOfAnotherApplicationOpensNoWebSocket() throws Exception {
        String cookie = "CF_Authorization=" + gate.token(gate.signIn("ann@example.com"), "wiki");
        for (String origin : new String[] {"https://ssh.example.com", "null", ""}) {
            Side user =
                    gate.send(
                            origin.isEmpty()
                                    ? webSocket(WIKI, "Cookie", cookie)
                                    : webSocket(WIKI, "Cookie", cookie, "Origin", origin));
            assertThat(user.awaitResponse().status()).isEqualTo(403);
        }
        assertNothingReachedAnOrigin();
        gate.send(webSocket(WIKI, "Cookie", cookie, "Origin", "https://wiki.example.com"));
        finish(gate.origin.next());
    }

    private Side openWebSocket(String token, Side[] origin) {
        Side user = gate.send(webSocket("ssh.example.com", "Cf-Access-Token", token));
        origin[0] = gate.origin.next();
        origin[0].respond(101, HeaderList.of(), false);
        assertThat(user.awaitResponse().status()).isEqualTo(101);
        return user;
    }

    @Test
    void endingTheSessionClosesItsWebSocketsWithTheReason() throws Exception {
        Session session = gate.signIn("ann@example.com");
        Side[] origin = new Side[1];
        Side user = openWebSocket(gate.token(session, "shell"), origin);
        gate.target.review();
        gate.sessions.end(session.id());
        gate.target.review();
        user.awaitEnd();
        assertThat(user.text()).contains("your session was ended");
        assertThat(user.breaches()).isEmpty();
        origin[0].awaitFault();
        gate.awaitAudited(AuditEvent.Kind.STREAM, "cut");
    }

    @Test
    void aFrameUnderWayIsFinishedBeforeTheReasonIsSaid() throws Exception {
        Session session = gate.signIn("ann@example.com");
        Side[] origin = new Side[1];
        Side user = openWebSocket(gate.token(session, "shell"), origin);
        // A binary frame of five bytes, of which two come now.
        origin[0].send("\u0002\u0005he", false);
        user.awaitReceived(4);
        gate.sessions.end(session.id());
        gate.target.review();
        origin[0].send("llo\u0002\u0003abc", false);
        user.awaitEnd();
        assertThat(user.text()).contains("hello").contains("your session was ended");
        assertThat(user.text()).doesNotContain("abc");
        assertThat(user.breaches()).isEmpty();
    }

    @Test
    void aFrameThatIsNeverFinishedIsCut() throws Exception {
        Session session = gate.signIn("ann@example.com");
        Side[] origin = new Side[1];
        Side user = openWebSocket(gate.token(session, "shell"), origin);
        origin[0].send("\u0002\u0005he", false);
        user.awaitReceived(4);
        gate.sessions.end(session.id());
        gate.target.review();
        user.awaitFault();
        origin[0].awaitFault();
    }

    @Test
    void otherRulesEndWhatTheyDoNotLetIn() throws Exception {
        Side[] origin = new Side[1];
        Session session = gate.signIn("ann@example.com");
        Side user = openWebSocket(gate.token(session, "shell"), origin);
        gate.rules.apply(
                Gate.RULES + "      - {name: nobody, decision: block, include: [{everyone: {}}]}\n",
                "test");
        gate.target.review();
        assertThat(user.ended()).as("the last rule is of another application").isFalse();
        gate.rules.apply(Gate.RULES.replace("example.com}]\n", "example.org}]\n"), "test");
        gate.target.review();
        user.awaitEnd();
        assertThat(user.text()).contains("the access rules no longer let you in");
    }

    @Test
    void aSessionThatExpiresEndsItsStreams() throws Exception {
        Side[] origin = new Side[1];
        Session session = gate.signIn("ann@example.com");
        Side user = openWebSocket(gate.token(session, "shell"), origin);
        gate.clock.pass(Duration.ofHours(25));
        gate.target.review();
        user.awaitEnd();
        assertThat(user.text()).contains("your session was ended");
    }

    @Test
    void anApplicationAddedLaterEndsStreamsOfItsPublicRoute() throws Exception {
        Side user = gate.send(webSocket("public.example.com"));
        Side origin = gate.origin.next();
        origin.respond(101, HeaderList.of(), false);
        user.awaitResponse();
        gate.rules.apply(Gate.RULES.replace("ssh.example.com", "public.example.com"), "test");
        gate.target.review();
        user.awaitFault();
        origin.awaitFault();
    }

    @Test
    void rulesThatLookAtWhatThisEdgeHasNotAreNotApplied() {
        String rules =
                """
                groups: [{name: outside, include: [{login_method: okta}]}]
                applications:
                  - name: wiki
                    domains: [wiki.example.com]
                    login_methods: [claimd]
                    policies:
                      - {name: p, decision: block, include: [{group: outside}]}
                  - name: own
                    domains: [auth.example.com/x]
                    policies: []
                """;
        assertThatThrownBy(() -> gate.rules.apply(rules, "test"))
                .isInstanceOf(StateException.class)
                .hasMessage(
                        "rules: application \"wiki\" looks at the login method \"claimd\""
                                + " (expected: claimed) (did you mean \"claimed\"?)\n"
                                + "rules: application \"wiki\" looks at the login method \"okta\""
                                + " (expected: claimed)\n"
                                + "rules: application \"own\" is on the auth_host (expected: hosts"
                                + " of services)");
        assertThatThrownBy(() -> gate.rules.read(rules)).hasMessageContaining("okta");
        assertThat(gate.rules.applied().version()).isEqualTo(1);
        assertThat(gate.rules.problems()).isEmpty();
    }

    /// They may come from another edge, or the edge's configuration was another one.
    @Test
    void rulesOfTheStateThatDoNotFitAreInForceAndToldOf() throws Exception {
        RulesInForce elsewhere =
                new RulesInForce(
                        gate.state.database(),
                        null,
                        new RulesFit("wiki.example.com", List.of("local"), true, true),
                        gate.clock);
        assertThat(elsewhere.engine().rules().applications()).hasSize(4);
        assertThat(elsewhere.problems())
                .anyMatch(problem -> problem.contains("is on the auth_host"));
    }

    @Test
    void aRouteOnTheAuthHostHasNoEffect() throws Exception {
        gate.state.addRoute("auth.example.com", "home", true);
        Side user = gate.ask(get("auth.example.com", "/", "Accept", "text/html"));
        assertThat(user.awaitResponse().headers().first("location"))
                .isEqualTo("/cdn-cgi/access/signin");
        assertNothingReachedAnOrigin();
    }

    // ---- the audit log

    @Test
    void requestsOfOneDecisionAreCounted() throws Exception {
        String token = gate.token(gate.signIn("ann@example.com"), "wiki");
        for (int i = 0; i < 3; i++) {
            Side user = gate.send(get(WIKI, "/", "Cf-Access-Token", token));
            Side origin = gate.origin.next();
            origin.respond(200, HeaderList.of(), false);
            origin.send("12345", true);
            user.awaitEnd();
        }
        long decisions = gate.audited().stream().filter(e -> e.outcome().equals("allowed")).count();
        assertThat(decisions).isEqualTo(1);
        gate.clock.pass(Duration.ofMinutes(6));
        Eventually.until(
                "all bytes counted",
                () -> {
                    gate.admission.maintain();
                    return true;
                });
        AuditEvent use = gate.audited().getLast();
        assertThat(use.kind()).isEqualTo(AuditEvent.Kind.USE);
        assertThat(use.detail()).contains("\"requests\":3").contains("\"bytes_down\":15");
    }

    @Test
    void nobodyEntersUnrecordedAndStreamsThatAreInStay() throws Exception {
        Side[] origin = new Side[1];
        Session session = gate.signIn("ann@example.com");
        Side inside = openWebSocket(gate.token(session, "shell"), origin);
        gate.state
                .database()
                .transaction(c -> {
                    c.createStatement().execute("ALTER TABLE audit RENAME TO audit_away");
                    return true;
                });
        Side user = gate.ask(get(WIKI, "/", "Cf-Access-Token", gate.token(session, "wiki")));
        assertThat(user.awaitResponse().status()).isEqualTo(503);
        assertThat(user.text()).contains("not_recorded");
        assertNothingReachedAnOrigin();
        gate.target.review();
        assertThat(inside.ended()).isFalse();
        gate.state
                .database()
                .transaction(c -> {
                    c.createStatement().execute("ALTER TABLE audit_away RENAME TO audit");
                    return true;
                });
        gate.send(request("GET", WIKI, "/", "Cf-Access-Token", gate.token(session, "wiki")));
        finish(gate.origin.next());
        assertThat(gate.audited()).anyMatch(e -> e.outcome().equals("events_lost"));
    }
}
