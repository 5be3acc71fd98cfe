package dev.culvert.recording;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A new file that only grows, by whole pieces: a piece that could not be written is taken back before the
/// next one. Only its owner may read it. Confined to one thread. Blocking.
final class AppendedFile implements Closeable {
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final FileChannel channel;
    private long whole;
    private boolean broken;

    AppendedFile(FileChannel channel) {
        this.channel = channel;
    }

    /// Makes files. Blocking.
    @FunctionalInterface
    interface Maker {
        FileChannel make(Path path) throws IOException;
    }

    /// Makes one that nobody else may read.
    static FileChannel make(Path path) throws IOException {
        return FileChannel.open(
                path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE);
    }

    void append(byte[] piece) throws IOException {
        if (broken) {
            channel.truncate(whole);
            broken = false;
        }
        broken = true;
        ByteBuffer rest = ByteBuffer.wrap(piece);
        while (rest.hasRemaining()) {
            channel.write(rest, whole + rest.position());
        }
        whole += piece.length;
        broken = false;
    }

    /// On the disk, whatever happens to the machine.
    void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
