package dev.culvert.edge.adminarea;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Live;
import dev.culvert.edge.admission.RulesInForce;
import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.front.OpenStream;
import dev.culvert.edge.front.PublicListener;
import dev.culvert.edge.identity.Accounts;
import dev.culvert.edge.identity.ServiceTokens;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.plugins.LiveSessions;
import dev.culvert.edge.recordings.EdgeRecordings;
import dev.culvert.edge.recordings.RecordingsConfig;
import dev.culvert.edge.signin.LocalSite;
import dev.culvert.edge.signin.MemoryBrowser;
import dev.culvert.edge.tunnel.ConfigurationPush;
import dev.culvert.edge.tunnel.TunnelConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AdminAreaTest {
    private static final String ROOT = "root@example.com";
    private static final String ANN = "ann@example.com";
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
                  - {name: staff, decision: allow, include: [{group: staff}],
                     exclude: [{email: bob@example.com}]}
              - name: keys
                domains: [files.example.com/keys]
                policies:
                  - {name: ann, decision: allow, include: [{email: ann@example.com}]}
            """;

    @TempDir Path temp;
    private LocalSite site;
    private AccessParts parts;
    private EdgeRecordings recordings;
    private Samples samples;
    private Live.Figures figures = new Live.Figures(0, 0, 0, 0, 0);
    private User ann;
    private MemoryBrowser root;

    private final Live live =
            new Live() {
                @Override
                public List<TunnelConnection> connections() {
                    return List.of();
                }

                @Override
                public List<ConfigurationPush.Told> told(UUID tunnel) {
                    return List.of();
                }

                @Override
                public List<OpenStream> streams() {
                    return List.of();
                }

                @Override
                public Figures figures() {
                    return figures;
                }
            };

    @BeforeEach
    void open() throws Exception {
        site = new LocalSite(temp, this::area);
        User admin = site.accounts.user(ROOT);
        site.accounts.users.makeAdmin(admin.id());
        ann = site.accounts.user(ANN);
        var state = site.accounts.state();
        state.createTunnel("home");
        state.addRoute("wiki.example.com", "home", false);
        state.addRoute("files.example.com", "home", true);
        state.addRoute("old.example.com", "home", false);
        root = site.browser().signIn(ROOT, Accounts.PASSWORD);
    }

    private AdminArea area(LocalSite opened) throws Exception {
        Accounts accounts = opened.accounts;
        recordings =
                EdgeRecordings.open(
                        RecordingsConfig.DEFAULT,
                        accounts.state(),
                        temp.resolve("state"),
                        opened.audit,
                        InstantSource.system());
        parts =
                new AccessParts(
                        accounts.state(),
                        new RulesInForce(accounts.database(), null, null, accounts.clock),
                        opened.sessions,
                        new ServiceTokens(accounts.database(), accounts.clock),
                        accounts.users,
                        accounts.invitations,
                        accounts.passkeys,
                        opened.audit,
                        recordings,
                        new LiveSessions(),
                        () -> "https://" + Accounts.AUTHORITY);
        parts.rules().apply(RULES, "cli");
        samples = new Samples(() -> live, accounts.clock);
        return new AdminArea(parts, () -> live, samples, PublicListener.Countries.UNKNOWN);
    }

    @AfterEach
    void close() {
        recordings.close();
        site.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                Paths.ADMIN,
                Paths.ADMIN_TUNNELS,
                Paths.ADMIN_USERS,
                Paths.ADMIN_AUDIT + "/export",
                Paths.ADMIN + "/samples"
            })
    void nobodyElseComesIn(String path) throws Exception {
        MemoryBrowser stranger = site.browser().open(path);
        assertThat(stranger.title()).startsWith("Sign in");
        MemoryBrowser user = site.browser().signIn(ANN, Accounts.PASSWORD).open(path);
        assertThat(user.status).isEqualTo(403);
        assertThat(user.title()).isEqualTo("This part is for administrators");
    }

    @Test
    void aFormWithoutTheTokenOfItsPageChangesNothing() throws Exception {
        root.open(Paths.ADMIN_USERS);
        root.post(
                Paths.ADMIN_USERS + "/disable",
                Map.of("id", ann.id().toString(), "csrf", "guessed"));
        assertThat(root.status).isEqualTo(403);
        assertThat(site.accounts.users.byId(ann.id()).orElseThrow().isEnabled()).isTrue();
    }

    @Test
    void theOverviewTellsHowTheEdgeIsDoing() throws Exception {
        figures = new Live.Figures(2048, 1024 * 1024, 42, 7, 4);
        site.audit
                .recorded(
                        AuditEvent.of(AuditEvent.Kind.DECISION, ANN, "denied")
                                .application("wiki", "wiki.example.com")
                                .build())
                .join();
        root.open(Paths.ADMIN);
        assertThat(root.status).isEqualTo(200);
        assertThat(root.page.select(".tile").eachText())
                .containsExactly(
                        "Tunnels up 0 of 1 0 connections",
                        "Open streams 7 42 requests and 1.0 MiB since the start",
                        "Signed in 1 1 session",
                        "Audit log Written 2 events");
        assertThat(root.page.select("#overview-tunnels .badge").text()).isEqualTo("Down");
        assertThat(root.page.select("#overview-decisions li").text())
                .startsWith(ANN + " denied wiki.example.com");
        assertThat(root.page.select("figure").eachAttr("data-src"))
                .hasSize(4)
                .containsOnly(Paths.ADMIN + "/samples");
    }

    @Test
    void samplesAreRatesOfEachSecondAndTheOldestGo() throws Exception {
        long nanos = System.nanoTime();
        samples.take(new Live.Figures(0, 0, 0, 1, 4), nanos);
        samples.take(new Live.Figures(1000, 3000, 5, 2, 3), nanos + 500_000_000);
        JsonNode json = new JsonMapper().readTree(root.fetch(Paths.ADMIN + "/samples"));
        assertThat(json.path("step").asInt()).isEqualTo(1000);
        assertThat(json.path("at").asLong()).isEqualTo(site.accounts.clock.millis());
        JsonNode series = json.path("series");
        assertThat(series.path("received").get(1).asDouble()).isEqualTo(2000);
        assertThat(series.path("sent").get(1).asDouble()).isEqualTo(6000);
        assertThat(series.path("requests").get(1).asDouble()).isEqualTo(10);
        assertThat(series.path("streams").toString()).isEqualTo("[1.0,2.0]");
        assertThat(series.path("connections").toString()).isEqualTo("[4.0,3.0]");
        for (int i = 0; i < 700; i++) {
            samples.take(figures, nanos + i);
        }
        assertThat(samples.json().path("series").path("streams").size()).isEqualTo(600);
    }

    @Test
    void routesSayWhoMayUseThem() throws Exception {
        root.open(Paths.ADMIN_ROUTES);
        assertThat(root.page.select("tbody tr").stream().map(Element::text))
                .satisfiesExactlyInAnyOrder(
                        row -> assertThat(row).startsWith("wiki.example.com home wiki 2026"),
                        row ->
                                assertThat(row)
                                        .startsWith(
                                                "files.example.com home keys Elsewhere everybody"),
                        row -> assertThat(row).startsWith("old.example.com home Nobody: closed"));
    }

    @Test
    void theExplainBoxSaysWhichPolicyDecides() throws Exception {
        root.open(Paths.ADMIN_APPLICATIONS + "?who=bob%40example.com&host=wiki.example.com");
        assertThat(root.page.select(".answer h3").text())
                .isEqualTo("Denied: no policy of wiki lets them in");
        assertThat(root.page.select(".steps li").eachText())
                .contains(
                        "Allow “staff” does not apply",
                        "include group: staff applies",
                        "exclude email: bob@example.com applies");
        assertThat(root.page.select(".answer .hint").text()).contains("127.0.0.1");
        root.open(Paths.ADMIN_APPLICATIONS + "?who=ann%40example.com&host=wiki.example.com");
        assertThat(root.page.select(".answer.good h3").text())
                .isEqualTo("Allowed by “staff” of wiki");
        root.open(Paths.ADMIN_APPLICATIONS + "?who=ann&host=wiki.example.com");
        assertThat(root.status).isEqualTo(404);
        assertThat(root.notice()).startsWith("No service token is called \"ann\"");
        assertThat(root.page.select("input[name=who]").val()).isEqualTo("ann");
    }

    @Test
    void aUserIsInvitedDisabledAndEnabled() throws Exception {
        root.open(Paths.ADMIN_USERS).submit("/invite", "email", "carl@example.com", "name", "Carl");
        String link = root.page.select(".secret code").text();
        assertThat(link).startsWith("https://" + Accounts.AUTHORITY + "/");
        assertThat(root.page.select("tbody").text()).contains("Carl carl@example.com Invited");
        assertThat(root.open(Paths.ADMIN_USERS + "/invite").page.select(".secret")).isEmpty();

        MemoryBrowser user = site.browser().signIn(ANN, Accounts.PASSWORD);
        root.post(
                Paths.ADMIN_USERS + "/disable",
                Map.of("id", ann.id().toString(), "csrf", root.csrf()));
        assertThat(root.notice()).startsWith(ANN + " is disabled.");
        assertThat(user.open(Paths.ACCOUNT).title()).startsWith("Sign in");
        root.submit("/enable", "id", ann.id().toString());
        assertThat(root.notice()).isEqualTo(ANN + " may sign in again.");
        assertThat(site.outcomes())
                .containsSubsequence("user_invite", "user_disable", "user_enable");
        assertThat(site.events())
                .filteredOn(event -> event.outcome().equals("user_disable"))
                .extracting(AuditEvent::actor, AuditEvent::address)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(ROOT, "192.0.2.7"));
        assertThat(site.audited()).doesNotContain(link.substring(link.lastIndexOf('=') + 1));
    }

    @Test
    void anAdministratorCannotShutItselfOut() throws Exception {
        root.open(Paths.ADMIN_USERS);
        String self = site.accounts.users.byEmail(ROOT).orElseThrow().id().toString();
        root.post(Paths.ADMIN_USERS + "/disable", Map.of("id", self, "csrf", root.csrf()));
        assertThat(root.status).isEqualTo(409);
        assertThat(root.notice()).isEqualTo("You cannot disable yourself.");
    }

    @Test
    void aServiceTokenIsMadeRotatedAndRevoked() throws Exception {
        root.open(Paths.ADMIN_TOKENS).submit("/create", "name", "ci", "days", "30");
        List<String> shown = root.page.select(".secret code").eachText();
        assertThat(parts.serviceTokens().check(shown.get(0), shown.get(1))).isNotNull();
        assertThat(shown.get(2)).contains(shown.get(1)).endsWith(" https://wiki.example.com:8443/");
        root.open(Paths.ADMIN_TOKENS);
        assertThat(root.page.text()).doesNotContain(shown.get(1));

        root.submit("/rotate", "hours", "2");
        String second = root.page.select(".secret code").get(1).text();
        assertThat(parts.serviceTokens().check(shown.get(0), shown.get(1))).isNotNull();
        assertThat(parts.serviceTokens().check(shown.get(0), second)).isNotNull();
        root.submit("/rotate", "hours", "-1");
        assertThat(root.status).isEqualTo(400);
        assertThat(root.notice()).isEqualTo("Hours \"-1\" (expected: 0 to 720).");

        root.submit("/revoke");
        assertThat(root.notice()).isEqualTo("ci is revoked.");
        assertThat(parts.serviceTokens().check(shown.get(0), second)).isNull();
        assertThat(site.audited()).doesNotContain(shown.get(1)).doesNotContain(second);
    }

    @Test
    void aSessionIsEnded() throws Exception {
        MemoryBrowser user = site.browser().signIn(ANN, Accounts.PASSWORD);
        Session session = site.sessions.livingOf(ANN).getFirst();
        root.open(Paths.ADMIN_SESSIONS);
        assertThat(root.page.select("#session-list > p").text()).isEqualTo("2 sessions");
        root.post(
                Paths.ADMIN_SESSIONS + "/end",
                Map.of("id", session.id().toString(), "csrf", root.csrf()));
        assertThat(root.notice()).isEqualTo("The session of " + ANN + " has ended.");
        assertThat(user.open(Paths.ACCOUNT).title()).startsWith("Sign in");
        root.post(
                Paths.ADMIN_SESSIONS + "/end",
                Map.of("id", session.id().toString(), "csrf", root.csrf()));
        assertThat(root.status).isEqualTo(404);
        root.post(Paths.ADMIN_SESSIONS + "/end", Map.of("id", "x", "csrf", root.csrf()));
        assertThat(root.status).isEqualTo(400);
    }

    @Test
    void theAuditLogIsReadPageByPageAndBack() throws Exception {
        for (int i = 1; i <= 120; i++) {
            record(i % 2 == 0 ? "allowed" : "denied", "host" + i + ".example.com");
        }
        String filter = Paths.ADMIN_AUDIT + "?kind=decision&outcome=allowed&actor=" + ANN;
        root.open(filter);
        assertThat(hosts()).hasSize(50).startsWith("host120.example.com");
        assertThat(root.page.select("[rel=prev]")).isEmpty();
        root.open(root.page.select("[rel=next]").attr("href"));
        assertThat(hosts())
                .hasSize(10)
                .startsWith("host20.example.com")
                .endsWith("host2.example.com");
        assertThat(root.page.select("[rel=next]")).isEmpty();
        root.open(root.page.select("[rel=prev]").attr("href"));
        assertThat(hosts()).hasSize(50).startsWith("host120.example.com");
        assertThat(root.page.select("[rel=prev]")).isEmpty();
        assertThat(root.page.select("select[name=outcome] option[selected]").val())
                .isEqualTo("allowed");
    }

    private List<String> hosts() {
        return root.page.select("tbody tr .host").eachText();
    }

    private void record(String outcome, String host) throws Exception {
        site.accounts.clock.move(Duration.ofMinutes(1));
        site.audit
                .recorded(
                        AuditEvent.of(AuditEvent.Kind.DECISION, ANN, outcome)
                                .application("wiki", host)
                                .detail("reason", "a \"test\"")
                                .build())
                .join();
    }

    @Test
    void theAuditLogIsExportedAsFiltered() throws Exception {
        record("allowed", "one.example.com");
        record("denied", "two.example.com");
        root.open(Paths.ADMIN_AUDIT + "?outcome=denied");
        List<String> urls = root.page.select("a[download]").eachAttr("href");
        String lines = root.fetch(urls.get(0));
        assertThat(root.headers.first("Content-Disposition")).endsWith(".jsonl\"");
        JsonNode line = new JsonMapper().readTree(lines);
        assertThat(lines.lines()).hasSize(1);
        assertThat(line.path("host").asString()).isEqualTo("two.example.com");
        String table = root.fetch(urls.get(1));
        assertThat(root.headers.first("Content-Type")).startsWith("text/csv");
        assertThat(table.lines()).hasSize(2);
        assertThat(table).contains("two.example.com").doesNotContain("one.example.com");
    }

    @Test
    void thereIsNothingElse() throws Exception {
        assertThat(root.open(Paths.ADMIN + "/nothing").status).isEqualTo(404);
        assertThat(root.open(Paths.ADMIN + "/users/deeper/still").status).isEqualTo(404);
        root.open(Paths.ADMIN_USERS);
        root.post(Paths.ADMIN_USERS + "/explode", Map.of("csrf", root.csrf()));
        assertThat(root.status).isEqualTo(404);
    }
}
