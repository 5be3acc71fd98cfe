package dev.culvert.plugin.desktop.guacd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.culvert.plugin.desktop.TestEntry;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.GuacdSettings;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.testkit.hosts.TelnetHost;
import dev.culvert.plugin.testkit.hosts.VncHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// VNC and telnet through a real guacd, to TigerVNC and GNU's telnetd; and what a guacd cannot do.
final class GuacdVncTelnetTest {
    private static final String OPENSSL =
            "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=guacd -days 2"
                    + " -addext subjectAltName=DNS:localhost -keyout %s -out %s";

    private static dev.culvert.plugin.testkit.hosts.Guacd guacd;

    @BeforeAll
    static void start() throws IOException {
        guacd = dev.culvert.plugin.testkit.hosts.Guacd.start();
    }

    @AfterAll
    static void stop() throws IOException {
        guacd.close();
    }

    private static TestServices services() {
        return new TestServices(TestServices.at(guacd.port()));
    }

    @Test
    void aVncHostIsShownTypedInAndGivesAndTakesText() throws Exception {
        try (VncHost host = VncHost.start()) {
            TestDesktop session =
                    TestDesktop.of(
                            "vnc",
                            Wanted.EVERYTHING,
                            host.port(),
                            TestDesktop.login("", VncHost.PASSWORD));
            try (Running running = Running.session(services(), session)) {
                TestPage page = running.page();
                assertThat(session.connected.get(Running.SECONDS, TimeUnit.SECONDS)).isTrue();
                running.typeUntilFile(host.home().resolve("typed"));
                Path pasted = host.home().resolve("gepäck");
                page.send(4, "touch gepäck".getBytes(UTF_8), "clipboard", 4, "text/plain");
                Running.untilFile(
                        pasted,
                        () -> {
                            page.say("key", 0xFFE1, 1);
                            page.say("key", 0xFF63, 1);
                            page.say("key", 0xFF63, 0);
                            page.say("key", 0xFFE1, 0);
                            page.type("\n");
                        });
                page.type("clear; ls -d /etc; echo straße\n");
                running.selectUntil("/etc\nstraße\n");
            }
            TestDesktop wrong =
                    TestDesktop.of(
                            "vnc",
                            DesktopSettings.DEFAULT,
                            host.port(),
                            TestDesktop.login("", "wrong"));
            try (Running running = Running.session(services(), wrong)) {
                assertThat(running.page().await("error").getArgs().getFirst())
                        .contains("Often user name or password are wrong");
                assertThat(wrong.connected).isNotDone();
            }
        }
    }

    @Test
    void aTelnetHostSignsInAndIsTypedIn() throws Exception {
        try (TelnetHost host = TelnetHost.start()) {
            TestDesktop session =
                    TestDesktop.of(
                            "telnet",
                            Wanted.EVERYTHING,
                            host.port(),
                            TestDesktop.login(TelnetHost.USER, TelnetHost.PASSWORD));
            try (Running running = Running.session(services(), session)) {
                assertThat(session.connected.get(Running.SECONDS, TimeUnit.SECONDS)).isTrue();
                // guacd signs in when it is asked, and types among what is typed.
                running.selectUntil("telnet> ");
                running.typeUntilFile(host.home().resolve("typed"));
                try (Running eve = Running.watcher(session.viewing.get(), false)) {
                    eve.page().await("img");
                }
                running.page().type("exit\n");
                assertThat(running.page().awaitClose()).isEqualTo(1000);
            }
        }
    }

    @Test
    void aGuacdThatMayNotBeUsedIsRefusedWithTheReason() {
        TestEntry entry = TestEntry.ann("vnc", 1, DesktopSettings.DEFAULT);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> new Guacd(new TestServices(null)).require(entry))
                .satisfies(e -> assertThat(e.code()).isEqualTo("guacd_missing"))
                .satisfies(e -> assertThat(e.next()).contains("apt install guacd", "docker run"));
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> new Guacd(new TestServices(TestServices.at(1))).require(entry))
                .satisfies(e -> assertThat(e.code()).isEqualTo("guacd_missing"));

        GuacdSettings elsewhere =
                new GuacdSettings("192.0.2.1", guacd.port(), false, null, null, null);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> new Guacd(new TestServices(elsewhere)).require(entry))
                .withMessageContaining("another machine")
                .satisfies(e -> assertThat(e.code()).isEqualTo("guacd_refused"))
                .satisfies(e -> assertThat(e.next()).contains("guacd.reach"));
        GuacdSettings tls = new GuacdSettings("127.0.0.1", guacd.port(), true, null, null, null);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> new Guacd(new TestServices(tls)).require(entry))
                .withMessageContaining("cannot be trusted");
    }

    @Test
    void aGuacdBehindTlsIsUsedWhenItsCertificateIsForItsNameAndOfAnAuthority(
            @TempDir Path directory) throws Exception {
        Path certificate = directory.resolve("certificate.pem");
        Path key = directory.resolve("key.pem");
        int made =
                new ProcessBuilder(OPENSSL.formatted(key, certificate).split(" "))
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("openssl.log").toFile())
                        .start()
                        .waitFor();
        assertThat(made).isZero();
        try (TlsFront front = TlsFront.of(guacd.port(), key, certificate)) {
            TestEntry entry = TestEntry.ann("vnc", 1, DesktopSettings.DEFAULT);
            front.guacd("localhost", certificate).require(entry);
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> front.guacd("127.0.0.1", certificate).require(entry))
                    .withMessageContaining("cannot be trusted");
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> front.guacd("localhost", null).require(entry))
                    .withMessageContaining("cannot be trusted");
        }
    }

    @Test
    void aGuacdWithoutTheProtocolIsGivenUpSoon() {
        TestEntry entry = TestEntry.ann("kubernetes", 1, DesktopSettings.DEFAULT);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> new Guacd(services()).require(entry))
                .withMessageContaining("no session of kind kubernetes")
                .satisfies(e -> assertThat(e.code()).isEqualTo("guacd_refused"));
    }

    /// Whose connections its ports take then, as each session here shows.
    @Test
    void theUserOfAGuacdOnThisMachineIsKnown() throws Exception {
        GuacdSocket edge = new GuacdAddress(TestServices.at(guacd.port())).connect();
        try {
            assertThat(new Handshake(edge).ask("vnc", Handshake.TIME)).isNotEmpty();
            assertThat(Callers.of(Set.of(), edge.wire()).user()).hasValue(0);
        } finally {
            edge.close();
        }
    }
}
