package dev.culvert.plugin.desktop.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.desktop.TestEdge;
import dev.culvert.plugin.desktop.TestEntry;
import dev.culvert.plugin.desktop.builtin.BuiltIn;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.DesktopSettings.Direction;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.testkit.edge.TestRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SessionsTest {
    private static final String CERTIFICATE = "SHA256:" + "ab".repeat(32);
    private static final byte[] BODY =
            """
            {"user":"ann","password":"s3cret","width":1281,"height":800,"dpi":96,"timezone":"Europe/Berlin"}
            """
                    .getBytes(StandardCharsets.UTF_8);

    private final TestEdge edge = new TestEdge();
    private final BlockingQueue<DesktopSession> started = new LinkedBlockingQueue<>();
    private boolean nla;

    private final class Held implements Engine {
        @Override
        public void run(DesktopSession session, HttpExchange exchange) throws InterruptedException {
            CompletableFuture<String> over = new CompletableFuture<>();
            session.onEnd(over::complete);
            started.add(session);
            assertThat(over.join()).isNotEmpty();
        }
    }

    private final Logins logins = new Logins(edge.store());
    private final Sessions sessions =
            new Sessions(
                    edge,
                    (_, accepted) -> {
                        if (accepted.isEmpty()) {
                            throw new CertificateQuestion(
                                    CERTIFICATE, "CN=pc", "CN=pc", Instant.EPOCH, Instant.MAX);
                        }
                        return new HostCheck.Looked(nla, accepted);
                    },
                    Map.of(
                            DesktopSettings.Engine.BUILT_IN, new Held(),
                            DesktopSettings.Engine.GUACD, new Held()),
                    logins,
                    (_, _, _) -> false);

    @AfterEach
    void close() {
        sessions.close();
    }

    private static byte[] accepted() {
        return new String(BODY, StandardCharsets.UTF_8)
                .replace("{\"user\"", "{\"certificate\":\"" + CERTIFICATE + "\",\"user\"")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static TestEntry ann(DesktopSettings settings) {
        return TestEntry.rdp(1, settings);
    }

    private static DesktopSettings few(int sessions, Duration idle, Duration connect) {
        return settings(DesktopSettings.Engine.AUTO, Direction.NONE, sessions, idle, connect);
    }

    private static DesktopSettings settings(
            DesktopSettings.Engine engine,
            Direction files,
            int sessions,
            Duration idle,
            Duration connect) {
        return new DesktopSettings(
                engine,
                false,
                false,
                Direction.BOTH,
                files,
                true,
                SshSettings.Recording.OFF,
                false,
                DesktopSettings.HostTrust.FIRST_USE,
                DesktopSettings.Security.ANY,
                null,
                connect,
                idle,
                sessions);
    }

    private Thread run(TestEntry entry, Sessions.Begun begun) {
        return Thread.ofVirtual()
                .start(() -> {
                    try {
                        sessions.run(entry, begun.ticket(), begun.engine(), TestRequest.get("/"));
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
    }

    private DesktopSession next() throws InterruptedException {
        DesktopSession session = started.poll(30, TimeUnit.SECONDS);
        assertThat(session).isNotNull();
        return session;
    }

    private void refused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aSessionIsShownAndEndsWithTheRightsOfItsUser() throws Exception {
        TestEntry ann = ann(DesktopSettings.DEFAULT);
        Sessions.Begun begun = sessions.begin(ann, accepted());
        Thread thread = run(ann, begun);
        DesktopSession session = next();

        assertThat(begun.engine()).isEqualTo(DesktopSettings.Engine.BUILT_IN);
        assertThat(session.screen()).isEqualTo(new Screen(1280, 800, 96, "Europe/Berlin", ""));
        assertThat(session.login().password()).isEqualTo("s3cret".toCharArray());
        assertThat(edge.shown).hasSize(1);
        assertThat(edge.shown.getFirst().unwatchable()).contains("built-in");
        ann.revoke("the access rules no longer let you in");
        thread.join();
        assertThat(edge.shown).isEmpty();
        assertThat(session.login().password()).containsOnly('\0');
        assertThat(edge.outcomes()).containsExactly("opened", "ended");
        assertThat(edge.notes.toString()).doesNotContain("s3cret");
    }

    @Test
    void whoeverHasNotSeenTheCertificateIsAsked() {
        assertThatThrownBy(() -> sessions.begin(ann(DesktopSettings.DEFAULT), BODY))
                .isInstanceOf(CertificateQuestion.class);
    }

    @Test
    void aTicketIsGoodOnceForItsOwnerWhileTheRulesAreTheSame() throws Exception {
        TestEntry ann = ann(DesktopSettings.DEFAULT);
        Sessions.Begun begun = sessions.begin(ann, accepted());
        TestEntry bob = new TestEntry("bob@example.com", "rdp", 1, DesktopSettings.DEFAULT);
        refused(
                "unknown_ticket",
                () -> sessions.run(bob, begun.ticket(), begun.engine(), TestRequest.get("/")));
        TestEntry changed = ann(few(1, Duration.ZERO, Duration.ofSeconds(30)));
        refused(
                "rules_changed",
                () -> sessions.run(changed, begun.ticket(), begun.engine(), TestRequest.get("/")));
        refused(
                "unknown_ticket",
                () -> sessions.run(ann, begun.ticket(), begun.engine(), TestRequest.get("/")));

        Sessions.Begun late = sessions.begin(ann, accepted());
        edge.now = edge.now.plus(Tickets.LIFE);
        refused(
                "unknown_ticket",
                () -> sessions.run(ann, late.ticket(), late.engine(), TestRequest.get("/")));

        Sessions.Begun other = sessions.begin(ann, accepted());
        refused(
                "unknown_ticket",
                () ->
                        sessions.run(
                                ann,
                                other.ticket(),
                                DesktopSettings.Engine.GUACD,
                                TestRequest.get("/")));
        assertThat(started).isEmpty();
    }

    @Test
    void noUserHasMoreSessionsThanTheRulesSay() throws Exception {
        TestEntry ann = ann(few(2, Duration.ZERO, Duration.ofSeconds(30)));
        Thread first = run(ann, sessions.begin(ann, accepted()));
        DesktopSession session = next();
        sessions.begin(ann, accepted());
        refused("too_many_sessions", () -> sessions.begin(ann, accepted()));
        TestEntry bob = new TestEntry("bob@example.com", "rdp", 1, ann.desktop());
        assertThat(sessions.begin(bob, accepted())).isNotNull();
        session.end("over");
        first.join();
        assertThat(sessions.begin(ann, accepted())).isNotNull();
        assertThat(edge.outcomes()).contains("refused");
    }

    @Test
    void whoeverAsksOftenAtOnceTakesNoMorePlacesThanTheRulesSay() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Semaphore looking = new Semaphore(0);
        Sessions slow =
                new Sessions(
                        edge,
                        (_, accepted) -> {
                            looking.release();
                            go.await();
                            return new HostCheck.Looked(false, accepted);
                        },
                        Map.of(DesktopSettings.Engine.BUILT_IN, new Held()),
                        logins,
                        (_, _, _) -> false);
        try (slow) {
            TestEntry ann = ann(few(2, Duration.ZERO, Duration.ofSeconds(30)));
            List<Thread> asking = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                asking.add(Thread.ofVirtual().start(() -> begun(slow, ann)));
            }
            looking.acquire(2);
            refused("too_many_sessions", () -> slow.begin(ann, accepted()));
            go.countDown();
            for (Thread each : asking) {
                each.join();
            }
            refused("too_many_sessions", () -> slow.begin(ann, accepted()));
        }
    }

    private static void begun(Sessions sessions, TestEntry entry) {
        try {
            sessions.begin(entry, accepted());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anIdleSessionEndsAndOneWithoutAPictureToo() throws Exception {
        TestEntry idle = ann(few(2, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        Thread thread = run(idle, sessions.begin(idle, accepted()));
        DesktopSession session = next();
        session.connected();
        thread.join();
        assertThat(((RunningSession) session).why()).contains("Nothing went either way");

        TestEntry dark = ann(few(2, Duration.ZERO, Duration.ofSeconds(1)));
        Thread second = run(dark, sessions.begin(dark, accepted()));
        DesktopSession without = next();
        second.join();
        assertThat(((RunningSession) without).why()).contains("no picture");
    }

    @Test
    void whatOnlyGuacdCanDoGoesThere() throws Exception {
        TestEntry files =
                ann(
                        settings(
                                DesktopSettings.Engine.AUTO,
                                Direction.BOTH,
                                5,
                                Duration.ZERO,
                                Duration.ofSeconds(30)));
        assertThat(sessions.engine(files)).isEqualTo(DesktopSettings.Engine.GUACD);
        TestEntry never =
                ann(
                        settings(
                                DesktopSettings.Engine.BUILT_IN,
                                Direction.BOTH,
                                5,
                                Duration.ZERO,
                                Duration.ofSeconds(30)));
        refused("engine_cannot", () -> sessions.engine(never));
    }

    @Test
    void guacdTakesOverFromAnEngineThatIsNotBuilt() throws Exception {
        Sessions without =
                new Sessions(
                        edge,
                        (_, accepted) -> new HostCheck.Looked(false, accepted),
                        Map.of(
                                DesktopSettings.Engine.BUILT_IN, new BuiltIn(() -> false),
                                DesktopSettings.Engine.GUACD, new Held()),
                        logins,
                        (_, _, _) -> false);
        try (without) {
            TestEntry ann = ann(DesktopSettings.DEFAULT);
            assertThat(without.engine(ann)).isEqualTo(DesktopSettings.Engine.GUACD);
            assertThat(without.begin(ann, accepted()).engine())
                    .isEqualTo(DesktopSettings.Engine.GUACD);
            TestEntry never =
                    ann(
                            settings(
                                    DesktopSettings.Engine.BUILT_IN,
                                    Direction.NONE,
                                    5,
                                    Duration.ZERO,
                                    Duration.ofSeconds(30)));
            refused("engine_missing", () -> without.engine(never));
        }
    }

    @Test
    void aStoredLoginIsUsedAndBehindNlaByGuacdAlone() throws Exception {
        logins.put("office", "service", "CORP", "stored-secret");
        assertThat(edge.store().isAllSealed()).isTrue();
        TestEntry ann = ann(DesktopSettings.DEFAULT);
        assertThat(sessions.begin(ann, accepted()).engine())
                .isEqualTo(DesktopSettings.Engine.BUILT_IN);
        nla = true;
        Sessions.Begun begun = sessions.begin(ann, accepted());
        assertThat(begun.engine()).isEqualTo(DesktopSettings.Engine.GUACD);
        assertThat(begun.stored()).isTrue();
        Thread thread = run(ann, begun);
        DesktopSession session = next();
        assertThat(session.login().user()).isEqualTo("service");
        assertThat(session.login().password()).isEqualTo("stored-secret".toCharArray());
        session.end("over");
        thread.join();
        assertThat(edge.notes.toString()).doesNotContain("stored-secret");
    }

    @Test
    void whatIsPostedIsReadStrictly() {
        for (String bad :
                new String[] {
                    "",
                    "[]",
                    "{\"width\":100,\"height\":800,\"dpi\":96}",
                    "{\"width\":1280,\"height\":\"800\",\"dpi\":96}",
                    "{\"width\":1280,\"height\":800,\"dpi\":96,\"keyboard\":\"../x\"}",
                    "{\"width\":1280,\"height\":800,\"dpi\":96,\"user\":\"a\\nb\"}",
                    "{\"width\":1280,\"height\":800,\"dpi\":96,\"certificate\":\"md5:1\"}"
                }) {
            refused(
                    "invalid",
                    () ->
                            sessions.begin(
                                    ann(DesktopSettings.DEFAULT),
                                    bad.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
