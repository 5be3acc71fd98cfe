package dev.culvert.plugin.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// The origin's end of one connection, played by the test. Every wait has a deadline.
///
/// Blocking; used by one thread.
final class OriginConnection implements AutoCloseable {
    private static final int MAX_LINE = 64 * 1024;

    private final SocketChannel channel;

    OriginConnection(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
    }

    void send(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        Deadline.await(
                "the origin's bytes are taken",
                () -> {
                    write(left);
                    return !left.hasRemaining();
                });
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Writes until nobody takes any more.
    ///
    /// @return number of bytes taken
    int sendUntilStopped(byte[] bytes) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        int[] before = new int[1];
        do {
            before[0] = left.position();
        } while (Deadline.within(
                        Deadline.QUIET,
                        () -> {
                            write(left);
                            return left.position() > before[0];
                        })
                && left.hasRemaining());
        return left.position();
    }

    private void write(ByteBuffer left) {
        try {
            channel.write(left);
        } catch (IOException e) {
            throw new AssertionError("the origin's connection broke: " + e.getMessage(), e);
        }
    }

    /// Exactly so many bytes.
    byte[] receive(int count) {
        ByteBuffer into = ByteBuffer.allocate(count);
        Deadline.await(
                count + " bytes at the origin",
                () -> {
                    if (read(into) < 0) {
                        throw new AssertionError(
                                "the end after " + into.position() + " of " + count + " bytes");
                    }
                    return !into.hasRemaining();
                });
        return into.array();
    }

    /// Everything up to the end.
    byte[] receiveToEnd() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(64 * 1024);
        Deadline.await(
                "the end at the origin",
                () -> {
                    int count;
                    do {
                        count = read(piece.clear());
                        all.write(piece.array(), 0, piece.position());
                    } while (count > 0);
                    return count < 0;
                });
        return all.toByteArray();
    }

    /// Waits until the connection is over, in whatever way.
    void awaitOver() {
        ByteBuffer piece = ByteBuffer.allocate(64 * 1024);
        Deadline.await(
                "the origin's connection is over",
                () -> {
                    try {
                        return channel.read(piece.clear()) < 0;
                    } catch (IOException e) {
                        return true;
                    }
                });
    }

    /// Up to the empty line, that included.
    String receiveHead() {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            if (head.length() > MAX_LINE) {
                throw new AssertionError("a head without end");
            }
            head.append((char) (receive(1)[0] & 0xff));
        }
        return head.toString();
    }

    /// True when nothing comes, not even the end.
    boolean isQuiet() {
        ByteBuffer one = ByteBuffer.allocate(1);
        return !within(one, Deadline.QUIET);
    }

    private boolean within(ByteBuffer one, Duration time) {
        return Deadline.within(time, () -> read(one) != 0);
    }

    private int read(ByteBuffer into) {
        try {
            return channel.read(into);
        } catch (IOException e) {
            throw new AssertionError("the origin's connection broke: " + e.getMessage(), e);
        }
    }

    /// FIN.
    void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    /// RST.
    void reset() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
