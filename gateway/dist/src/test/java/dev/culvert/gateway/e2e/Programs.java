package dev.culvert.gateway.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Starts programs and sees to it that they stop: in the reverse order, those of a test after the test,
/// those of `@BeforeAll` after the class. Register it as a static field.
///
/// A program gets a `PATH` of the system's directories, a `HOME` of its own class, the JDK of this test, and nothing else.
///
/// Used by one thread.
final class Programs
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private final Deque<List<AutoCloseable>> scopes = new ArrayDeque<>();
    private Path directory = Path.of("target/e2e");
    private int number;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        directory =
                Path.of("target/e2e", context.getRequiredTestClass().getSimpleName())
                        .toAbsolutePath();
        Scratch.delete(directory);
        Files.createDirectories(directory.resolve("home"));
        scopes.push(new ArrayList<>());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        scopes.push(new ArrayList<>());
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        tellOfFailure(context);
        closeScope();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        tellOfFailure(context);
        closeScope();
    }

    private void tellOfFailure(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            System.out.println("##### " + context.getDisplayName() + " failed");
            scopes.descendingIterator()
                    .forEachRemaining(scope -> scope.forEach(System.out::println));
        }
    }

    private void closeScope() throws Exception {
        for (AutoCloseable each : scopes.pop().reversed()) {
            each.close();
        }
    }

    /// A directory for files of this class, empty at its start.
    Path directory() {
        return directory;
    }

    Path home() {
        return directory.resolve("home");
    }

    /// An empty directory that only the owner may read.
    Path freshDirectory(String name) throws IOException {
        return Scratch.privateDirectory(directory.resolve(name + "-" + ++number));
    }

    /// Closes it at the end of the test or of the class.
    <T extends AutoCloseable> T closing(T resource) {
        scopes.getFirst().add(resource);
        return resource;
    }

    Program start(Command command) throws IOException {
        String name = "%03d-%s".formatted(++number, command.name());
        Path stdout = directory.resolve(name + ".out");
        Path stderr = directory.resolve(name + ".err");
        // Whoever runs the tests may have signals ignored (nohup, &), which would be inherited.
        List<String> words = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,QUIT"));
        words.addAll(command.words());
        ProcessBuilder builder =
                new ProcessBuilder(words)
                        .directory(directory.toFile())
                        .redirectOutput(stdout.toFile())
                        .redirectError(stderr.toFile());
        builder.redirectInput(
                command.input() == null ? new java.io.File("/dev/null") : command.input().toFile());
        builder.environment().clear();
        builder.environment()
                .put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("HOME", home().toString());
        builder.environment().put("LANG", "C.UTF-8");
        builder.environment().put("CULVERT_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(command.environment());
        Program program = new Program(command, builder.start(), stdout, stderr);
        closing(new Stopping(program));
        return program;
    }

    /// Starts a program and waits for its end.
    Finished run(Command command) throws Exception {
        return start(command).finish();
    }

    @SuppressWarnings("try") // who is interrupted while stopping must know
    private record Stopping(Program program) implements AutoCloseable {
        @Override
        public void close() throws InterruptedException {
            program.stop();
        }

        @Override
        public String toString() {
            return program.toString();
        }
    }
}
