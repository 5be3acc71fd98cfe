package dev.culvert.edge.adminarea;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Live;
import dev.culvert.edge.admission.RulesInForce;
import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.front.PublicListener;
import dev.culvert.edge.identity.Accounts;
import dev.culvert.edge.identity.ServiceTokens;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.plugins.LiveSessions;
import dev.culvert.edge.recordings.EdgeRecordings;
import dev.culvert.edge.recordings.RecordingsConfig;
import dev.culvert.edge.recordings.Somebody;
import dev.culvert.edge.signin.LocalSite;
import dev.culvert.edge.signin.MemoryBrowser;
import dev.culvert.plugin.edge.DesktopRecorder;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.recording.RecordingId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Recordings in the admin area.
final class RecordingsPlaceTest {
    private static final String ROOT = "root@example.com";
    private static final String ANN = "ann@example.com";

    @TempDir private Path temp;
    private LocalSite site;
    private EdgeRecordings recordings;
    private MemoryBrowser root;

    @BeforeEach
    void open() throws Exception {
        site = new LocalSite(temp, this::area);
        site.accounts.users.makeAdmin(site.accounts.user(ROOT).id());
        site.accounts.user(ANN);
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
        AccessParts parts =
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
        return new AdminArea(
                parts,
                () -> Live.NOTHING,
                new Samples(() -> Live.NOTHING, accounts.clock),
                PublicListener.Countries.UNKNOWN);
    }

    @AfterEach
    void close() {
        recordings.close();
        site.close();
    }

    private Recorder begin(String who, String host) throws Exception {
        return recordings.begin(Somebody.shell(who, host), Recorder.Mode.REQUIRED);
    }

    private static void say(Recorder recorder, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        recorder.output(bytes, 0, bytes.length);
    }

    private void end(Recorder recorder) throws Exception {
        recorder.close();
        awaitEnd(new RecordingId(recorder.id()));
    }

    private void awaitEnd(RecordingId id) {
        while (recordings.live(id).isPresent()) {
            recordings
                    .live(id)
                    .ifPresent(live -> {
                        try {
                            live.await(Long.MAX_VALUE, java.time.Duration.ofSeconds(30));
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
        }
    }

    private static String at(String place, Recorder recorder) {
        return Paths.ADMIN_RECORDINGS + place + "?id=" + recorder.id();
    }

    @Test
    void nobodyButAnAdministratorSeesThem() throws Exception {
        Recorder recorder = begin(ANN, "build.example.com");
        MemoryBrowser ann = site.browser().signIn(ANN, Accounts.PASSWORD);
        for (String place : List.of("", "/view", "/data", "/sidecar", "/check", "/events")) {
            ann.fetch(at(place, recorder));
            assertThat(ann.status).as(place).isEqualTo(403);
        }
        assertThat(site.outcomes()).noneMatch(outcome -> outcome.startsWith("recording_"));
    }

    @Test
    void theListSaysWhatThereIsAndFilters() throws Exception {
        end(begin(ANN, "build.example.com"));
        begin("bob@example.com", "git.example.com");

        root.open(Paths.ADMIN_RECORDINGS);
        assertThat(root.page.select("tbody th").eachText())
                .containsExactlyInAnyOrder(ANN + " 192.0.2.7", "bob@example.com 192.0.2.7");
        assertThat(root.page.select("tbody .badge").eachText())
                .containsExactlyInAnyOrder("live", "complete");
        assertThat(root.page.select("code").text()).contains(recordings.key().fingerprint());
        root.open(Paths.ADMIN_RECORDINGS + "?who=BOB&host=git");
        assertThat(root.page.select("tbody th").eachText())
                .containsExactly("bob@example.com 192.0.2.7");
        root.open(Paths.ADMIN_RECORDINGS + "?who=nobody");
        assertThat(root.page.select("#recording-list").text()).contains("Nothing was recorded");
    }

    @Test
    void theListGoesOnPageByPage() throws Exception {
        for (int i = 0; i < 53; i++) {
            end(begin(ANN, "h" + i + ".example.com"));
        }
        root.open(Paths.ADMIN_RECORDINGS + "?who=ann");
        assertThat(root.page.select("tbody tr")).hasSize(50);
        root.open(root.page.select("a[rel=next]").attr("href"));
        assertThat(root.page.select("tbody tr")).hasSize(3);
        assertThat(root.page.select("a[rel=next]")).isEmpty();
    }

    private Path file(Recorder recorder) throws Exception {
        return recordings
                .archive()
                .file(
                        recordings
                                .archive()
                                .get(new RecordingId(recorder.id()))
                                .orElseThrow()
                                .about());
    }

    @Test
    void whoLooksIsInTheAuditLog() throws Exception {
        Recorder recorder = begin(ANN, "build.example.com");
        say(recorder, "hello");
        end(recorder);
        Path cast = file(recorder);

        assertThat(root.open(at("/view", recorder)).status).isEqualTo(200);
        assertThat(root.headers.first("Content-Security-Policy")).contains("'wasm-unsafe-eval'");
        assertThat(site.outcomes()).noneMatch(outcome -> outcome.startsWith("recording_"));
        assertThat(root.fetch(root.page.select("#player").attr("data-url")))
                .isEqualTo(Files.readString(cast));
        assertThat(root.headers.first("Content-Disposition")).isNull();
        assertThat(root.fetch(root.page.select("a[download]").first().attr("href")))
                .isEqualTo(Files.readString(cast));
        assertThat(root.headers.first("Content-Disposition"))
                .isEqualTo("attachment; filename=\"" + recorder.id() + ".cast\"");
        assertThat(root.fetch(root.page.select("a[download]").last().attr("href")))
                .isEqualTo(Files.readString(Path.of(cast + ".sig")));
        assertThat(site.outcomes()).contains("recording_replayed", "recording_downloaded");
        assertThat(site.audited()).contains("\"of\":\"" + ANN + "\"", recorder.id());
    }

    @Test
    void theCheckSaysWhatBecameOfIt() throws Exception {
        Recorder recorder = begin(ANN, "build.example.com");
        say(recorder, "hello");
        end(recorder);

        JsonNode good = new JsonMapper().readTree(root.fetch(at("/check", recorder)));
        assertThat(good.path("look").asString()).isEqualTo("good");
        assertThat(good.path("sentence").asString()).startsWith("Complete: 2 records, ");
        assertThat(good.path("key").asString())
                .isEqualTo("Signed by " + recordings.key().fingerprint() + ", this edge's key.");

        Path cast = file(recorder);
        Files.writeString(cast, Files.readString(cast).replace("hello", "HELLO"));
        JsonNode bad = new JsonMapper().readTree(root.fetch(at("/check", recorder)));
        assertThat(bad.path("look").asString()).isEqualTo("bad");
        assertThat(bad.path("sentence").asString()).isEqualTo("Altered at record 2.");
    }

    @Test
    void aRunningSessionIsWatchedAndEnded() throws Exception {
        Recorder recorder = begin(ANN, "build.example.com");
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        recorder.onEnd(ended::add);
        recorder.resize(100, 30);
        say(recorder, "before\r\n");
        RecordingId id = new RecordingId(recorder.id());
        long bytes = recordings.live(id).orElseThrow().bytes();
        while (!Files.readString(file(recorder)).contains("before")) {
            bytes =
                    recordings
                            .live(id)
                            .orElseThrow()
                            .await(bytes, java.time.Duration.ofSeconds(30));
        }

        root.open(at("/view", recorder));
        String url = root.page.select("#player[data-watch]").attr("data-url");
        MemoryBrowser watcher = site.browser().signIn(ROOT, Accounts.PASSWORD);
        CompletableFuture<String> watched =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return watcher.fetch(url);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        task -> Thread.ofVirtual().start(task));
        while (!site.outcomes().contains("recording_watched")) {
            Thread.onSpinWait();
        }
        say(recorder, "while it is watched\r\n");
        root.open(Paths.ADMIN_RECORDINGS).submit("/recordings/end");
        assertThat(root.page.select(".notice").text()).isEqualTo("The session ends.");
        assertThat(ended.poll(30, TimeUnit.SECONDS))
                .isEqualTo("an administrator ended this session");
        end(recorder);

        List<String> events = watched.get(30, TimeUnit.SECONDS).lines().toList();
        assertThat(events.getFirst()).startsWith("data: {\"cols\":100,\"rows\":30,");
        assertThat(String.join("", events)).contains("before", "while it is watched");
        assertThat(events).endsWith("event: done", "data:", "");
        assertThat(site.outcomes()).contains("recorded_session_end");
        root.fetch(url);
        assertThat(root.status).isEqualTo(204);
    }

    @Test
    void aDesktopIsReplayedByItsOwnPage() throws Exception {
        DesktopRecorder recorder =
                recordings.beginDesktop(
                        Somebody.shell(ANN, "office.example.com"), Recorder.Mode.REQUIRED);
        recorder.instructions("4.size,1.0,3.640,3.480;4.sync,1.1;");
        String view = Paths.ADMIN_RECORDINGS + "/view?id=" + recorder.id();
        root.open(view);
        assertThat(root.page.select("form[action$=/recordings/end]")).hasSize(1);
        assertThat(root.fetch(Paths.ADMIN_RECORDINGS + "/events?id=" + recorder.id())).isEmpty();
        recorder.close();
        awaitEnd(new RecordingId(recorder.id()));

        root.open(view);
        assertThat(root.headers.first("Content-Security-Policy")).doesNotContain("wasm");
        assertThat(root.page.select("h2").eachText()).contains("What was typed");
        assertThat(root.fetch(root.page.select("#screen").attr("data-url")))
                .endsWith("4.size,1.0,3.640,3.480;4.sync,1.1;");
        root.fetch(root.page.select("a[download]").first().attr("href"));
        assertThat(root.headers.first("Content-Disposition"))
                .isEqualTo("attachment; filename=\"" + recorder.id() + ".guac\"");
        root.fetch(root.page.select("a[download]").last().attr("href"));
        assertThat(root.headers.first("Content-Disposition"))
                .isEqualTo("attachment; filename=\"" + recorder.id() + ".guac.sig\"");
        assertThat(site.events())
                .filteredOn(event -> event.outcome().equals("recorded"))
                .extracting(AuditEvent::kind)
                .containsExactly(AuditEvent.Kind.DESKTOP);
    }

    @Test
    void whatIsNoRecordingIsNotFound() throws Exception {
        for (String id : List.of("20260101-000000-00000000", "../../secret", "", "x")) {
            root.open(Paths.ADMIN_RECORDINGS + "/view?id=" + id);
            assertThat(root.status).as(id).isEqualTo(404);
            root.fetch(Paths.ADMIN_RECORDINGS + "/data?id=" + id);
            assertThat(root.status).as(id).isEqualTo(404);
        }
    }
}
