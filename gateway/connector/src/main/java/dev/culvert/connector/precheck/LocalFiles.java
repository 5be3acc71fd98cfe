package dev.culvert.connector.precheck;

import dev.culvert.connector.precheck.Precheck.Outcome;
import dev.culvert.connector.precheck.Precheck.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks whether files can be read and written. Blocking. Stateless.
public final class LocalFiles {
    private LocalFiles() {}

    /// A file that will be written, such as the pid file.
    public static Precheck writable(String component, @Nullable Path file) {
        return () -> {
            if (file == null) {
                return List.of();
            }
            Path parent = file.toAbsolutePath().getParent();
            boolean fine =
                    Files.exists(file)
                            ? Files.isRegularFile(file) && Files.isWritable(file)
                            : parent != null
                                    && Files.isDirectory(parent)
                                    && Files.isWritable(parent);
            return List.of(
                    fine
                            ? Row.pass(component, file.toString(), "can be written")
                            : new Row(
                                    component,
                                    file.toString(),
                                    Outcome.FAIL,
                                    parent != null && Files.isDirectory(parent)
                                            ? "cannot be written"
                                            : "its directory is not there",
                                    "make the directory, or give this user the right to write there"));
        };
    }

    /// The directory of plugin jars; without it only the built-in plugins are there.
    public static Precheck plugins(@Nullable Path directory) {
        return () -> {
            if (directory == null) {
                return List.of();
            }
            return List.of(
                    Files.isDirectory(directory) && Files.isReadable(directory)
                            ? Row.pass("plugins", directory.toString(), "can be read")
                            : new Row(
                                    "plugins",
                                    directory.toString(),
                                    Outcome.FAIL,
                                    "no directory that can be read",
                                    "check --plugins; only the built-in plugins are there"));
        };
    }
}
