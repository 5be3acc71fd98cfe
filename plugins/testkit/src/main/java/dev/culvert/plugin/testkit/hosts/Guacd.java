package dev.culvert.plugin.testkit.hosts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A running guacd 1.3.0 in a tree of its own, see the script `guacd-up`. The first start on a machine downloads it.
///
/// Blocking.
public final class Guacd implements AutoCloseable {
    private static final Script SCRIPT = new Script("guacd-up", Map.of("GUACD_WAIT", "120"));

    private final Path directory;
    private final int port;

    private Guacd(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    public static Guacd start() throws IOException {
        Machine.requireRoot("guacd");
        Guacd guacd = new Guacd(Machine.cache("guacd"), Machine.freePort());
        SCRIPT.run(guacd.directory, guacd.port);
        return guacd;
    }

    /// On loopback.
    public int port() {
        return port;
    }

    /// Of the process whose children have its connections, one each.
    public long pid() throws IOException {
        Path file = directory.resolve("guacd-" + port + ".pid");
        return Long.parseLong(Files.readString(file).split(" ")[0]);
    }

    /// The directory that is `/rec` to guacd, for `recording-path`. Of all guacds of this machine: name files uniquely.
    public Path recordings() {
        return directory.resolve("root/rec");
    }

    /// The directory that is `/drive` to guacd, for `drive-path`. Of all guacds of this machine: name files uniquely.
    public Path drive() {
        return directory.resolve("root/drive");
    }

    public String log() throws IOException {
        return Files.readString(logFile());
    }

    /// Ends it and each of its connections.
    @Override
    public void close() throws IOException {
        SCRIPT.run("--stop", directory, port);
        Files.deleteIfExists(logFile());
    }

    private Path logFile() {
        return directory.resolve("guacd-" + port + ".log");
    }
}
