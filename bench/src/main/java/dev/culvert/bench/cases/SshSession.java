package dev.culvert.bench.cases;

import dev.culvert.bench.ground.SshWay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A terminal of stock `ssh`, whose own standard input and output are pipes. Blocking; one thread at a time.
final class SshSession implements AutoCloseable {
    private static final int MAX_TOLD = 2000;

    private final Process process;
    private final InputStream in;
    private final OutputStream out;

    /// Signs in.
    ///
    /// @param command run at the host
    /// @param within what the session takes at most; it is ended then, so that nobody waits for it
    SshSession(SshWay way, String command, Duration within) throws IOException {
        process = new ProcessBuilder(way.terminal(command)).start();
        in = process.getInputStream();
        out = process.getOutputStream();
        Thread.ofVirtual().start(() -> endAfter(within));
    }

    private void endAfter(Duration within) {
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
    }

    void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /// Reads what must come next.
    void expect(String text) throws IOException {
        String came = new String(in.readNBytes(text.length()), StandardCharsets.ISO_8859_1);
        if (!came.equals(text)) {
            throw new IOException("ssh: '" + came + "' (expected: '" + text + "'); " + errors());
        }
    }

    /// One key, which comes back.
    void echo(int key) throws IOException {
        out.write(key);
        out.flush();
        int back = in.read();
        if (back != key) {
            throw new IOException(
                    "key " + key + " came back as " + back + (back < 0 ? "; " + errors() : ""));
        }
    }

    private String errors() throws IOException {
        process.destroy();
        return new String(
                process.getErrorStream().readNBytes(MAX_TOLD), StandardCharsets.ISO_8859_1);
    }

    /// Waits for its end.
    void awaitEnd() throws IOException, InterruptedException {
        if (process.waitFor() != 0) {
            throw new IOException("ssh: exit " + process.exitValue() + "; " + errors());
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
