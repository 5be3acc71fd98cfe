package dev.culvert.plugin.desktop.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.desktop.DesktopPlugin;
import dev.culvert.plugin.desktop.TestEdge;
import dev.culvert.plugin.desktop.TestEntry;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.DesktopSettings.Direction;
import dev.culvert.plugin.edge.EdgeHalf;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.testkit.hosts.RdpHost;
import dev.culvert.protocols.rdp.ConnectionRequest;
import dev.culvert.protocols.rdp.RdCleanPath;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The built-in engine from a page's requests to a real xrdp, with a client that keeps to nothing a page would.
@Timeout(300)
final class BuiltInTest {
    private static final int TLS = 1;
    private static final int TLS_OR_NLA = 3;
    private static final String[] ALL_CHANNELS = {"rdpdr", "rdpsnd", "cliprdr", "drdynvc"};
    private static final int CLIPBOARD = 2;

    private static RdpHost host;
    private final TestEdge edge = new TestEdge();
    private final EdgeHalf half = new DesktopPlugin().start(edge);

    @BeforeAll
    static void start() throws Exception {
        host = RdpHost.xrdp();
    }

    @AfterAll
    static void stop() throws Exception {
        host.close();
    }

    @AfterEach
    void close() {
        half.close();
    }

    private static DesktopSettings settings(boolean readOnly, Direction clipboard) {
        return new DesktopSettings(
                DesktopSettings.Engine.BUILT_IN,
                false,
                readOnly,
                clipboard,
                Direction.NONE,
                true,
                SshSettings.Recording.OFF,
                false,
                DesktopSettings.HostTrust.FIRST_USE,
                DesktopSettings.Security.ANY,
                null,
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                5);
    }

    private JsonNode post(TestEntry entry, String certificate) throws Exception {
        BrowserSide side =
                BrowserSide.post(
                        "/.culvert/desktop/sessions",
                        """
                        {"user":"","password":"","width":1024,"height":768,"dpi":96,"timezone":"",
                         "keyboard":"","certificate":"%s"}\
                        """
                                .formatted(certificate));
        half.browser(entry, side);
        return JsonMapper.shared().readTree(side.answer.toString());
    }

    /// Accepts the host's certificate when asked.
    private String begin(TestEntry entry) throws Exception {
        JsonNode answer = post(entry, "");
        if (answer.path("error").path("code").asString("").equals("certificate_unknown")) {
            answer = post(entry, answer.path("certificate").path("fingerprint").asString());
        }
        assertThat(answer.path("engine").asString("")).as(answer.toString()).isEqualTo("built_in");
        return answer.path("socket").asString();
    }

    private BrowserSide connect(TestEntry entry) throws Exception {
        BrowserSide side = BrowserSide.socket(begin(entry));
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        half.browser(entry, side);
                    } catch (IOException | InterruptedException e) {
                        side.closed.completeExceptionally(e);
                    }
                });
        return side;
    }

    private static byte[] request(String destination, int protocols) {
        return new RdCleanPath.Request(
                        destination,
                        "-",
                        "",
                        "",
                        new ConnectionRequest("ann", null, protocols).packet())
                .encode();
    }

    private static RdCleanPath answer(InputStream in) throws Exception {
        byte[] head = new byte[4];
        new DataInputStream(in).readFully(head);
        int length = RdCleanPath.length(ByteBuffer.wrap(head), 65535);
        byte[] message = new byte[length];
        System.arraycopy(head, 0, message, 0, 4);
        new DataInputStream(in).readFully(message, 4, length - 4);
        return RdCleanPath.decode(message);
    }

    private static RawClient open(BrowserSide side) throws Exception {
        InputStream in = side.input();
        // Byte by byte: borders of messages mean nothing.
        for (byte b : request(TestEntry.HOST, TLS_OR_NLA)) {
            side.send(new byte[] {b});
        }
        assertThat(answer(in)).isInstanceOf(RdCleanPath.Response.class);
        return new RawClient(side, in);
    }

    private static RawClient signedIn(BrowserSide side, String shell) throws Exception {
        RawClient client = open(side);
        client.open(RdpHost.USER, RdpHost.PASSWORD, shell, ALL_CHANNELS);
        return client;
    }

    private static void await(BooleanSupplier condition, Runnable meanwhile) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("nothing came of it").isLessThan(deadline);
            meanwhile.run();
            Thread.sleep(500);
        }
    }

    private static String fresh(String word) {
        return word + UUID.randomUUID().toString().replaceAll("[^a-f]", "");
    }

    private static Path file(String name) {
        return host.home().resolve(name);
    }

    /// How often a desktop was shown to a client, behind xrdp's own window in which it signs in.
    private static int desktopsShown() {
        try {
            return host.log().split("connected ok", -1).length - 1;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whoOnlyLooksSeesAndCannotType() throws Exception {
        String first = fresh("first");
        String never = fresh("never");
        String last = fresh("last");
        TestEntry worker = TestEntry.rdp(host.port(), settings(false, Direction.NONE));
        TestEntry looker = TestEntry.rdp(host.port(), settings(true, Direction.BOTH));

        BrowserSide one = connect(worker);
        RawClient client = signedIn(one, "");
        await(() -> Files.exists(file(first)), () -> client.typeFast("\ntouch " + first + "\n"));
        one.leave();

        // The same desktop again: its shell is ready.
        int attached = desktopsShown();
        BrowserSide two = connect(looker);
        RawClient looking = signedIn(two, "touch " + never);
        await(() -> desktopsShown() > attached, () -> {});
        looking.typeFast("\ntouch " + never + "\n");
        looking.typeSlow("\ntouch " + never + "\n");
        looking.typeHidden("\ntouch " + never + "\n");
        // What has arrived here passed the same way before it.
        assertThat(two.closed).isNotDone();
        two.leave();

        BrowserSide three = connect(worker);
        RawClient typing = signedIn(three, "");
        await(() -> Files.exists(file(last)), () -> typing.typeSlow("\ntouch " + last + "\n"));
        assertThat(file(never)).doesNotExist();
        three.leave();
    }

    @Test
    void noChannelIsOpenThatIsNotAllowed() throws Exception {
        BrowserSide closed = connect(TestEntry.rdp(host.port(), settings(false, Direction.NONE)));
        RawClient without = signedIn(closed, "");
        for (int i = 0; i < ALL_CHANNELS.length; i++) {
            without.send(
                    without.channel(i), new RdpBytes().u32(8).u32(3).u32(0x10001).u32(0).bytes());
        }
        assertThat(closed.closed).isNotDone();
        closed.leave();

        BrowserSide open = connect(TestEntry.rdp(host.port(), settings(false, Direction.BOTH)));
        RawClient with = signedIn(open, "");
        await(() -> with.heard.contains(with.channel(CLIPBOARD)), () -> {});

        // The host has announced its clipboard where it may, and none of the others has been heard
        // of anywhere.
        assertThat(without.heard).containsExactly(1003);
        assertThat(with.heard).containsExactlyInAnyOrder(1003, with.channel(CLIPBOARD));
        open.leave();
    }

    @Test
    void whatIsNoRdpEndsTheSession() throws Exception {
        BrowserSide side = connect(TestEntry.rdp(host.port(), settings(false, Direction.NONE)));
        RawClient client = signedIn(side, "");
        client.send(1003, new byte[] {1, 0, 0});
        BrowserSide.Closed closed = side.awaitClose();

        assertThat(closed.code()).isEqualTo(1011);
        assertThat(closed.reason()).contains("share control");
        assertThat(edge.outcomes()).contains("denied");
    }

    @Test
    void rightsThatEndCloseTheWebSocketWithinASecond() throws Exception {
        TestEntry entry = TestEntry.rdp(host.port(), settings(false, Direction.NONE));
        BrowserSide side = connect(entry);
        RawClient client = open(side);
        client.open(RdpHost.USER, RdpHost.PASSWORD, "");
        entry.revoke("the rules no longer let you in");
        BrowserSide.Closed closed = side.awaitClose();

        assertThat(closed.code()).isEqualTo(1008);
        assertThat(closed.reason()).contains("no longer let you in");
        await(() -> edge.shown.isEmpty(), () -> {});
    }

    @Test
    void theEdgeSignsInWithALoginThatTheBrowserNeverSees() throws Exception {
        half.admin(
                "POST",
                "logins",
                """
                {"application":"office","user":"%s","domain":"","password":"%s"}\
                """
                        .formatted(RdpHost.USER, RdpHost.PASSWORD));
        String seen = fresh("stored");
        BrowserSide side = connect(TestEntry.rdp(host.port(), settings(false, Direction.NONE)));
        RawClient client = open(side);
        client.open("nobody", "nothing", "");

        await(() -> Files.exists(file(seen)), () -> client.typeFast("\ntouch " + seen + "\n"));
        side.leave();
    }

    @Test
    void aSessionLeadsToItsOwnHostOnly() throws Exception {
        BrowserSide side = connect(TestEntry.rdp(host.port(), settings(false, Direction.NONE)));
        side.send(request("other.example.com:3389", TLS_OR_NLA));

        assertThat(answer(side.input()))
                .isEqualTo(new RdCleanPath.Failure(RdCleanPath.GENERAL_ERROR, 403, 0, 0, null));
        assertThat(side.awaitClose().reason()).contains(TestEntry.HOST);
    }

    @Test
    void aHostThatRefusesIsToldAsIronRdpKnowsIt() throws Exception {
        TestEntry entry;
        BrowserSide side;
        try (Relay relay = new Relay(host.port())) {
            entry = TestEntry.rdp(relay.port(), settings(false, Direction.NONE));
            side = connect(entry);
        }
        side.send(request(TestEntry.HOST + ":3389", TLS));

        assertThat(answer(side.input()))
                .isEqualTo(new RdCleanPath.Failure(RdCleanPath.GENERAL_ERROR, 0, 10061, 0, null));
        assertThat(side.awaitClose().reason()).contains("Nothing listens");
    }

    @Test
    void anotherCertificateThanTheOneThatWasJudgedIsRefused() throws Exception {
        try (RdpHost other = RdpHost.nla();
                Relay relay = new Relay(host.port())) {
            TestEntry entry = TestEntry.rdp(relay.port(), settings(false, Direction.NONE));
            BrowserSide side = connect(entry);
            relay.leadTo(other.port());
            side.send(request(TestEntry.HOST, TLS_OR_NLA));

            assertThat(answer(side.input()))
                    .isEqualTo(new RdCleanPath.Failure(RdCleanPath.GENERAL_ERROR, 0, 0, 46, null));
            assertThat(side.awaitClose().reason()).contains("another certificate");
            assertThat(post(entry, "").path("error").path("code").asString(""))
                    .isEqualTo("certificate_changed");

            // What the NLA host itself says to somebody who does not want NLA passes to the
            // browser.
            half.admin("DELETE", "certificates/" + TestEntry.HOST, "{}");
            BrowserSide refused = connect(entry);
            refused.send(request(TestEntry.HOST, TLS));
            assertThat(answer(refused.input()))
                    .isInstanceOfSatisfying(
                            RdCleanPath.Failure.class,
                            failure -> {
                                assertThat(failure.code()).isEqualTo(RdCleanPath.NEGOTIATION_ERROR);
                                assertThat(failure.x224()).hasSize(19).endsWith(5, 0, 0, 0);
                            });
        }
    }

    @Test
    void aHostThatSaysNothingIsLeftAfterItsTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            DesktopSettings patient = settings(false, Direction.NONE);
            DesktopSettings hasty =
                    new DesktopSettings(
                            patient.engine(),
                            false,
                            false,
                            Direction.NONE,
                            Direction.NONE,
                            true,
                            SshSettings.Recording.OFF,
                            false,
                            patient.host(),
                            patient.security(),
                            null,
                            Duration.ofSeconds(5),
                            patient.idle(),
                            5);
            JsonNode answer = post(TestEntry.rdp(silent.getLocalPort(), hasty), "");
            assertThat(answer.path("error").path("code").asString("")).isEqualTo("host_timed_out");
        }
    }
}
