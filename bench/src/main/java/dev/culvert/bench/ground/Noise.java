package dev.culvert.bench.ground;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;

/// The bytes of bulk transfers: noise with a period that is prime, so that a lost, repeated or exchanged piece of any
/// usual size shows, at a fraction of the cost of a hash. Holds no state.
public final class Noise {
    private static final int PERIOD = 65_521;
    private static final int PIECE = 64 * 1024;
    private static final byte[] NOISE = noise();

    private Noise() {}

    private static byte[] noise() {
        byte[] once = new byte[PERIOD];
        new Random(4).nextBytes(once);
        byte[] noise = Arrays.copyOf(once, 3 * PERIOD);
        System.arraycopy(once, 0, noise, PERIOD, PERIOD);
        System.arraycopy(once, 0, noise, 2 * PERIOD, PERIOD);
        return noise;
    }

    /// Writes the first `length` bytes. Blocking.
    public static void write(OutputStream out, long length) throws IOException {
        for (long done = 0; done < length; ) {
            int size = (int) Math.min(PIECE, length - done);
            out.write(NOISE, (int) (done % PERIOD), size);
            done += size;
        }
    }

    /// Reads `length` bytes, or fewer when the deadline passes, and compares. Blocking.
    ///
    /// @param deadlineNanos of [System#nanoTime]
    /// @return bytes read
    public static long check(InputStream in, long length, long deadlineNanos) throws IOException {
        byte[] piece = new byte[PIECE];
        long done = 0;
        while (done < length && System.nanoTime() - deadlineNanos < 0) {
            int size = in.read(piece, 0, (int) Math.min(PIECE, length - done));
            if (size < 0) {
                throw new EOFException("ended after " + done + " of " + length + " bytes");
            }
            int from = (int) (done % PERIOD);
            int wrong = Arrays.mismatch(piece, 0, size, NOISE, from, from + size);
            if (wrong >= 0) {
                throw new IOException("wrong byte at " + (done + wrong) + " of " + length);
            }
            done += size;
        }
        return done;
    }

    /// Reads all of `length` bytes and compares. Blocking.
    public static void checkAll(InputStream in, long length) throws IOException {
        check(in, length, System.nanoTime() + Long.MAX_VALUE / 2);
    }
}
