package dev.culvert.access.login;

import dev.culvert.access.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Who may read and change a path: its user alone. What others may, or what is a link, is refused, as ssh does with keys.
/// On systems without such permissions nothing is checked.
///
/// Immutable.
final class Privacy {
    private static final Set<PosixFilePermission> OWN =
            PosixFilePermissions.fromString("rwx------");

    private Privacy() {}

    static FileAttribute<?>[] ofDirectory(Path path) {
        return made(path, "rwx------");
    }

    static FileAttribute<?>[] ofFile(Path path) {
        return made(path, "rw-------");
    }

    private static FileAttribute<?>[] made(Path path, String permissions) {
        if (!isKnown(path)) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }

    private static boolean isKnown(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /// @throws IOException when there is none
    static void requireDirectory(Path path) throws IOException {
        if (isKnown(path)) {
            PosixFileAttributes found = attributes(path);
            requireKind(path, found, found.isDirectory(), "a directory of yours");
            requireOwn(path, found);
        }
    }

    /// @throws IOException when there is none
    static void requireFile(Path path) throws IOException {
        if (isKnown(path)) {
            PosixFileAttributes found = attributes(path);
            requireKind(path, found, found.isRegularFile(), "a file of yours");
            requireOwn(path, found);
        }
    }

    private static PosixFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static void requireKind(
            Path path, PosixFileAttributes found, boolean right, String expected) throws Problem {
        if (!right) {
            String kind = found.isSymbolicLink() ? "a symbolic link" : "of another kind";
            throw Problem.failed(
                    path + ": " + kind + " (expected: " + expected + ")",
                    "see what it is and remove it, or set CULVERT_ACCESS_HOME to another directory");
        }
    }

    private static void requireOwn(Path path, PosixFileAttributes found) throws Problem {
        if (!OWN.containsAll(found.permissions())) {
            String permissions = PosixFilePermissions.toString(found.permissions());
            throw Problem.failed(
                    path + ": " + permissions + " (expected: nothing for other users)",
                    "see that nobody has changed it, then: chmod go= " + path);
        }
    }
}
