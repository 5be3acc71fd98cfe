package dev.culvert.bench.cases;

import dev.culvert.bench.ground.SshWay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Stock `scp` that fetches the big file again and again until it is closed. The last copy is compared then, those
/// before are counted. Thread-safe.
final class ScpRun implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int MAX_TOLD = 2000;

    private final SshWay way;
    private final long length;
    private final Path directory;
    private final Thread thread;
    private Process process;
    private Path copy;
    private long before;
    private boolean ended;
    private String failure = "";

    ScpRun(SshWay way) throws IOException {
        this.way = way;
        this.length = Files.size(way.file());
        this.directory = Files.createTempDirectory(way.file().getParent(), "scp-");
        begin(0);
        thread = Thread.ofVirtual().start(this::run);
    }

    private synchronized Process begin(int number) throws IOException {
        copy = directory.resolve("copy-" + number);
        process = new ProcessBuilder(way.fetch(copy)).start();
        return process;
    }

    private void run() {
        try {
            for (int number = 1; again(number); number++) {
                Files.deleteIfExists(directory.resolve("copy-" + (number - 1)));
            }
        } catch (IOException | InterruptedException e) {
            fail(e.toString());
        }
    }

    /// Waits for one to end and starts the next.
    private boolean again(int number) throws IOException, InterruptedException {
        Process running = process();
        int exit = running.waitFor();
        synchronized (this) {
            if (ended) {
                return false;
            }
            String said =
                    new String(
                            running.getErrorStream().readNBytes(MAX_TOLD),
                            StandardCharsets.ISO_8859_1);
            if (exit != 0 || Files.size(copy) != length) {
                fail("scp: exit " + exit + ": " + said);
                return false;
            }
            before += length;
            begin(number);
            return true;
        }
    }

    private synchronized Process process() {
        return process;
    }

    private synchronized void fail(String why) {
        failure = why;
    }

    /// Bytes that have come.
    synchronized long bytes() throws IOException {
        if (!failure.isEmpty()) {
            throw new IOException(failure);
        }
        return before + (Files.exists(copy) ? Files.size(copy) : 0);
    }

    void awaitFirst() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (bytes() == 0) {
            if (System.nanoTime() > deadline) {
                throw new IOException("scp: nothing came in 20 s");
            }
            Thread.sleep(10);
        }
    }

    /// @throws IOException when a byte of the copy is another than that of the file
    @Override
    public void close() throws IOException, InterruptedException {
        synchronized (this) {
            ended = true;
        }
        process().destroy();
        process().waitFor();
        thread.join();
        try {
            compare();
        } finally {
            delete();
        }
    }

    private synchronized void compare() throws IOException {
        if (!Files.exists(copy)) {
            return;
        }
        long differs = Files.mismatch(way.file(), copy);
        if (differs >= 0 && differs < Files.size(copy)) {
            throw new IOException("scp: wrong byte at " + differs + " of " + length);
        }
    }

    private void delete() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
