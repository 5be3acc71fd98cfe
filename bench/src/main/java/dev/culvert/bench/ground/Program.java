package dev.culvert.bench.ground;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/// A child process with its log. Thread-safe.
public final class Program implements AutoCloseable {
    static final Duration START = Duration.ofSeconds(60);

    private final String role;
    private final Process process;
    private final Path log;

    private Program(String role, Process process, Path log) {
        this.role = role;
        this.process = process;
        this.log = log;
    }

    /// @param role what it is in the tables, such as `edge`
    /// @param environment beside PATH, HOME and the Java home
    static Program start(
            String role, Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        Path log = Files.createTempFile(directory, role.replace(' ', '-') + "-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("CULVERT_JAVA_HOME", System.getProperty("java.home"));
        for (String inherited : List.of("CULVERT_BUILD_LOCK_HELD", "CULVERT_JAVA_OPTS")) {
            String value = System.getenv(inherited);
            if (value != null) {
                builder.environment().put(inherited, value);
            }
        }
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return new Program(role, process, log);
    }

    public String role() {
        return role;
    }

    String await(String regex) throws IOException, InterruptedException {
        return await(regex, START);
    }

    /// Waits for a line of the log.
    ///
    /// @return its first group
    String await(String regex, Duration within) throws IOException, InterruptedException {
        Pattern pattern = Pattern.compile(regex);
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            boolean alive = process.isAlive();
            Matcher found = pattern.matcher(log());
            if (found.find()) {
                return found.group(1);
            }
            if (!alive || System.nanoTime() > deadline) {
                throw new IOException(
                        role
                                + (alive ? " did not say /" : " ended without /")
                                + regex
                                + "/: "
                                + end());
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    /// Waits for its end.
    ///
    /// @return what it wrote
    String output() throws IOException, InterruptedException {
        if (process.waitFor() != 0) {
            throw new IOException(role + " failed, exit " + process.exitValue() + ": " + end());
        }
        return log();
    }

    String log() throws IOException {
        return Files.readString(log, StandardCharsets.ISO_8859_1);
    }

    /// The last lines of the log.
    private String end() throws IOException {
        String text = log().strip();
        return text.substring(Math.max(0, text.length() - 600));
    }

    long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// How it ended, if it has.
    public Optional<String> obituary() throws IOException {
        return isAlive()
                ? Optional.empty()
                : Optional.of(role + " has ended, exit " + process.exitValue() + ": " + end());
    }

    private LongStream pids() {
        return LongStream.concat(
                LongStream.of(process.pid()), process.descendants().mapToLong(ProcessHandle::pid));
    }

    public Usage usage() {
        return new Usage(
                pids().mapToDouble(Proc::cpuSeconds).sum(),
                pids().map(pid -> Proc.status(pid, "VmHWM:")).sum());
    }

    public void forgetPeak() {
        pids().forEach(Proc::forgetPeak);
    }

    public long residentBytes() {
        return pids().map(pid -> Proc.status(pid, "VmRSS:")).sum();
    }

    /// Threads of the system.
    public long threads() {
        return pids().map(Proc::threads).sum();
    }

    /// Bytes of live objects after a full collection; -1 when this is no JVM.
    public long liveBytes() throws IOException, InterruptedException {
        // Any other program would take the question, a SIGQUIT, for its end.
        Path program = Files.readSymbolicLink(Path.of("/proc", "" + pid(), "exe"));
        if (!program.endsWith("java")) {
            return -1;
        }
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process asked =
                new ProcessBuilder(jcmd.toString(), pid() + "", "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        String answer =
                new String(asked.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        asked.waitFor();
        Matcher total = Pattern.compile("(?m)^Total +\\d+ +(\\d+)").matcher(answer);
        if (!total.find()) {
            return -1;
        }
        // The collector's own fillers of dead space are not live.
        long fillers =
                Pattern.compile("(?m)^ *\\d+: +\\d+ +(\\d+) +\\S*jdk\\.internal\\.vm\\.Filler")
                        .matcher(answer)
                        .results()
                        .mapToLong(found -> Long.parseLong(found.group(1)))
                        .sum();
        return Long.parseLong(total.group(1)) - fillers;
    }

    /// SIGTERM, and ten seconds later SIGKILL.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
