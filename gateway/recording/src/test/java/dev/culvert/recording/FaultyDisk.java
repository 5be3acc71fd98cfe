package dev.culvert.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/// Makes real files whose disk hangs or is full when a test says so.
final class FaultyDisk implements AppendedFile.Maker {
    private boolean hangs;
    private long room = Long.MAX_VALUE;

    /// Whoever writes waits until it goes on.
    synchronized void hang() {
        hangs = true;
    }

    synchronized void goOn() {
        hangs = false;
        room = Long.MAX_VALUE;
        notifyAll();
    }

    /// So many bytes fit yet, of all files together.
    synchronized void fillUpTo(long bytes) {
        room = bytes;
    }

    @Override
    public FileChannel make(Path path) throws IOException {
        enter();
        return new Faulty(AppendedFile.make(path));
    }

    private synchronized void enter() {
        boolean interrupted = false;
        while (hangs) {
            try {
                wait();
            } catch (InterruptedException e) {
                // A disk that hangs is not interrupted.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized int admitted(int bytes) throws IOException {
        if (room == 0) {
            throw new IOException("No space left on device");
        }
        int some = (int) Math.min(room, bytes);
        room -= some;
        return some;
    }

    private final class Faulty extends FileChannel {
        private final FileChannel real;

        Faulty(FileChannel real) {
            this.real = real;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            enter();
            int some = admitted(source.remaining());
            int limit = source.limit();
            source.limit(source.position() + some);
            try {
                return real.write(source, position);
            } finally {
                source.limit(limit);
            }
        }

        @Override
        public void force(boolean metaData) throws IOException {
            enter();
            real.force(metaData);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            enter();
            return real.truncate(size);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            real.close();
        }

        @Override
        public int read(ByteBuffer target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long newPosition) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(ByteBuffer target, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
