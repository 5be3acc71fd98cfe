package dev.culvert.bench.ground;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What all systems of a run share: two places, near the user and near the services, and the services. Both places are
/// loopback, or two networks with a [Line] between them. Confined to one thread; [#close] to any, and also called when
/// this program is told to end.
public final class Ground implements AutoCloseable {
    private final Tools tools;
    private final Path directory;
    private final Place near;
    private final Place far;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Origins origins;
    private final Optional<DesktopHosts> desktops;
    private boolean closed;
    private boolean keep = System.getenv("CULVERT_BENCH_KEEP") != null;

    private Ground(
            Tools tools, Path directory, Place near, Place far, long bulkBytes, int desktopSessions)
            throws IOException, InterruptedException {
        this.tools = tools;
        this.directory = directory;
        this.near = near;
        this.far = far;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "end"));
        try {
            origins = Origins.start(this, bulkBytes);
            desktops =
                    desktopSessions > 0
                            ? DesktopHosts.start(this, desktopSessions)
                            : Optional.empty();
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    /// @param bulkBytes of the largest file
    /// @param desktops most sessions of remote desktops at once, 0 for no hosts of them
    public static Ground loopback(Tools tools, long bulkBytes, int desktops)
            throws IOException, InterruptedException {
        return new Ground(tools, newDirectory(), Place.HERE, Place.HERE, bulkBytes, desktops);
    }

    /// The line stays the caller's.
    public static Ground across(Line line, Tools tools, long bulkBytes)
            throws IOException, InterruptedException {
        return new Ground(tools, newDirectory(), line.near(), line.far(), bulkBytes, 0);
    }

    private static Path newDirectory() throws IOException {
        return Files.createTempDirectory("culvert-bench-");
    }

    public static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /// A program that ends with this ground.
    Program start(String role, Place place, Map<String, String> environment, List<String> command)
            throws IOException {
        Program program = Program.start(role, directory, environment, place.command(command));
        if (!owns(program)) {
            program.close();
            throw new IOException(role + ": told to end");
        }
        return program;
    }

    /// Ends it with this ground.
    ///
    /// @return false when this ground has ended
    boolean owns(AutoCloseable other) {
        synchronized (opened) {
            return !closed && opened.add(other);
        }
    }

    public Tools tools() {
        return tools;
    }

    Path directory() {
        return directory;
    }

    Place near() {
        return near;
    }

    Place far() {
        return far;
    }

    public Origins origins() {
        return origins;
    }

    Optional<DesktopHosts> desktops() {
        return desktops;
    }

    /// Something failed.
    public void keepLogs() {
        keep = true;
    }

    /// Ends everything started here, the latest first, and removes the files.
    @Override
    public void close() {
        List<AutoCloseable> ending;
        synchronized (opened) {
            if (closed) {
                return;
            }
            closed = true;
            ending = List.copyOf(opened).reversed();
        }
        for (AutoCloseable each : ending) {
            try {
                each.close();
            } catch (Exception e) {
                System.err.println("bench: could not end " + each + ": " + e.getMessage());
            }
        }
        if (keep) {
            System.err.println("bench: logs and state kept in " + directory);
            return;
        }
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("bench: could not remove " + directory + ": " + e.getMessage());
        }
    }
}
