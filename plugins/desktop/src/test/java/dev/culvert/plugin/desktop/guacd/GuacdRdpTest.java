package dev.culvert.plugin.desktop.guacd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.desktop.TestEntry;
import dev.culvert.plugin.desktop.host.ShownCertificate;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.testkit.hosts.RdpHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// RDP through a real guacd, to xrdp (TLS) and freerdp-shadow (NLA).
final class GuacdRdpTest {
    private static final int SHIFT = 0xFFE1;
    private static final int INSERT = 0xFF63;

    private static dev.culvert.plugin.testkit.hosts.Guacd guacd;
    private static RdpHost xrdp;
    private static RdpHost shadow;
    private static String certificate;

    @BeforeAll
    static void start() throws Exception {
        guacd = dev.culvert.plugin.testkit.hosts.Guacd.start();
        xrdp = RdpHost.xrdp();
        shadow = RdpHost.nla();
        certificate = fingerprint(xrdp.certificate());
    }

    @AfterAll
    static void stop() throws IOException {
        shadow.close();
        xrdp.close();
        guacd.close();
    }

    private static TestDesktop onXrdp(DesktopSettings settings) {
        return onXrdp(settings, certificate);
    }

    private static TestDesktop onXrdp(DesktopSettings settings, String judged) {
        return new TestDesktop(
                TestEntry.ann("rdp", xrdp.port(), settings),
                TestDesktop.login(RdpHost.USER, RdpHost.PASSWORD),
                false,
                judged);
    }

    private static String fingerprint(Path pem) throws Exception {
        try (var file = Files.newInputStream(pem)) {
            return ShownCertificate.fingerprint(
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
    }

    private static TestDesktop onShadow(String user, String password) {
        return new TestDesktop(
                TestEntry.ann("rdp", shadow.port(), DesktopSettings.DEFAULT),
                TestDesktop.login(user, password),
                true,
                "");
    }

    private static TestServices services() {
        return new TestServices(TestServices.at(guacd.port()));
    }

    @Test
    void aDesktopIsShownTypedInResizedRecordedAndGivesAndTakesTextAndFiles() throws Exception {
        TestDesktop session = onXrdp(Wanted.EVERYTHING);
        TestServices services = services();
        try (Running running = Running.session(services, session)) {
            TestPage page = running.page();
            assertThat(session.connected.get(Running.SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(page.answered().first("Sec-WebSocket-Protocol")).isEqualTo("guacamole");
            assertThat(page.heard.getFirst().toString()).startsWith("0.,36.");
            running.typeUntilFile(xrdp.home().resolve("typed-" + session.id()));

            running.resizeUntil("4.size,1.0,4.1280,3.800;", 1280, 800);

            takesAndGivesText(running, session);
            takesAndGivesFiles(running, session);

            page.say("", "ping", "1700000000000");
            page.await("ping", said -> said.toString().equals("0.,4.ping,13.1700000000000;"));
        }
        assertThat(services.tape.closed).isCompleted();
        assertThat(services.tape.events)
                .anyMatch(event -> event.startsWith("clipboard to the host, "))
                .anyMatch(event -> event.startsWith("clipboard from the host, "))
                .contains("file to the host: /up.bin, 5000000 bytes, whole")
                .contains("file from the host: /up.bin, 5000000 bytes, whole");
        assertThat(services.tape.instructions.length()).isBetween(10_000, 2_000_000);
        assertThat(services.tape.instructions)
                .contains("4.size,1.0,4.1024,3.768;", "3.img,", "4.sync,")
                .containsPattern("3\\.key,3\\.116,1\\.1,\\d+\\.\\d+;")
                .containsPattern("5\\.mouse,2\\.12,2\\.12,1\\.1,\\d+\\.\\d+;")
                .doesNotContain("4.body", "5.audio");
        assertThat(session.notes("file_in")).hasSize(1);
        assertThat(guacd.log()).doesNotContain("User is not responding");
    }

    private static void takesAndGivesText(Running running, TestDesktop session) throws Exception {
        TestPage page = running.page();
        Path pasted = xrdp.home().resolve("pasted-" + session.id());
        String text = "touch " + pasted.getFileName();
        page.send(4, text.getBytes(UTF_8), "clipboard", 4, "text/plain");
        Running.untilFile(
                pasted,
                () -> {
                    page.say("key", SHIFT, 1);
                    page.say("key", INSERT, 1);
                    page.say("key", INSERT, 0);
                    page.say("key", SHIFT, 0);
                    page.type("\n");
                });

        page.type("clear; echo given to you\n");
        running.selectUntil("given to you\n");
    }

    private static void takesAndGivesFiles(Running running, TestDesktop session) throws Exception {
        TestPage page = running.page();
        byte[] big = new byte[5_000_000];
        new Random(6).nextBytes(big);
        String drive = page.drive.get(Running.SECONDS, TimeUnit.SECONDS);
        page.send(3, big, "put", drive, 3, "application/octet-stream", "/up.bin");
        Path there = guacd.drive().resolve(session.id() + "/up.bin");
        Running.awaitFile(there, big.length);
        assertThat(Files.readAllBytes(there)).isEqualTo(big);
        page.forget();
        page.say("get", drive, "/up.bin");
        assertThat(page.received("body")).isEqualTo(big);
    }

    @Test
    void whoMayOnlyLookDoesNothingWhateverTheirPageSays() throws Exception {
        TestDesktop session = onXrdp(Wanted.NOTHING);
        try (Running running = Running.session(services(), session)) {
            TestPage page = running.page();
            assertThat(session.connected.get(Running.SECONDS, TimeUnit.SECONDS)).isTrue();
            Path typed = xrdp.home().resolve("denied-" + session.id());
            page.type("touch " + typed.getFileName() + "\n");
            page.say("mouse", 12, 20, 1);
            page.say("clipboard", 1, "text/plain");
            page.say("blob", 1, "dG91Y2g=");
            page.say("end", 1);
            page.say("file", 2, "text/plain", "up");
            page.say("put", 0, 3, "text/plain", "/up");
            page.say("get", 0, "/");
            page.say("pipe", 4, "text/plain", "name");
            page.say("argv", 5, "text/plain", "password");
            page.say("audio", 6, "audio/L16;rate=44100");
            page.say("select", "ssh");
            for (int index = 1; index <= 6; index++) {
                String number = Integer.toString(index);
                assertThat(page.await("ack " + index, said -> isAck(said, number)).getArgs().get(2))
                        .isEqualTo("771");
            }

            // Whoever watches with keyboard and mouse proves that the host would have done it.
            try (Running eve =
                    Running.watcher(session.viewing.get(Running.SECONDS, TimeUnit.SECONDS), true)) {
                eve.page().await("img");
                eve.typeUntilFile(xrdp.home().resolve("allowed-" + session.id()));
            }
            assertThat(typed).doesNotExist();
            assertThat(page.hasHeard("filesystem")).isFalse();
            assertThat(page.hasHeard("audio")).isFalse();

            page.sayText("3.key,2.65");
            assertThat(page.awaitClose()).isEqualTo(1003);
            assertThat(page.await("error").toString()).contains("expected: whole instructions");
        }
        assertThat(session.notes("denied"))
                .contains(
                        "what input",
                        "what clipboard_in",
                        "what files_in",
                        "what files",
                        "what pipe",
                        "what argv",
                        "what audio",
                        "what unknown");
        assertThat(session.notes("watches"))
                .containsExactly("watcher eve@example.com control true");
    }

    private static boolean isAck(
            org.apache.guacamole.protocol.GuacamoleInstruction said, String index) {
        return said.getOpcode().equals("ack") && said.getArgs().getFirst().equals(index);
    }

    @Test
    void whoWatchesSeesAndDoesNothingAndIsNoticedAndEverybodyIsToldOfTheEnd() throws Exception {
        TestDesktop session = onXrdp(DesktopSettings.DEFAULT);
        try (Running running = Running.session(services(), session)) {
            var viewing = session.viewing.get(Running.SECONDS, TimeUnit.SECONDS);
            try (Running eve = Running.watcher(viewing, false)) {
                eve.page().await("img");
                assertThat(viewing.watchers()).isOne();
                running.page()
                        .await(
                                "notice",
                                said ->
                                        said.toString()
                                                .equals("3.msg,1.1,1.1,15.eve@example.com;"));
                Path typed = xrdp.home().resolve("watched-" + session.id());
                eve.page().type("touch " + typed.getFileName() + "\n");
                running.typeUntilFile(xrdp.home().resolve("own-" + session.id()));
                assertThat(typed).doesNotExist();

                session.end("Your access has ended.");
                assertThat(running.page().awaitClose()).isEqualTo(1008);
                assertThat(running.page().closeReason).isEqualTo("Your access has ended.");
                assertThat(running.page().await("error").getArgs())
                        .containsExactly("Your access has ended.", "523");
                assertThat(eve.page().awaitClose()).isEqualTo(1008);
                assertThat(eve.page().closeReason).isEqualTo("The session is over.");
            }
            assertThat(viewing.watchers()).isZero();
        }
    }

    @Test
    void aHostWithNlaSignsInWhoGivesTheRightPassword() throws Exception {
        TestDesktop session = onShadow(RdpHost.USER, RdpHost.PASSWORD);
        try (Running running = Running.session(services(), session)) {
            assertThat(session.connected.get(Running.SECONDS, TimeUnit.SECONDS)).isTrue();
            running.typeUntilFile(shadow.home().resolve("nla-" + session.id()));
        }
    }

    @Test
    void aHostWithNlaThatWantsMoreEndsTheSessionInWords() throws Exception {
        assertThat(endedWith(onShadow("", ""))).contains("wants username").contains("769");
        assertThat(endedWith(onShadow(RdpHost.USER, "wrong")))
                .contains("Often user name or password are wrong")
                .contains("519");
    }

    @Test
    void aHostThatShowsAnotherCertificateThanWasJudgedIsNotSentThePassword() throws Exception {
        TestDesktop session = onXrdp(DesktopSettings.DEFAULT, "SHA256:" + "ab".repeat(32));
        assertThat(endedWith(session)).contains("shows another certificate").contains("520");
    }

    private static String endedWith(TestDesktop session) throws Exception {
        try (Running running = Running.session(services(), session)) {
            assertThat(running.page().awaitClose()).isEqualTo(1011);
            assertThat(session.connected).isNotDone();
            return running.page().await("error").toString();
        }
    }

    @Test
    void aHostThatIsNotThereAGuacdThatIsNotThereAndARecordingThatIsNotMadeAreToldApart()
            throws Exception {
        assertThat(
                        endedWith(
                                TestDesktop.of(
                                        "rdp",
                                        DesktopSettings.DEFAULT,
                                        1,
                                        TestDesktop.login("ann", "secret"))))
                .contains("office.example.com", "520");

        TestDesktop unheard = onXrdp(DesktopSettings.DEFAULT);
        try (Running running = Running.session(new TestServices(TestServices.at(1)), unheard)) {
            assertThat(running.page().await("error").toString())
                    .contains("guacd at 127.0.0.1:1 does not answer", "apt install guacd");
            assertThat(running.page().awaitClose()).isEqualTo(1011);
        }

        TestServices full = services();
        full.recordsNothing = true;
        try (Running running = Running.session(full, onXrdp(Wanted.EVERYTHING))) {
            assertThat(running.page().await("error").toString()).contains("The disk is full.");
        }
    }

    @Test
    void aRecordingThatFailsOrIsEndedEndsTheSession() throws Exception {
        TestServices services = services();
        TestDesktop session = onXrdp(Wanted.EVERYTHING);
        try (Running running = Running.session(services, session)) {
            assertThat(session.recording.get(Running.SECONDS, TimeUnit.SECONDS))
                    .isEqualTo("recording-1");
            services.tape.onFailure.accept("the disk is full");
            assertThat(running.page().awaitClose()).isEqualTo(1008);
            assertThat(running.page().closeReason).contains("the disk is full");
        }
    }
}
