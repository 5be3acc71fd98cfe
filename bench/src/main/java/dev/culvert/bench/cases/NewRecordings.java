package dev.culvert.bench.cases;

import dev.culvert.bench.ground.SshWay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The recordings that are made from now on. Confined to one thread.
final class NewRecordings {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final SshWay.Recorded recorded;
    private final Set<Path> before;

    NewRecordings(SshWay.Recorded recorded) throws IOException {
        this.recorded = recorded;
        this.before = recorded.files();
    }

    private Set<Path> files() throws IOException {
        Set<Path> files = new HashSet<>(recorded.files());
        files.removeAll(before);
        return files;
    }

    /// Waits until there are so many, and `gateway recording verify` finds all of them complete.
    ///
    /// @param words that each has to have
    void awaitComplete(int count, List<String> words) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        Checked checked = check(count);
        while (!checked.complete()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("recordings are not complete: " + checked.said());
            }
            Thread.sleep(200);
            checked = check(count);
        }
        for (Path file : files()) {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            for (String word : words) {
                if (!text.contains(word)) {
                    throw new IOException("recording " + file + " has no " + word);
                }
            }
        }
    }

    private record Checked(boolean complete, String said) {}

    private Checked check(int count) throws IOException, InterruptedException {
        Set<Path> files = files();
        if (files.size() != count) {
            return new Checked(false, files.size() + " (expected: " + count + ")");
        }
        List<String> command = new ArrayList<>(List.of(recorded.gateway(), "recording", "verify"));
        files.forEach(file -> command.add(file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CULVERT_JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Checked(process.waitFor() == 0, said);
    }
}
