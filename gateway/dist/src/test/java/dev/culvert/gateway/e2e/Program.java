package dev.culvert.gateway.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A running program, its output going to files. Used by one thread; waits are blocking.
final class Program {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

    private final Command command;
    private final Process process;
    private final Path stdout;
    private final Path stderr;

    Program(Command command, Process process, Path stdout, Path stderr) {
        this.command = command;
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    Process process() {
        return process;
    }

    String stdout() throws IOException {
        return Files.readString(stdout, StandardCharsets.ISO_8859_1);
    }

    String stderr() throws IOException {
        return Files.readString(stderr, StandardCharsets.ISO_8859_1);
    }

    /// The first place in the output (either stream) that fits, as soon as it is there.
    Matcher await(String regex) throws Exception {
        return await(regex, Waiting.LONG);
    }

    Matcher await(String regex, Duration within) throws Exception {
        Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            boolean ended = !process.isAlive();
            for (Path file : List.of(stdout, stderr)) {
                Matcher found =
                        pattern.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
                if (found.find()) {
                    return found;
                }
            }
            if (ended || System.nanoTime() > deadline) {
                throw new AssertionError(
                        (ended ? "ended" : "runs, but")
                                + " without saying "
                                + regex
                                + ":\n"
                                + this);
            }
            process.waitFor(10, TimeUnit.MILLISECONDS);
        }
    }

    /// Waits until it accepts connections on a port of loopback.
    void awaitPort(int port) throws Exception {
        Waiting.until(
                command.name() + " accepts connections on port " + port,
                () -> {
                    if (!isAlive()) {
                        throw new AssertionError("ended:\n" + this);
                    }
                    return Scratch.accepts(port);
                });
    }

    /// Sends a signal: `TERM`, `INT`, `STOP`.
    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    }

    /// As `kill -9` does. Blocking until it is gone.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Waits for its end.
    Finished finish() throws Exception {
        return finish(Duration.ofSeconds(50));
    }

    Finished finish(Duration within) throws Exception {
        if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still runs after " + within.toSeconds() + " s:\n" + this);
        }
        return new Finished(command.toString(), process.exitValue(), stdout(), stderr());
    }

    /// Ends it, and what it started, whatever it takes.
    void stop() throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public String toString() {
        try {
            return "=== "
                    + command
                    + (isAlive() ? " (running)" : " (exit " + process.exitValue() + ")")
                    + "\n--- stdout\n"
                    + tail(stdout())
                    + "\n--- stderr\n"
                    + tail(stderr());
        } catch (IOException e) {
            return command + ": " + e;
        }
    }

    private static String tail(String text) {
        return text.length() > 6000 ? "..." + text.substring(text.length() - 6000) : text;
    }
}
