package dev.culvert.edge.state;

import dev.culvert.edge.state.StateException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/// Files and directories that only their owner may read or write. Blocking: virtual threads only.
public final class PrivateFiles {
    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);

    public static final FileAttribute<?> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private PrivateFiles() {}

    /// Makes the directory (0700) and its missing parents, or checks the one that is there.
    public static void directory(Path path) throws StateException {
        try {
            Files.createDirectories(path, DIRECTORY);
        } catch (IOException | UnsupportedOperationException e) {
            throw new StateException(
                    Code.STORAGE,
                    "directory " + path + " cannot be made: " + e,
                    "choose a directory you may write to, or fix its parent's permissions",
                    e);
        }
        requirePrivate(path);
    }

    /// Refuses what group or others may read or write.
    public static void requirePrivate(Path path) throws StateException {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            for (PosixFilePermission permission : OTHERS) {
                if (permissions.contains(permission)) {
                    boolean directory = Files.isDirectory(path);
                    throw new StateException(
                            Code.PERMISSIONS,
                            path
                                    + " has permissions "
                                    + PosixFilePermissions.toString(permissions)
                                    + " (expected: readable and writable by its owner only)",
                            "chmod " + (directory ? "700 " : "600 ") + path);
                }
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw failed(path, "checked", e);
        }
    }

    /// Replaces the whole file at once (0600): after a crash it is the old or the new one.
    public static void write(Path path, byte[] content) throws StateException {
        Path fresh = path.resolveSibling(path.getFileName() + "." + UUID.randomUUID() + ".new");
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            fresh,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            FILE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            syncDirectory(path);
        } catch (IOException e) {
            throw failed(path, "written", e);
        } finally {
            try {
                Files.deleteIfExists(fresh);
            } catch (IOException e) {
                // The write failed already, and that is what the caller hears of.
            }
        }
    }

    /// The content of a private file.
    ///
    /// @throws NoSuchFileException when there is none
    public static byte[] read(Path path, int maxBytes) throws StateException, NoSuchFileException {
        try {
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString());
            }
            requirePrivate(path);
            try (InputStream in = Files.newInputStream(path)) {
                byte[] content = in.readNBytes(maxBytes + 1);
                if (content.length > maxBytes) {
                    throw new StateException(
                            Code.STORAGE,
                            path + " is longer than " + maxBytes + " bytes",
                            "check that this is the right file");
                }
                return content;
            }
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw failed(path, "read", e);
        }
    }

    /// Makes renames and new names in the directory of `path` last.
    static void syncDirectory(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static StateException failed(Path path, String what, Exception e) {
        return new StateException(
                Code.STORAGE,
                path + " cannot be " + what + ": " + e,
                "check the disk and who owns the file",
                e);
    }
}
