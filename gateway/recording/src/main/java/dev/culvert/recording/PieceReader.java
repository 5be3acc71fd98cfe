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

/// Reads a file piece by piece, lines or so many bytes, however long they are. Confined to one thread. Blocking.
final class PieceReader implements Closeable {
    private static final int BUFFER = 64 * 1024;

    private final InputStream in;
    private final int kept;
    private long bytes;

    /// A line, or so many bytes.
    ///
    /// @param digest of all of it, of a line with its line feed
    /// @param start of a line, without line feed
    /// @param length of all of it, of a line with its line feed
    /// @param whole false when the file ends before it does
    record Piece(byte[] digest, byte[] start, long length, boolean whole) {
        /// Whether `start` is all of the line.
        boolean isKept() {
            return length - (whole ? 1 : 0) == start.length;
        }
    }

    /// @param kept at most so many bytes of a line are kept
    PieceReader(InputStream in, int kept) {
        this.in = in;
        this.kept = kept;
    }

    static PieceReader open(Path file, int kept) throws IOException {
        return new PieceReader(new BufferedInputStream(Files.newInputStream(file), BUFFER), kept);
    }

    /// The next line. Null at the end.
    @Nullable Piece line() throws IOException {
        MessageDigest digest = Hashes.sha256();
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        long length = 0;
        while (true) {
            int next = in.read();
            if (next < 0) {
                bytes += length;
                return length == 0
                        ? null
                        : new Piece(digest.digest(), start.toByteArray(), length, false);
            }
            digest.update((byte) next);
            length++;
            if (next == '\n') {
                bytes += length;
                return new Piece(digest.digest(), start.toByteArray(), length, true);
            }
            if (length <= kept) {
                start.write(next);
            }
        }
    }

    /// The next bytes. Null at the end, unless they are none.
    @Nullable Piece bytes(long wanted) throws IOException {
        MessageDigest digest = Hashes.sha256();
        byte[] buffer = new byte[(int) Math.min(wanted, BUFFER)];
        long length = 0;
        while (length < wanted) {
            int some = in.read(buffer, 0, (int) Math.min(buffer.length, wanted - length));
            if (some < 0) {
                break;
            }
            digest.update(buffer, 0, some);
            length += some;
        }
        bytes += length;
        return length == 0 && wanted > 0
                ? null
                : new Piece(digest.digest(), new byte[0], length, length == wanted);
    }

    /// Of all that was read.
    long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
