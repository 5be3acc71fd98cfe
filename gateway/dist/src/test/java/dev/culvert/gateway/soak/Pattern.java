package dev.culvert.gateway.soak;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;

/// Bytes that tell where they belong: noise with a period that is prime, so that a lost, repeated or
/// exchanged piece of any usual size shows. Immutable.
final class Pattern {
    private static final int PERIOD = 65_521;
    private static final int PIECE = 64 * 1024;
    private static final byte[] NOISE = noise();

    private Pattern() {}

    private static byte[] noise() {
        byte[] once = new byte[PERIOD];
        new Random(4).nextBytes(once);
        byte[] noise = Arrays.copyOf(once, 3 * PERIOD);
        System.arraycopy(once, 0, noise, PERIOD, PERIOD);
        System.arraycopy(once, 0, noise, 2 * PERIOD, PERIOD);
        return noise;
    }

    /// Writes the bytes from `position` on. Blocking.
    static void write(OutputStream out, long position, long length) throws IOException {
        for (long done = 0; done < length; ) {
            int size = (int) Math.min(PIECE, length - done);
            out.write(NOISE, (int) ((position + done) % PERIOD), size);
            done += size;
        }
    }

    /// Reads `length` bytes and compares. Blocking.
    ///
    /// @throws EOFException when fewer come
    /// @throws WrongByte when others come
    static void check(InputStream in, long position, long length) throws IOException {
        byte[] piece = new byte[PIECE];
        for (long done = 0; done < length; ) {
            int size = in.read(piece, 0, (int) Math.min(PIECE, length - done));
            if (size < 0) {
                throw new EOFException("ended after " + done + " of " + length + " bytes");
            }
            int from = (int) ((position + done) % PERIOD);
            int wrong = Arrays.mismatch(piece, 0, size, NOISE, from, from + size);
            if (wrong >= 0) {
                throw new WrongByte("wrong byte at " + (done + wrong) + " of " + length);
            }
            done += size;
        }
    }

    /// Reads to the end and compares. Blocking.
    ///
    /// @return number of bytes
    static long checkAll(InputStream in) throws IOException {
        byte[] piece = new byte[PIECE];
        for (long done = 0; ; ) {
            int size = in.read(piece);
            if (size < 0) {
                return done;
            }
            int from = (int) (done % PERIOD);
            int wrong = Arrays.mismatch(piece, 0, size, NOISE, from, from + size);
            if (wrong >= 0) {
                throw new WrongByte("wrong byte at " + (done + wrong));
            }
            done += size;
        }
    }

    static final class WrongByte extends IOException {
        private static final long serialVersionUID = 1;

        WrongByte(String message) {
            super(message);
        }
    }
}
