package dev.culvert.edge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.culvert.edge.state.StateException.Code;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDirectoryTest {
    @TempDir Path temp;

    private static StateException refused(Path path) {
        return catchThrowableOfType(StateException.class, () -> StateDirectory.open(path).close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxr-x---", "rwx-w----", "rwx---r--", "rwx----w-", "rwxrwxrwx"})
    void refusesDirectoryOthersMayUse(String permissions) throws Exception {
        Path path = Files.createDirectory(temp.resolve("state"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        StateException refusal = refused(path);
        assertThat(refusal.code()).isEqualTo(Code.PERMISSIONS);
        assertThat(refusal).hasMessageContaining(permissions);
        assertThat(refusal.next()).isEqualTo("chmod 700 " + path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret.key", "state.db"})
    void refusesFileOthersMayRead(String name) throws Exception {
        Path path = temp.resolve("state");
        try (StateDirectory directory = StateDirectory.open(path);
                State state = State.open(directory, null)) {
            state.createTunnel("home");
        }
        Files.setPosixFilePermissions(
                path.resolve(name), PosixFilePermissions.fromString("rw-r-----"));
        try (StateDirectory directory = StateDirectory.open(path)) {
            StateException refusal =
                    catchThrowableOfType(
                            StateException.class, () -> State.open(directory, null).close());
            assertThat(refusal.code()).isEqualTo(Code.PERMISSIONS);
            assertThat(refusal.next()).startsWith("chmod 600 ");
        }
    }

    @Test
    void hasOneOwnerInThisProcessAndStaysLockedAfterRefusing() throws Exception {
        Path path = temp.resolve("state");
        try (StateDirectory directory = StateDirectory.open(path)) {
            assertThat(refused(path).code()).isEqualTo(Code.LOCKED);
            try (Child other = Child.start("lock", path)) {
                assertThat(other.line()).startsWith("LOCKED");
            }
            assertThat(directory.path()).exists();
        }
        StateDirectory.open(path).close();
    }

    @Test
    void namesTheProcessThatOwnsTheState() throws Exception {
        Path path = temp.resolve("state");
        try (Child owner = Child.start("hold", path)) {
            assertThat(owner.line()).isEqualTo("held");
            StateException refusal = refused(path);
            assertThat(refusal.code()).isEqualTo(Code.LOCKED);
            assertThat(refusal).hasMessageContaining("process " + owner.process.pid());
        }
        StateDirectory.open(path).close();
    }

    @Test
    void killedProcessLosesNothingAcknowledged() throws Exception {
        Path path = temp.resolve("state");
        List<String> acknowledged = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            try (Child writer = Child.start("write", path)) {
                for (int i = 0; i < 25 * (round + 1); i++) {
                    String[] words = writer.line().split(" ");
                    assertThat(words).hasSize(3);
                    acknowledged.add(words[1] + " " + words[2]);
                }
                writer.process.toHandle().destroyForcibly(); // leaves the pipe readable
                String more;
                while ((more = writer.line()) != null && more.startsWith("ack ")) {
                    String[] words = more.split(" ");
                    if (words.length == 3 && words[2].length() == 180) {
                        acknowledged.add(words[1] + " " + words[2]);
                    }
                }
            }
        }
        try (StateDirectory directory = StateDirectory.open(path);
                State state = State.open(directory, null)) {
            for (String line : acknowledged) {
                String name = line.split(" ")[0];
                assertThat(state.token(name)).isEqualTo(line.split(" ")[1]);
                assertThat(state.directory().route(name + ".example.com")).isNotNull();
            }
            assertThat(state.listTunnels()).hasSizeGreaterThanOrEqualTo(acknowledged.size());
        }
        try (var left = Files.list(path.resolve("native"))) {
            assertThat(left.count()).isLessThanOrEqualTo(2);
        }
    }

    /// Another process at the state.
    static final class Child implements AutoCloseable {
        final Process process;
        private final BufferedReader output;

        private Child(Process process) {
            this.process = process;
            this.output =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getInputStream(), StandardCharsets.UTF_8));
        }

        static Child start(String job, Path state) throws Exception {
            return new Child(
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "--enable-native-access=ALL-UNNAMED",
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Child.class.getName(),
                                    job,
                                    state.toString())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start());
        }

        String line() throws Exception {
            String line;
            do {
                line = output.readLine();
            } while (line != null && !line.matches("(ack|held|LOCKED).*"));
            return line;
        }

        @Override
        public void close() throws Exception {
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }

        public static void main(String[] args) throws Exception {
            try (StateDirectory directory = StateDirectory.open(Path.of(args[1]))) {
                if (args[0].equals("hold")) {
                    System.out.println("held");
                    System.in.read();
                } else if (args[0].equals("write")) {
                    State state = State.open(directory, null);
                    int from = state.listTunnels().size();
                    for (int i = from; i < 5000; i++) {
                        state.createTunnel("t" + i);
                        state.addRoute("t" + i + ".example.com", "t" + i, true);
                        System.out.println("ack t" + i + " " + state.token("t" + i));
                    }
                }
            } catch (StateException e) {
                System.out.println(e.code() + " " + e.getMessage());
            }
        }
    }
}
