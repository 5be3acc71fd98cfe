package dev.culvert.edge.state;

import dev.culvert.edge.state.StateException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The directory of one edge's state, owned by this process until closed.
///
/// | file | what |
/// |---|---|
/// | `lock` | locked by the owner, holds its process id |
/// | `state.db` | tunnels, routes, settings (SQLite, WAL) |
/// | `secret.key` | key of the tunnel secrets, unless it lies elsewhere |
/// | `ca.pem`, `ca.key` | local certificate authority |
/// | `admin.json` | where a running edge is reached, and the bearer token |
/// | `native/` | SQLite's native library, unpacked |
///
/// Thread-safe (immutable but for closing).
public final class StateDirectory implements AutoCloseable {
    /// Directories locked by this process. A lock of the operating system belongs to the process and
    /// ends when *any* channel on the file is closed, so a second attempt must not even open it.
    private static final Set<Path> LOCKED = new HashSet<>();

    private final Path path;
    private final FileChannel channel;

    private StateDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /// Makes the directory when missing, checks its permissions and takes the lock.
    ///
    /// @throws StateException with [Code#LOCKED] when another process has it
    public static StateDirectory open(Path directory) throws StateException {
        PrivateFiles.directory(directory);
        try {
            Path real = directory.toRealPath();
            synchronized (LOCKED) {
                if (LOCKED.contains(real)) {
                    throw locked(real, Long.toString(ProcessHandle.current().pid()));
                }
                StateDirectory locked = new StateDirectory(real, lock(real));
                LOCKED.add(real);
                locked.clearNative();
                return locked;
            }
        } catch (IOException e) {
            throw new StateException(
                    Code.STORAGE,
                    "state directory " + directory + " cannot be locked: " + e,
                    "use a local disk that supports file locks",
                    e);
        }
    }

    private static FileChannel lock(Path directory) throws IOException, StateException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve("lock"),
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        PrivateFiles.FILE);
        boolean kept = false;
        try {
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                ByteBuffer owner = ByteBuffer.allocate(20);
                channel.read(owner, 0);
                owner.flip();
                throw locked(directory, StandardCharsets.US_ASCII.decode(owner).toString());
            }
            channel.truncate(0);
            String pid = Long.toString(ProcessHandle.current().pid());
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
            kept = true;
            return channel;
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    private static StateException locked(Path directory, String owner) {
        boolean number = !owner.isEmpty() && owner.chars().allMatch(c -> c >= '0' && c <= '9');
        return new StateException(
                Code.LOCKED,
                "state directory "
                        + directory
                        + " is in use by "
                        + (number ? "process " + owner : "another process")
                        + " (expected: one owner at a time)",
                "stop that process, or give another directory with --state");
    }

    /// What a killed process left of the unpacked library; nobody else uses the directory.
    private void clearNative() throws IOException, StateException {
        PrivateFiles.directory(nativeDirectory());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(nativeDirectory())) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    public Path path() {
        return path;
    }

    Path database() {
        return path.resolve("state.db");
    }

    Path nativeDirectory() {
        return path.resolve("native");
    }

    /// Where the key of the tunnel secrets is unless the user says otherwise.
    public Path defaultKeyFile() {
        return path.resolve("secret.key");
    }

    /// Gives the directory free. Idempotent.
    @Override
    public void close() {
        synchronized (LOCKED) {
            if (!channel.isOpen()) {
                return;
            }
            LOCKED.remove(path);
            try {
                channel.close();
            } catch (IOException e) {
                // The lock ends with the process at the latest; nothing was to be written here.
            }
        }
    }
}
