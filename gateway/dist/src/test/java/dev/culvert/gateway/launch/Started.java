package dev.culvert.gateway.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A running script, its output going to files. It sees no variable but those given.
///
/// Confined to one test.
record Started(Process process, Path stdout, Path stderr) {

    private static final long DEADLINE_SECONDS = 60;

    static Started start(
            Path directory, Map<String, String> environment, Path script, String... arguments)
            throws IOException {
        var command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        var stdout = Files.createTempFile(directory, "stdout", "");
        var stderr = Files.createTempFile(directory, "stderr", "");
        var builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectOutput(stdout.toFile())
                        .redirectError(stderr.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new Started(builder.start(), stdout, stderr);
    }

    Finished finish(String input) throws IOException, InterruptedException {
        try (var stdin = process.outputWriter()) {
            stdin.write(input);
        } catch (IOException e) {
            // The script ended without reading its input; its exit status says the rest.
        }
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(
                    "the script still runs; so far it said:\n" + Files.readString(stderr));
        }
        return new Finished(
                process.pid(),
                process.exitValue(),
                Files.readString(stdout),
                Files.readString(stderr));
    }
}
