package dev.culvert.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.access.console.AccessConsole;
import dev.culvert.access.ports.Account;
import dev.culvert.access.ports.App;
import dev.culvert.access.ports.PortsFile;
import dev.culvert.access.ports.Way;
import dev.culvert.terminal.Screen;
import dev.culvert.terminal.Sitter;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The console at an emulated terminal, with streams to an edge that echoes.
@Timeout(120)
class ConsoleTest {
    @TempDir Path directory;

    private final Sitter sitter = new Sitter("xterm-256color", 120, 40, Map.of());
    private final List<URI> opened = new ArrayList<>();
    private TestEdge edge;
    private Screen screen;
    private AccessConsole console;
    private Thread thread;

    /// An account without an auth host: what is offered is set here.
    private final class Offers implements Account {
        @Override
        public List<App> apps() {
            String here = "localhost:" + edge.port();
            return List.of(
                    new App("db production", App.Kind.TCP, here, "/db", ""),
                    new App("build host", App.Kind.SSH, here, "/ssh", ""),
                    new App("bastion", App.Kind.SSH, here, "/b", ""),
                    new App("wiki", App.Kind.WEB, here, "/", "https://" + here + "/start"));
        }

        @Override
        public void login(String url) throws Problem {
            throw Problem.failed(url + " knows nobody", "ask somebody");
        }

        @Override
        public List<String> logout(String url) {
            return List.of("auth.example.com");
        }
    }

    @BeforeEach
    void start() throws Exception {
        edge =
                new TestEdge(peer -> {
                    peer.accept(true);
                    long sent = 0;
                    while (!peer.ended && peer.readSome()) {
                        peer.send(peer.readBytes((int) (peer.received - sent)));
                        sent = peer.received;
                        for (String event = peer.pollEvent();
                                event != null;
                                event = peer.pollEvent()) {
                            if (event.equals("ping")) {
                                peer.sendPong();
                            }
                        }
                    }
                    peer.sendEnd();
                    peer.readToEof();
                });
        screen = sitter.screen("access", directory.resolve("history"));
        Way way = new Way(TestCertificates.ONE.authority.toString(), null, _ -> null, null);
        console = new AccessConsole(screen, way, new Offers(), opened::add);
        thread = Thread.ofPlatform().daemon().start(console::run);
        sitter.waitFor("applications you may use: 4");
    }

    @AfterEach
    void end() throws Exception {
        sitter.close();
        thread.join(TimeUnit.SECONDS.toMillis(20));
        assertThat(thread.isAlive()).isFalse();
        console.close();
        screen.close();
        edge.close();
    }

    private int port(String name) {
        Pattern line =
                Pattern.compile(Pattern.quote(name) + "  listening on 127\\.0\\.0\\.1:(\\d+)");
        sitter.waitUntil("a port of " + name, seen -> line.matcher(seen).find());
        Matcher matcher = line.matcher(sitter.seen());
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private static void echo(Socket socket, int bytes) throws Exception {
        socket.getOutputStream().write(new byte[bytes]);
        assertThat(socket.getInputStream().readNBytes(bytes)).hasSize(bytes);
    }

    @Test
    void anApplicationIsFoundByLettersOpenedWatchedAndClosed() throws Exception {
        sitter.type("apps dbp\r");
        sitter.waitFor("db production  tcp   localhost:");
        sitter.type("open dbp\r");
        int port = port("db production");
        try (Socket socket = new Socket("127.0.0.1", port)) {
            echo(socket, 3000);
            sitter.waitUntil("the stream in the status line", seen -> seen.contains(port + " (1)"));
            sitter.type("streams\r");
            Pattern row =
                    Pattern.compile(
                            "db production +1 +127.0.0.1:"
                                    + socket.getLocalPort()
                                    + " +2.9K +2.9K +\\S+ +\\S+ +\\d[\\d.]* ms +\\d[\\d.]* ms +\\d+s");
            sitter.waitUntil("a row with a round trip", seen -> row.matcher(seen).find());
            sitter.type("x");
            sitter.waitUntil("a prompt", seen -> seen.contains("access>\n"));
            sitter.type("close " + port + "\r");
            sitter.waitFor("closed, streams ended: 1");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        sitter.type("log\r");
        sitter.waitFor("stream 1 from 127.0.0.1:");
        sitter.waitFor("no open ports");
        sitter.type("quit\r");
        thread.join();
    }

    @Test
    void aTabCompletesApplicationsAndOpenPorts() throws Exception {
        sitter.type("open bdh\t");
        sitter.waitFor("open 'build host'");
        sitter.type("\r");
        int port = port("build host");
        sitter.waitFor("use it:  ssh -p " + port + " USER@127.0.0.1");
        sitter.type("close \t");
        sitter.waitFor("close 'build host'");
        sitter.type("\r");
        sitter.waitFor("build host  closed");
    }

    @Test
    void aHostNameIsOpenedWithoutALogin() throws Exception {
        sitter.type("open localhost:" + edge.port() + " 0\r");
        int port = port("localhost:" + edge.port());
        try (Socket socket = new Socket("127.0.0.1", port)) {
            echo(socket, 10);
        }
    }

    @Test
    void aWebApplicationIsOpenedInTheBrowser() throws Exception {
        sitter.type("open wiki\r");
        sitter.waitFor("in the browser: https://localhost");
        assertThat(opened)
                .containsExactly(URI.create("https://localhost:" + edge.port() + "/start"));
    }

    @Test
    void namesWithBlanksNeedNoQuotes() throws Exception {
        int free;
        try (ServerSocket probe = new ServerSocket(0)) {
            free = probe.getLocalPort();
        }
        sitter.type("open Build host " + free + "\r");
        assertThat(port("build host")).isEqualTo(free);
        sitter.type("open db prod\r");
        port("db production");
        sitter.type("close build host\r");
        sitter.waitFor("build host  closed");
        sitter.type("open bastion on\r");
        sitter.waitFor("no application bastion on");
    }

    @Test
    void openPortsAreSavedForUp() throws Exception {
        sitter.type("open bastion\r");
        int port = port("bastion");
        Path file = directory.resolve("ports.yml");
        sitter.type("save " + file + "\r");
        sitter.waitFor("open them again:");
        PortsFile saved = PortsFile.read(file);
        assertThat(saved.entries()).hasSize(1);
        assertThat(saved.entries().getFirst().resolved(List.of()).target())
                .isEqualTo("https://localhost:" + edge.port() + "/b");
        assertThat(saved.entries().getFirst().spec().listen()).isEqualTo("127.0.0.1:" + port);
        assertThat(saved.entries().getFirst().spec().cacert())
                .isEqualTo(TestCertificates.ONE.authority.toAbsolutePath().toString());
    }

    @Test
    void whatGoesWrongIsExplained() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            sitter.type("open bastion " + taken.getLocalPort() + "\r");
            sitter.waitFor("error: cannot listen on localhost:" + taken.getLocalPort());
        }
        sitter.type("open b\r");
        sitter.waitFor("b may be 4 applications: bastion, build host, wiki, db production");
        sitter.type("open nothing-like-it\r");
        sitter.waitFor("error: no application nothing-like-it");
        sitter.type("close 1\r");
        sitter.waitFor("no port 1 is open");
        sitter.type("login https://wiki.example.com\r");
        sitter.waitFor("https://wiki.example.com knows nobody\nhint:  ask somebody");
        sitter.type("logout\r");
        sitter.waitFor("signed out at auth.example.com");
    }

    @Test
    void aStreamThatFailsIsToldAboveThePrompt() throws Exception {
        int dead;
        try (ServerSocket closed = new ServerSocket(0)) {
            dead = closed.getLocalPort();
        }
        sitter.type("open localhost:" + dead + "\r");
        int port = port("localhost:" + dead);
        sitter.type("half a line");
        sitter.waitFor("access> half a line");
        try (Socket socket = new Socket("127.0.0.1", port)) {
            sitter.waitUntil(
                    "the failure above the prompt",
                    seen ->
                            seen.contains(
                                            "connection refused by localhost:"
                                                    + dead
                                                    + "; trying again")
                                    && seen.contains("\naccess> half a line\n"));
        }
        sitter.type("\u0003");
    }
}
