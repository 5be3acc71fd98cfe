package dev.culvert.edge.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.AdminEndpointFile;
import dev.culvert.edge.admin.LoopbackServer;
import dev.culvert.edge.admin.TunnelControl;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.policy.Identity;
import dev.culvert.terminal.Screen;
import dev.culvert.terminal.Sitter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The console at an emulated terminal, of an admin endpoint on a real socket.
@Timeout(120)
class EdgeConsoleTest {
    @TempDir Path temp;

    private final Sitter sitter = new Sitter("xterm-256color", 120, 40, Map.of());
    private StateDirectory directory;
    private State state;
    private AccessParts access;
    private LoopbackServer server;
    private AdminEndpointFile endpoint;
    private Screen screen;
    private TunnelControl edge;
    private TunnelControl watched;
    private Thread thread;

    @BeforeEach
    void start() throws Exception {
        directory = StateDirectory.open(temp.resolve("state"));
        state = State.open(directory, null);
        access = AccessParts.open(state, directory.path());
        state.createTunnel("home");
        state.addRoute("wiki.example.com", "home", false);
        server = new LoopbackServer(state, access);
        endpoint = AdminEndpointFile.write(directory, server.endpoint());
        edge = TunnelControl.open(directory.path(), null);
        watched = TunnelControl.open(directory.path(), null);
        assertThat(edge.isEdgeRunning()).isTrue();
        screen = sitter.screen("gateway", temp.resolve("history"));
        EdgeConsole console = new EdgeConsole(screen, edge, watched);
        thread = Thread.ofPlatform().daemon().start(console::run);
        sitter.waitFor("gateway>");
    }

    @AfterEach
    void end() throws Exception {
        sitter.close();
        thread.join(TimeUnit.SECONDS.toMillis(20));
        assertThat(thread.isAlive()).isFalse();
        screen.close();
        edge.close();
        watched.close();
        endpoint.close();
        server.close();
        access.audit().close();
        state.close();
        directory.close();
    }

    private Session signIn(String email) throws Exception {
        return access.sessions()
                .begin(
                        Session.Kind.BROWSER,
                        new Identity(email, email, "", "local", List.of(), List.of(), Map.of()),
                        "192.0.2.7",
                        "test",
                        Duration.ofHours(1))
                .session();
    }

    @Test
    void showsTunnelsRoutesAndConnections() throws Exception {
        sitter.type("tunnels hm\r");
        sitter.waitUntil(
                "the tunnel", seen -> seen.matches("(?s).*home +1 +0 +0  [0-9a-f-]{36}\n.*"));
        sitter.type("routes\r");
        sitter.waitUntil(
                "the route",
                seen ->
                        seen.matches(
                                "(?s).*wiki\\.example\\.com +home +whom its application lets in\n.*"));
        sitter.type("connections\r");
        sitter.waitFor("connections 0, streams 0\nany key ends");
        sitter.type("x");
        sitter.type("tunnels nothing\r");
        sitter.waitFor("error: there are no such tunnels");
        sitter.waitFor("connections 0  streams 0  sessions 0");
    }

    @Test
    void endsOneSessionAndAllOfSomebody() throws Exception {
        Session ann = signIn("ann@example.com");
        Session other = signIn("ann@example.com");
        Session bob = signIn("bob@example.com");
        sitter.waitFor("sessions 3");
        sitter.type("sessions bob\r");
        String id = bob.id().toString().substring(0, 8);
        sitter.waitFor(id + "  bob@example.com");
        sitter.type("end " + id.substring(0, 6) + "\t\r");
        sitter.waitFor("ended, of bob@example.com");
        assertThat(access.sessions().byId(bob.id())).isNull();
        sitter.type("end ann@example.com\r");
        sitter.waitFor("sessions ended: 2");
        assertThat(access.sessions().byId(ann.id())).isNull();
        assertThat(access.sessions().byId(other.id())).isNull();
        // A tab offers those no more.
        sitter.type("end ann\t\r");
        sitter.waitFor("error: no session has the id ann");
        sitter.type("end zzz\r");
        sitter.waitFor("error: no session has the id zzz");
    }

    @Test
    void followsWhatHappens() throws Exception {
        sitter.type("follow\r");
        sitter.waitFor("following");
        Session bob = signIn("bob@example.com");
        sitter.type("end " + bob.id() + "\r");
        sitter.waitFor("ended, of bob@example.com");
        sitter.waitUntil("the change", seen -> seen.matches("(?s).*admin session_end +cli.*"));
        sitter.type("follow off\r");
        sitter.waitFor("no longer shown");
        sitter.type("audit 1\r");
        sitter.waitUntil("it again", seen -> seen.split("session_end", -1).length > 2);
    }
}
