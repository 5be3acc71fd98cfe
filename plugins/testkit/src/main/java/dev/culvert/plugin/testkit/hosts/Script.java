package dev.culvert.plugin.testkit.hosts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// A script beside this class, which starts a host in the background and stops it. Immutable. Blocking.
///
/// @param name its file
/// @param environment in addition to this program's own
record Script(String name, Map<String, String> environment) {
    /// It may download what it starts.
    private static final long MINUTES = 5;

    void run(Object... arguments) throws IOException {
        Path file = Files.createTempFile("culvert-" + name, "");
        Path output = Files.createTempFile("culvert-" + name, ".log");
        try {
            extract(file);
            List<String> words = new ArrayList<>(List.of("bash", file.toString()));
            for (Object argument : arguments) {
                words.add(argument.toString());
            }
            int exit = run(words, output);
            if (exit != 0) {
                throw new AssertionError(
                        words + " ended with " + exit + ":\n" + Files.readString(output));
            }
        } finally {
            Files.delete(file);
            Files.delete(output);
        }
    }

    private void extract(Path file) throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(name), name)) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private int run(List<String> words, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        Process process = builder.start();
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(
                        words + " took longer than 5 minutes:\n" + Files.readString(output));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
