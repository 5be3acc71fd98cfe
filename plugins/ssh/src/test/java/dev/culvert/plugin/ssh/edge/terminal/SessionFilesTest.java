package dev.culvert.plugin.ssh.edge.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.plugin.ssh.edge.TestEdge;
import dev.culvert.plugin.ssh.edge.TestEntry;
import dev.culvert.plugin.ssh.edge.host.HostClient;
import dev.culvert.plugin.ssh.edge.host.HostKeys;
import dev.culvert.plugin.ssh.edge.host.TestCertificates;
import dev.culvert.plugin.ssh.edge.io.SessionThreads;
import dev.culvert.plugin.ssh.edge.io.SessionTimer;
import dev.culvert.plugin.testkit.edge.TestRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Files of a terminal's session against OpenSSH's SFTP server.
@Timeout(120)
final class SessionFilesTest {
    @TempDir private Path directory;
    private final TestEdge edge = new TestEdge();
    private final ScheduledExecutorService timer = SessionTimer.start();
    private final TestPage page = TestPage.own();
    private HostClient hosts;
    private Terminals terminals;
    private OpenSshd host;
    private TestEntry entry;
    private Thread exchange;
    private String session;
    private String csrf;
    private Path files;

    @BeforeEach
    void start() throws Exception {
        files = Files.createDirectory(directory.resolve("files"));
        hosts =
                new HostClient(
                        timer,
                        new HostKeys(edge, List::of),
                        new TestCertificates(directory, OpenSshd.USER));
        terminals = new Terminals(edge, hosts, timer);
    }

    @AfterEach
    void stop() throws Exception {
        page.leave();
        exchange.join();
        hosts.close();
        timer.shutdownNow();
        host.close();
        SessionThreads.awaitNone();
    }

    private void open() throws Exception {
        host = new OpenSshd(directory, "");
        open(TestEntry.to(host.port()));
    }

    private void open(TestEntry who) throws Exception {
        entry = who;
        exchange =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                terminals.handle(entry, page);
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        });
        String key = Files.readString(host.key()).replace("\n", "\\n");
        page.say(
                "{'type':'connect','login':'"
                        + OpenSshd.USER
                        + "','columns':80,'rows':24,'method':'key','key':'"
                        + key
                        + "'}");
        page.await("host-key");
        page.say("{'type':'host-key','accept':true}");
        JsonNode opened = page.await("open");
        session = opened.path("session").asString();
        csrf = opened.path("csrf").asString();
    }

    private String url(String kind, Object path) {
        String coded = URLEncoder.encode(path.toString(), StandardCharsets.UTF_8);
        return "/.culvert/ssh/sessions/"
                + session
                + "/"
                + kind
                + "?path="
                + coded.replace("+", "%20");
    }

    private TestRequest ask(TestRequest request) throws Exception {
        assertThat(terminals.handle(entry, request)).isTrue();
        return request;
    }

    private TestRequest get(Object path) throws Exception {
        return ask(TestRequest.get(url("files", path)));
    }

    private TestRequest put(Object path, byte[] body) throws Exception {
        return ask(TestRequest.put(url("files", path), body, csrf));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void uploadsAndDownloadsTheSameBytes() throws Exception {
        open();
        byte[] bytes = random(5 * 1024 * 1024 + 17);
        Path file = files.resolve("big");
        TestRequest put = put(file, bytes);
        assertThat(put.status).isEqualTo(200);
        assertThat(put.json().path("size").asLong()).isEqualTo(bytes.length);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        TestRequest get = get(file);
        assertThat(get.answer.toByteArray()).isEqualTo(bytes);
        assertThat(get.answered.first("Content-Length")).isEqualTo("" + bytes.length);
        assertThat(get.closed).isTrue();
        assertThat(edge.outcomes())
                .containsExactly("changed", "opened", "transferred", "transferred");
        assertThat(TestEdge.detail(edge.notes.getLast(), "path")).isEqualTo(file.toString());
        assertThat(edge.recorders.getFirst().events)
                .anyMatch(event -> event.startsWith("sftp upload " + file))
                .anyMatch(event -> event.startsWith("sftp download " + file));
    }

    @Test
    void namesWithOddCharactersAreNames() throws Exception {
        open();
        for (String name :
                List.of(
                        "a b",
                        "100%",
                        "q?x&y#z",
                        "plus+",
                        "näïve ☃ 🐟",
                        "'\"quotes\"",
                        "new\nline",
                        "*")) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            assertThat(put(files.resolve(name), bytes).status).as(name).isEqualTo(200);
            assertThat(get(files.resolve(name)).answer.toByteArray()).as(name).isEqualTo(bytes);
        }
        TestRequest list = ask(TestRequest.get(url("list", files)));
        assertThat(list.json().path("entries").findValuesAsString("name"))
                .contains("a b", "100%", "näïve ☃ 🐟", "new\nline", "*");
        assertThat(get(files.resolve("näïve ☃ 🐟")).answered.first("Content-Disposition"))
                .isEqualTo(
                        "attachment; filename*=UTF-8''n%C3%A4%C3%AFve%20%E2%98%83%20%F0%9F%90%9F");
    }

    @Test
    void listsWhatThereIs() throws Exception {
        Files.writeString(files.resolve("text"), "12345");
        Files.createDirectory(files.resolve("folder"));
        Files.createSymbolicLink(files.resolve("link"), Path.of("text"));
        open();
        JsonNode list = ask(TestRequest.get(url("list", files + "/folder/.."))).json();
        assertThat(list.path("path").asString()).isEqualTo(files.toRealPath().toString());
        for (JsonNode each : list.path("entries")) {
            String type =
                    switch (each.path("name").asString()) {
                        case "text" -> "file";
                        case "folder" -> "directory";
                        case "link" -> "link";
                        default -> throw new AssertionError(each.toString());
                    };
            assertThat(each.path("type").asString()).isEqualTo(type);
            assertThat(each.path("mode").asString()).matches("0[0-7]{3}");
            assertThat(java.time.Instant.parse(each.path("modified").asString())).isNotNull();
        }
        assertThat(list.path("entries").size()).isEqualTo(3);
    }

    @Test
    void withoutAPathTheHomeIsListed() throws Exception {
        open();
        JsonNode list = ask(TestRequest.get("/.culvert/ssh/sessions/" + session + "/list")).json();
        assertThat(list.path("path").asString()).isEqualTo(System.getProperty("user.home"));
    }

    @Test
    void aReplacedFileKeepsItsPermissionsAndALinkItsPlace() throws Exception {
        open();
        Path file = Files.writeString(files.resolve("script"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
        Path link = Files.createSymbolicLink(files.resolve("link"), Path.of("script"));
        assertThat(put(link, "new".getBytes()).status).isEqualTo(200);
        assertThat(Files.readString(file)).isEqualTo("new");
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rwxr-x---");
    }

    @Test
    void anUploadThatIsCutLeavesWhatWasThere() throws Exception {
        open();
        Path file = Files.writeString(files.resolve("kept"), "old");
        InputStream cut =
                new InputStream() {
                    private int left = 1_000_000;

                    @Override
                    public int read() throws IOException {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        if (left <= 0) {
                            throw new IOException("client went away");
                        }
                        left -= length;
                        return length;
                    }
                };
        TestRequest put = ask(TestRequest.put(url("files", file), cut, csrf));
        assertThat(put.error()).isEqualTo("upload_cut");
        assertThat(Files.readString(file)).isEqualTo("old");
        try (Stream<Path> all = Files.list(files)) {
            assertThat(all).containsExactly(file);
        }
        assertThat(edge.outcomes()).containsExactly("changed", "opened", "failed");
    }

    @Test
    void whatCannotBeDoneIsSaidInWords() throws Exception {
        open();
        assertThat(get(files.resolve("none")).error()).isEqualTo("file_not_found");
        assertThat(get(files).error()).isEqualTo("file_is_directory");
        assertThat(put(files, new byte[1]).error()).isEqualTo("file_is_directory");
        assertThat(put(files.resolve("none/file"), new byte[1]).error())
                .isEqualTo("file_not_found");
        Path text = Files.writeString(files.resolve("text"), "x");
        assertThat(ask(TestRequest.get(url("list", text))).status).isGreaterThanOrEqualTo(400);
    }

    @Test
    void whatTheAccountMayNotDoIsSaid() throws Exception {
        host = new OpenSshd(directory, "Subsystem sftp internal-sftp -R");
        open(TestEntry.to(host.port()));
        TestRequest put = put(files.resolve("file"), new byte[1]);
        assertThat(put.status).isEqualTo(403);
        assertThat(put.error()).isEqualTo("file_denied");
        assertThat(put.json().path("error").path("message").asString())
                .isEqualTo(files.resolve("file") + " may not be written by this account.");
    }

    @Test
    void aFullDiskIsSaidToBeFull() throws Exception {
        host = OpenSshd.withSmallDisk(directory, files);
        open(TestEntry.to(host.port()));
        TestRequest put = put(files.resolve("big"), random(3 * 1024 * 1024));
        assertThat(put.error()).isEqualTo("file_no_space");
        assertThat(put.status).isEqualTo(507);
        // What was written before is gone: there is room again.
        assertThat(put(files.resolve("small"), random(500_000)).status).isEqualTo(200);
    }

    @Test
    void filesWithoutASizeAreReadToTheirEnd() throws Exception {
        open();
        TestRequest get = get("/proc/self/status");
        assertThat(get.status).isEqualTo(200);
        assertThat(get.answer.toString()).contains("Name:");
        assertThat(get.answered.contains("Content-Length")).isFalse();
    }

    @Test
    void onlyItsOwnerFindsASession() throws Exception {
        open();
        TestEntry other =
                new TestEntry(host.port(), entry.ssh()) {
                    @Override
                    public String actor() {
                        return "eve@example.com";
                    }
                };
        TestRequest list = TestRequest.get(url("list", files));
        terminals.handle(other, list);
        assertThat(list.status).isEqualTo(404);
        assertThat(list.error()).isEqualTo("unknown_session");
    }

    @Test
    void anotherSitesRequestsAreRefused() throws Exception {
        open();
        String url = url("files", files.resolve("file"));
        byte[] body = new byte[1];
        assertThat(ask(TestRequest.put(url, body, "wrong")).status).isEqualTo(403);
        assertThat(
                        ask(new TestRequest(
                                        "PUT",
                                        url,
                                        InputStream.nullInputStream(),
                                        "Origin",
                                        "https://evil.example.com",
                                        "X-Culvert-Session-Csrf",
                                        csrf))
                                .status)
                .isEqualTo(403);
        assertThat(ask(TestRequest.get(url("list", files), "Sec-Fetch-Site", "cross-site")).status)
                .isEqualTo(403);
        assertThat(Files.exists(files.resolve("file"))).isFalse();
    }

    @Test
    void whoMayNotMoveFilesMovesNone() throws Exception {
        host = new OpenSshd(directory, "");
        open(new TestEntry(host.port(), TestEntry.access(SshSettings.DEFAULT, Use.SHELL)));
        assertThat(ask(TestRequest.get(url("list", files))).error()).isEqualTo("denied");
    }

    @Test
    void afterTheSessionItsFilesAreGone() throws Exception {
        open();
        page.type("exit\n");
        page.await("exit");
        exchange.join();
        assertThat(ask(TestRequest.get(url("list", files))).error()).isEqualTo("unknown_session");
    }
}
