package dev.culvert.edge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.policy.Identity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class AccessApiTest {
    private static final String RULES =
            """
            groups:
              - name: staff
                include: [{email_domain: example.com}]
            applications:
              - name: wiki
                domains: [wiki.example.com]
                policies:
                  - {name: ci, decision: service_auth, include: [{service_token: ci}]}
                  - {name: staff, decision: allow, include: [{group: staff}]}
              - name: docs
                domains: [docs.example.com/internal]
                policies:
                  - {name: ann, decision: allow, include: [{email: ann@example.com}]}
            """;

    @TempDir Path temp;
    private StateDirectory directory;
    private State state;
    private AccessParts access;
    private AdminApi api;

    @BeforeEach
    void open() throws Exception {
        directory = StateDirectory.open(temp.resolve("state"));
        state = State.open(directory, null);
        access = AccessParts.open(state, directory.path());
        api = new AdminApi(state, access, Live.NOTHING, "right", () -> 8443);
        state.createTunnel("home");
        state.addRoute("wiki.example.com", "home", false);
        state.addRoute("open.example.com", "home", true);
    }

    @AfterEach
    void close() {
        access.audit().close();
        state.close();
        directory.close();
    }

    private MemoryExchange ask(String method, String path, String body) throws Exception {
        MemoryExchange exchange = new MemoryExchange(method, "/api/v1/" + path).body(body);
        api.handle(exchange);
        return exchange;
    }

    private JsonNode get(String path) throws Exception {
        MemoryExchange exchange = ask("GET", path, "");
        assertThat(exchange.status).isEqualTo(200);
        return exchange.json();
    }

    private JsonNode post(String path, String body) throws Exception {
        MemoryExchange exchange = ask("POST", path, body);
        assertThat(exchange.status)
                .as(exchange.answer.toString(StandardCharsets.UTF_8))
                .isBetween(200, 201);
        return exchange.json();
    }

    private JsonNode apply(String document) throws Exception {
        return post("access/rules", json("document", document));
    }

    private static String json(String... namesAndValues) {
        var json = Json.MAPPER.createObjectNode();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            json.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return json.toString();
    }

    private Sessions.Begun signIn(String email) throws Exception {
        return signIn(email, "id");
    }

    private Sessions.Begun signIn(String email, String id) throws Exception {
        return access.sessions()
                .begin(
                        Session.Kind.BROWSER,
                        new Identity(id, email, "", "local", List.of("pwd"), List.of(), Map.of()),
                        "192.0.2.7",
                        "test",
                        Duration.ofHours(1));
    }

    private List<String> changes() throws Exception {
        // Failures are written without waiting for them; what is asked for later is written later.
        access.audit()
                .recorded(AuditEvent.of(AuditEvent.Kind.USE, "test", "looked").build())
                .join();
        return get("audit?kind=admin&limit=100")
                .path("events")
                .valueStream()
                .map(event -> event.path("outcome").asString(""))
                .toList()
                .reversed();
    }

    @Test
    void rulesAreAppliedAndShown() throws Exception {
        assertThat(get("access/rules").path("version").isNull()).isTrue();
        assertThat(apply(RULES).path("version").asInt()).isEqualTo(1);
        JsonNode shown = get("access/rules");
        assertThat(shown.path("document").asString()).isEqualTo(RULES);
        assertThat(shown.path("changedBy").asString()).isEqualTo("cli");
        assertThat(shown.path("configured").asBoolean()).isFalse();
        assertThat(shown.at("/applications/0/policies/1/include/0").asString())
                .isEqualTo("group: staff");
        assertThat(shown.at("/applications/1/domains/0").asString())
                .isEqualTo("docs.example.com/internal");
        MemoryExchange wrong =
                ask("POST", "access/rules", json("document", RULES + "colour: blue\n"));
        assertThat(wrong.status).isEqualTo(400);
        assertThat(wrong.json().at("/error/message").asString()).contains("colour");
        assertThat(get("access/rules").path("version").asInt()).isEqualTo(1);
        assertThat(changes()).containsExactly("rules_apply", "rules_apply", "failed");
    }

    @Test
    void explainsForPeopleWithoutASession() throws Exception {
        apply(RULES);
        String question = json("user", "Ann@Example.com", "host", "wiki.example.com");
        JsonNode answer = post("access/explain", question);
        assertThat(answer.path("decision").asString()).isEqualTo("allow");
        assertThat(answer.path("policy").asString()).isEqualTo("staff");
        assertThat(answer.path("allowed").asBoolean()).isTrue();
        assertThat(answer.path("assumed").toString())
                .contains("signs in by a way of no name")
                .contains("the address is 127.0.0.1");
        assertThat(answer.path("text").asString()).contains("yes      allow  staff  <- decides");

        signIn("eve@example.org");
        JsonNode denied =
                post("access/explain", json("user", "eve@example.org", "host", "wiki.example.com"));
        assertThat(denied.path("decision").asString()).isEqualTo("deny");
        assertThat(denied.path("assumed").toString())
                .doesNotContain("signs in")
                .contains("192.0.2.7");
    }

    @Test
    void explainsForMachinesAnyoneAndHostsWithoutAnApplication() throws Exception {
        apply(RULES);
        assertThat(
                        ask(
                                        "POST",
                                        "access/explain",
                                        json("user", "ci", "host", "wiki.example.com"))
                                .status)
                .isEqualTo(404);
        post("service-tokens", json("name", "ci"));
        assertThat(
                        post("access/explain", json("user", "ci", "host", "wiki.example.com:443"))
                                .path("policy")
                                .asString())
                .isEqualTo("ci");
        assertThat(
                        post("access/explain", json("user", "anyone", "host", "wiki.example.com"))
                                .path("decision")
                                .asString())
                .isEqualTo("sign_in");
        assertThat(
                        post("access/explain", json("user", "anyone", "host", "open.example.com"))
                                .path("headline")
                                .asString())
                .contains("its route is public");
        JsonNode beside =
                post(
                        "access/explain",
                        json("user", "ann@example.com", "host", "docs.example.com", "path", "/x"));
        assertThat(beside.path("allowed").asBoolean()).isFalse();
        assertThat(beside.path("application").isNull()).isTrue();
        assertThat(beside.path("assumed").toString()).contains("there is none now");
    }

    @Test
    void planSaysWhoGainsAndWhoLoses() throws Exception {
        apply(RULES);
        signIn("ann@example.com");
        record("ann@example.com", "docs", "docs.example.com", "allowed");
        record("ann@example.com", "docs", "docs.example.com", "allowed");
        record("eve@example.org", "wiki", "wiki.example.com", "denied");
        String other =
                """
                applications:
                  - name: wiki
                    domains: [wiki.example.com]
                    policies:
                      - {name: eve, decision: allow, include: [{email: eve@example.org}]}
                """;
        JsonNode plan = post("access/plan", json("document", other));
        assertThat(plan.path("loses").asInt()).as(plan.toPrettyString()).isEqualTo(4);
        assertThat(plan.path("gains").asInt()).isEqualTo(1);
        assertThat(plan.path("asked").asInt()).isEqualTo(5);
        assertThat(
                        plan.path("changes")
                                .valueStream()
                                .map(c ->
                                        c.path("who").asString("")
                                                + " "
                                                + c.path("host").asString("")
                                                + " "
                                                + c.path("direction").asString("")
                                                + " "
                                                + c.path("count").asInt(0)))
                .containsExactly(
                        "ann@example.com docs.example.com loses 3",
                        "ann@example.com wiki.example.com loses 1",
                        "eve@example.org wiki.example.com gains 1");
        assertThat(plan.path("text").asString()).contains("loses  ann@example.com  docs.example");
        assertThat(plan.path("assumed").toString()).contains("eve@example.org");
        assertThat(get("access/rules").path("version").asInt()).isEqualTo(1);
        assertThat(ask("POST", "access/plan", json("document", "groups: 1")).status).isEqualTo(400);
    }

    private void record(String actor, String application, String host, String outcome)
            throws Exception {
        access.audit()
                .recorded(
                        AuditEvent.of(AuditEvent.Kind.DECISION, actor, outcome)
                                .application(application, host)
                                .from("192.0.2.7", null)
                                .build())
                .get(30, TimeUnit.SECONDS);
    }

    @Test
    void sessionsAreShownAndEnded() throws Exception {
        Session one = signIn("ann@example.com").session();
        signIn("ann@example.com");
        signIn("eve@example.org");
        assertThat(get("sessions").path("sessions")).hasSize(3);
        assertThat(get("sessions?limit=1").path("sessions")).hasSize(1);
        assertThat(get("sessions?limit=1").path("count").asInt()).isEqualTo(3);
        assertThat(ask("DELETE", "sessions/" + one.id(), "").status).isEqualTo(204);
        assertThat(ask("DELETE", "sessions/" + one.id(), "").status).isEqualTo(404);
        assertThat(ask("DELETE", "sessions/x", "").status).isEqualTo(400);
        assertThat(ask("DELETE", "sessions", "").status).isEqualTo(400);
        assertThat(ask("DELETE", "sessions?email=ann@example.com", "").json().path("ended").asInt())
                .isEqualTo(1);
        assertThat(get("sessions").at("/sessions/0/email").asString()).isEqualTo("eve@example.org");
        assertThat(changes()).containsExactly("session_end", "sessions_end");
    }

    @Test
    void serviceTokensAreMadeRotatedAndRevoked() throws Exception {
        JsonNode made = post("service-tokens", "{\"name\":\"ci\",\"expires\":3600}");
        String id = made.path("id").asString();
        String secret = made.path("secret").asString();
        assertThat(access.serviceTokens().check(id, secret)).isNotNull();
        JsonNode rotated = post("service-tokens/ci/rotate", "{\"overlap\":3600}");
        assertThat(rotated.path("previousUntil").isNull()).isFalse();
        assertThat(rotated.path("expiresAt")).isEqualTo(made.path("expiresAt"));
        assertThat(access.serviceTokens().check(id, secret)).isNotNull();
        post("service-tokens/ci/rotate", "{\"overlap\":0}");
        assertThat(access.serviceTokens().check(id, secret)).isNull();
        String list = get("service-tokens").toString();
        assertThat(list).contains(id).doesNotContain(rotated.path("secret").asString());
        assertThat(ask("DELETE", "service-tokens/ci", "").status).isEqualTo(204);
        assertThat(ask("DELETE", "service-tokens/ci", "").status).isEqualTo(404);
        assertThat(get("audit?limit=100").toString())
                .doesNotContain(secret)
                .doesNotContain(rotated.path("secret").asString());
        assertThat(changes())
                .containsExactly(
                        "service_token_create",
                        "service_token_rotate",
                        "service_token_rotate",
                        "service_token_revoke",
                        "service_token_revoke",
                        "failed");
    }

    @Test
    void usersAreInvitedAndDisabled() throws Exception {
        JsonNode boss = post("users", "{\"email\":\"Boss@Example.com\",\"admin\":true}");
        assertThat(boss.path("standing").asString()).isEqualTo("invited");
        String link = boss.path("link").asString();
        assertThat(link).startsWith("https://AUTH_HOST/cdn-cgi/access/");
        String token = link.substring(link.indexOf('=') + 1);
        assertThat(access.invitations().find(token)).isPresent();
        JsonNode ann = post("users", json("email", "ann@example.com", "name", "Ann"));
        signIn("ann@example.com", ann.path("id").asString());
        assertThat(post("users/ann@example.com/disable", "{}").path("standing").asString())
                .isEqualTo("disabled");
        assertThat(get("sessions").path("sessions")).isEmpty();
        post("users/ann@example.com/enable", "{}");
        assertThat(post("users/ann@example.com/reset", "{}").path("link").asString())
                .isNotEqualTo(link);
        assertThat(ask("DELETE", "users/boss@example.com", "").status).isEqualTo(409);
        post("users/ann@example.com/admin", "{\"admin\":true}");
        assertThat(ask("DELETE", "users/boss@example.com", "").status).isEqualTo(204);
        assertThat(get("users").path("users")).hasSize(1);
        assertThat(ask("POST", "users/nobody/reset", "{}").status).isEqualTo(404);
        assertThat(get("audit?limit=100").toString()).doesNotContain(token);
    }

    @Test
    void auditIsFilteredAndPaged() throws Exception {
        for (int i = 0; i < 5; i++) {
            record(
                    "ann@example.com",
                    "wiki",
                    "wiki.example.com",
                    i % 2 == 0 ? "allowed" : "denied");
        }
        record("eve@example.org", "docs", "docs.example.com", "denied");
        assertThat(get("audit").path("events")).hasSize(6);
        assertThat(get("audit?actor=ann@example.com&outcome=denied").path("events")).hasSize(2);
        assertThat(get("audit?text=eve").at("/events/0/host").asString())
                .isEqualTo("docs.example.com");
        JsonNode newest = get("audit?limit=4").path("events");
        assertThat(newest.at("/0/id").asLong()).isEqualTo(6);
        assertThat(get("audit?limit=4&before=" + newest.at("/3/id").asLong()).path("events"))
                .hasSize(2);
        assertThat(get("audit?after=4").path("events").valueStream().map(e -> e.path("id").asInt()))
                .containsExactly(5, 6);
        assertThat(get("audit?until=2000-01-01T00:00:00Z").path("events")).isEmpty();
    }

    @Test
    void waitsForWhatHappensNext() throws Exception {
        record("ann@example.com", "wiki", "wiki.example.com", "allowed");
        CompletableFuture<JsonNode> waiting = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        waiting.complete(get("audit?after=1&wait=20&actor=eve@example.org"));
                    } catch (Throwable e) {
                        waiting.completeExceptionally(e);
                    }
                });
        record("ann@example.com", "wiki", "wiki.example.com", "allowed");
        assertThat(waiting).isNotDone();
        record("eve@example.org", "wiki", "wiki.example.com", "denied");
        JsonNode answer = waiting.get(30, TimeUnit.SECONDS);
        assertThat(answer.at("/events/0/id").asInt()).isEqualTo(3);
    }

    @Test
    void exportsLinesAndCsvWithoutFormulas() throws Exception {
        record("=HYPERLINK(\"x\")@example.com", "wi,ki", "wiki.example.com", "allowed");
        record("ann@example.com", "wiki", "wiki.example.com", "allowed");
        MemoryExchange lines = ask("GET", "audit/export?actor=ann@example.com", "");
        assertThat(lines.answer.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .satisfies(line ->
                        assertThat(Json.MAPPER.readTree(line).path("host").asString())
                                .isEqualTo("wiki.example.com"));
        MemoryExchange csv = ask("GET", "audit/export?format=csv", "");
        assertThat(csv.headers.first("Content-Type")).startsWith("text/csv");
        assertThat(csv.answer.toString(StandardCharsets.UTF_8))
                .startsWith("id,at,kind,actor,")
                .contains(",\"'=HYPERLINK(\"\"x\"\")@example.com\",allowed,\"wi,ki\",");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | audit?kind=x | 400",
                "GET | audit?from=today | 400",
                "GET | audit?wait=5 | 400",
                "GET | audit?limit=-1 | 400",
                "GET | audit?colour=blue | 400",
                "GET | audit/export?format=xls | 400",
                "DELETE | audit | 405",
                "GET | access | 404",
                "GET | access/plan | 405",
                "PUT | access/rules | 405",
                "POST | service-tokens/x/y | 404",
                "POST | users | 400",
            })
    void refusesWhatIsNotThere(String method, String path, int status) throws Exception {
        MemoryExchange exchange = ask(method, path, "{}");
        assertThat(exchange.status).isEqualTo(status);
        assertThat(exchange.errorCode()).isNotEmpty();
    }

    @Test
    void changesAreMadeAlsoWhenTheyCannotBeWrittenDown() throws Exception {
        state.database().transaction(c -> c.createStatement().execute("DROP TABLE audit"));
        assertThat(post("service-tokens", json("name", "ci")).path("secret").asString())
                .isNotEmpty();
        assertThat(access.audit().isFailing()).isTrue();
    }

    @Test
    void anEdgeWithoutAnAuthHostSaysSo() throws Exception {
        api = new AdminApi(state, "right", () -> 8443);
        MemoryExchange exchange = ask("GET", "sessions", "");
        assertThat(exchange.status).isEqualTo(409);
        assertThat(exchange.json().at("/error/next").asString()).contains("auth_host");
    }

    /// So that whoever has to mend the edge is not locked out.
    @Test
    void changesAreMadeWhileTheAuditLogCannotBeWritten() throws Exception {
        execute("ALTER TABLE audit RENAME TO audit_away");
        assertThat(apply(RULES).path("version").asLong()).isEqualTo(1);
        assertThat(
                        post("users", json("email", "ann@example.com", "name", "Ann"))
                                .path("link")
                                .asString(""))
                .contains("?token=");
        signIn("ann@example.com");
        assertThat(ask("DELETE", "sessions?email=ann@example.com", "").status).isEqualTo(200);
        assertThat(access.sessions().living()).isEmpty();
        assertThat(access.audit().isFailing()).isTrue();
        execute("ALTER TABLE audit_away RENAME TO audit");
        assertThat(changes()).anyMatch(change -> change.contains("events_lost"));
    }

    private void execute(String statement) throws Exception {
        state.database()
                .transaction(c -> {
                    try (var made = c.createStatement()) {
                        return made.execute(statement);
                    }
                });
    }
}
