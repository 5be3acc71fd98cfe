package dev.culvert.gateway.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;

/// A shipped program as a child process: its log, and what Linux says of it in `/proc`. Thread-safe.
final class Program implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Path log;

    private Program(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /// @param environment beside PATH, HOME and the Java home
    static Program start(
            String name, Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        Path log = Files.createTempFile(directory, name + "-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("CULVERT_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        for (String inherited : List.of("CULVERT_BUILD_LOCK_HELD")) {
            if (System.getenv(inherited) != null) {
                builder.environment().put(inherited, System.getenv(inherited));
            }
        }
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return new Program(name, process, log);
    }

    /// Waits for a line of the log.
    ///
    /// @return its first group
    String await(String regex, Duration within) throws IOException, InterruptedException {
        java.util.regex.Pattern pattern = java.util.regex.Pattern.compile(regex);
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            Matcher found = pattern.matcher(Files.readString(log));
            if (found.find()) {
                return found.group(1);
            }
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IOException(
                        name + " did not say /" + regex + "/ but:\n" + Files.readString(log));
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    /// Waits for its own end.
    void waitFor() throws IOException, InterruptedException {
        if (process.waitFor() != 0) {
            throw new IOException(name + " failed: " + log());
        }
    }

    /// Waits until it is over, however.
    void awaitEnd(Duration within) throws IOException, InterruptedException {
        if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            close();
            throw new IOException(name + " does not end: " + log());
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /// Open descriptors.
    long descriptors() throws IOException {
        try (var list = Files.list(Path.of("/proc", pid() + "", "fd"))) {
            return list.count();
        }
    }

    long rss() throws IOException {
        return status("VmRSS:");
    }

    long peakRss() throws IOException {
        return status("VmHWM:");
    }

    private long status(String key) throws IOException {
        if (!process.isAlive()) {
            throw new IOException(name + " has ended, exit " + process.exitValue() + ":\n" + log());
        }
        for (String line : Files.readAllLines(Path.of("/proc", pid() + "", "status"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("no " + key + " of " + name);
    }

    /// Bytes of live objects, after a full collection; what they are goes to a file beside the log.
    long liveBytes() throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process asked =
                new ProcessBuilder(jcmd.toString(), pid() + "", "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        String answer = new String(asked.getInputStream().readAllBytes());
        asked.waitFor();
        Files.writeString(Files.createTempFile(log.getParent(), name + "-", ".histogram"), answer);
        Matcher total = java.util.regex.Pattern.compile("(?m)^Total +\\d+ +(\\d+)").matcher(answer);
        if (!total.find()) {
            throw new IOException("no histogram of " + name + ": " + answer);
        }
        // The collector's own fillers of dead space are not live.
        Matcher filler =
                java.util.regex.Pattern.compile(
                                "(?m)^ *\\d+: +\\d+ +(\\d+) +\\S*jdk\\.internal\\.vm\\.Filler")
                        .matcher(answer);
        long fillers = 0;
        while (filler.find()) {
            fillers += Long.parseLong(filler.group(1));
        }
        return Long.parseLong(total.group(1)) - fillers;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// SIGTERM, and ten seconds later SIGKILL.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
