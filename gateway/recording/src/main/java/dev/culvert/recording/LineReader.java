package dev.culvert.recording;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// Reads a file line by line, however long the lines are. Confined to one thread. Blocking.
final class LineReader implements Closeable {
    private static final int BUFFER = 64 * 1024;

    private final InputStream in;
    private final int kept;
    private long bytes;

    /// One line.
    ///
    /// @param digest of all of it, with its line feed
    /// @param start of it, without line feed
    /// @param length of all of it, with its line feed
    /// @param whole false when the file ends before a line feed
    record Line(byte[] digest, byte[] start, long length, boolean whole) {
        /// Whether `start` is all of it.
        boolean isKept() {
            return length - (whole ? 1 : 0) == start.length;
        }
    }

    /// @param kept at most so many bytes of a line are kept
    LineReader(InputStream in, int kept) {
        this.in = in;
        this.kept = kept;
    }

    static LineReader open(Path file, int kept) throws IOException {
        return new LineReader(new BufferedInputStream(Files.newInputStream(file), BUFFER), kept);
    }

    /// Null at the end.
    @Nullable Line next() throws IOException {
        MessageDigest digest = Hashes.sha256();
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        long length = 0;
        while (true) {
            int next = in.read();
            if (next < 0) {
                bytes += length;
                return length == 0
                        ? null
                        : new Line(digest.digest(), start.toByteArray(), length, false);
            }
            digest.update((byte) next);
            length++;
            if (next == '\n') {
                bytes += length;
                return new Line(digest.digest(), start.toByteArray(), length, true);
            }
            if (length <= kept) {
                start.write(next);
            }
        }
    }

    /// Of all lines that were read.
    long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
