package dev.culvert.plugin.testkit.hosts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// The directory of a host, which everyone may pass through as its shells run as other users, and the programs that
/// were started in it. They end together. Used by one thread. Blocking.
final class Workplace implements AutoCloseable {
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long STOP_SECONDS = 5;

    private final Path directory;
    private final List<Process> programs = new ArrayList<>();

    private Workplace(Path directory) {
        this.directory = directory;
    }

    static Workplace create(String host) throws IOException {
        Machine.requireRoot(host);
        Path directory = Files.createTempDirectory("culvert-" + host);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Workplace(directory);
    }

    Path directory() {
        return directory;
    }

    /// A script of the host, that everyone may run.
    Path script(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// A directory of the user `nobody`, as whom shells run.
    Path home() throws IOException {
        Path home = Files.createDirectory(directory.resolve("home"));
        var users = home.getFileSystem().getUserPrincipalLookupService();
        return Files.setOwner(home, users.lookupPrincipalByName("nobody"));
    }

    /// The words of a command that runs as `nobody`.
    static List<String> asNobody(String... command) {
        List<String> words =
                new ArrayList<>(
                        List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        words.addAll(List.of(command));
        return words;
    }

    /// Its output goes to `<name>.log`.
    Process start(String name, Map<String, String> environment, List<String> words)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(logFile(name).toFile());
        Process process = builder.start();
        process.getOutputStream().close();
        programs.add(process);
        return process;
    }

    String log(String name) throws IOException {
        return Files.readString(logFile(name));
    }

    private Path logFile(String name) {
        return directory.resolve(name + ".log");
    }

    /// Waits for what a program that starts does last.
    void await(String name, Process process, BooleanSupplier started) throws IOException {
        long begin = System.nanoTime();
        while (!started.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() - begin > START_NANOS) {
                String what = process.isAlive() ? " does not serve:\n" : " ended at once:\n";
                throw new AssertionError(name + what + log(name));
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    /// The last one first, as it may need the others.
    @Override
    public void close() throws IOException {
        for (Process program : programs.reversed()) {
            List<ProcessHandle> all = new ArrayList<>(program.descendants().toList());
            all.add(program.toHandle());
            all.forEach(ProcessHandle::destroy);
            program.onExit().completeOnTimeout(program, STOP_SECONDS, TimeUnit.SECONDS).join();
            all.forEach(ProcessHandle::destroyForcibly);
            program.onExit().join();
        }
        programs.clear();
        delete(directory);
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var files = Files.walk(directory)) {
                for (Path file : files.toList().reversed()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
