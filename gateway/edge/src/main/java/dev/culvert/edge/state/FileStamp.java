package dev.culvert.edge.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/// What tells a changed file without reading it; a replaced file has another key (inode). Immutable.
public record FileStamp(@Nullable FileTime modified, long size, @Nullable Object fileKey) {
    /// Of the file as it is now. All files that cannot be looked at have the same one. Blocking.
    public static FileStamp of(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(now.lastModifiedTime(), now.size(), now.fileKey());
        } catch (IOException e) {
            return new FileStamp(null, -1, null);
        }
    }
}
