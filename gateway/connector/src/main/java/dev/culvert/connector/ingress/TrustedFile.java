package dev.culvert.connector.ingress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks that nobody but us and root can change a file that is about to be run. Blocking.
final class TrustedFile {
    private TrustedFile() {}

    /// @return what is wrong with the owner or the mode, or null; links are followed
    static @Nullable String problem(Path file) {
        try {
            if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
                return null;
            }
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (mode.contains(PosixFilePermission.GROUP_WRITE)
                    || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
                return "mode "
                        + PosixFilePermissions.toString(mode)
                        + " lets others write (expected: chmod go-w)";
            }
            int owner = uid(file);
            int us = uid(Path.of("/proc/self"));
            return owner == 0 || owner == us
                    ? null
                    : "belongs to user "
                            + owner
                            + " (expected: "
                            + us
                            + ", who runs this program, or root)";
        } catch (IOException | UnsupportedOperationException e) {
            return "its owner and mode cannot be read: " + e.getMessage();
        }
    }

    private static int uid(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:uid");
    }
}
