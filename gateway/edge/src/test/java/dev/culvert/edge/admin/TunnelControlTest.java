package dev.culvert.edge.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.culvert.edge.state.PrivateFiles;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunnelControlTest {
    @TempDir Path temp;

    private static Code refused(ThrowingCallable call) {
        StateException refusal = catchThrowableOfType(StateException.class, call);
        assertThat(refusal).isNotNull();
        assertThat(refusal.getMessage()).isNotBlank();
        return refusal.code();
    }

    private void doesEverything(TunnelControl control) throws Exception {
        var home = control.createTunnel("home");
        assertThat(control.listTunnels()).containsExactly(home);
        assertThat(refused(() -> control.createTunnel("home"))).isEqualTo(Code.CONFLICT);
        assertThat(refused(() -> control.createTunnel("a/b c?"))).isEqualTo(Code.INVALID);
        assertThat(refused(() -> control.token("a/../b c?"))).isEqualTo(Code.NOT_FOUND);
        var route = control.addRoute("*.Example.com", "home", false);
        assertThat(route.isClosed()).isTrue();
        assertThat(control.listRoutes()).containsExactly(route);
        String token = control.token("home");
        assertThat(control.rotateTunnel("home").rotation()).isEqualTo(1);
        assertThat(control.token("home")).isNotEqualTo(token);
        assertThat(refused(() -> control.deleteTunnel("home", false))).isEqualTo(Code.CONFLICT);
        control.removeRoute("*.example.com");
        control.addRoute("b.example.com", home.id().toString(), true);
        control.deleteTunnel("home", true);
        assertThat(control.listTunnels()).isEmpty();
        assertThat(control.listRoutes()).isEmpty();
    }

    @Test
    void opensTheStateItselfWhenNoEdgeRuns() throws Exception {
        try (TunnelControl control = TunnelControl.open(temp.resolve("state"), null)) {
            assertThat(control).isInstanceOf(OwnedState.class);
            doesEverything(control);
        }
        StateDirectory.open(temp.resolve("state")).close();
    }

    @Test
    void asksTheRunningEdge() throws Exception {
        Path path = temp.resolve("state");
        try (StateDirectory directory = StateDirectory.open(path);
                State state = State.open(directory, null);
                LoopbackServer server = new LoopbackServer(state);
                AdminEndpointFile file = AdminEndpointFile.write(directory, server.endpoint());
                TunnelControl control = TunnelControl.open(path, null)) {
            assertThat(control).isInstanceOf(AdminClient.class);
            PrivateFiles.requirePrivate(path.resolve("admin.json"));
            assertThat(file.endpoint().toString()).doesNotContain(file.endpoint().token());
            doesEverything(control);
        }
        assertThat(path.resolve("admin.json")).doesNotExist();
    }

    @Test
    void removesWhatAKilledEdgeLeft() throws Exception {
        Path path = temp.resolve("state");
        try (StateDirectory directory = StateDirectory.open(path)) {
            AdminEndpointFile.write(
                    directory,
                    new AdminEndpointFile.Endpoint(URI.create("http://127.0.0.1:1"), "old"));
        }
        try (TunnelControl control = TunnelControl.open(path, null)) {
            assertThat(control).isInstanceOf(OwnedState.class);
            assertThat(path.resolve("admin.json")).doesNotExist();
        }
    }

    @Test
    void saysWhenTheEdgeDoesNotAnswer() throws Exception {
        Path path = temp.resolve("state");
        int freePort;
        try (var socket = new java.net.ServerSocket(0)) {
            freePort = socket.getLocalPort();
        }
        try (StateDirectory directory = StateDirectory.open(path);
                AdminEndpointFile file =
                        AdminEndpointFile.write(
                                directory,
                                new AdminEndpointFile.Endpoint(
                                        URI.create("http://127.0.0.1:" + freePort), "secret"));
                TunnelControl control = TunnelControl.open(path, null)) {
            assertThat(file).isNotNull();
            assertThat(refused(control::listTunnels)).isEqualTo(Code.UNREACHABLE);
        }
    }

    @Test
    void saysWhoHasTheStateWhenThereIsNoEndpoint() throws Exception {
        Path path = temp.resolve("state");
        try (StateDirectory directory = StateDirectory.open(path)) {
            assertThat(directory.path()).exists();
            assertThat(refused(() -> TunnelControl.open(path, null, Duration.ofMillis(120))))
                    .isEqualTo(Code.LOCKED);
        }
    }

    @Test
    void neverSendsTheTokenElsewhereNorReadsAnOpenFile() throws Exception {
        Path path = temp.resolve("state");
        try (StateDirectory directory = StateDirectory.open(path)) {
            Path file = directory.path().resolve("admin.json");
            for (String content :
                    new String[] {
                        "{\"url\":\"http://192.0.2.1:80\",\"token\":\"x\"}",
                        "{\"url\":\"https://localhost:80\",\"token\":\"x\"}",
                        "{\"url\":\"http://localhost@192.0.2.1\",\"token\":\"x\"}",
                        "{\"token\":\"x\"}",
                        "{\"token\":\"hidden"
                    }) {
                PrivateFiles.write(file, content.getBytes(StandardCharsets.UTF_8));
                StateException refusal =
                        catchThrowableOfType(
                                StateException.class, () -> TunnelControl.open(path, null));
                assertThat(refusal.code()).as(content).isEqualTo(Code.UNREACHABLE);
                assertThat(refusal.getMessage()).doesNotContain("hidden");
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            assertThat(refused(() -> TunnelControl.open(path, null))).isEqualTo(Code.PERMISSIONS);
        }
    }
}
