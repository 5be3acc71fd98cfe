package dev.culvert.edge.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Runs the scripts of `src/test/node/pages`, which drive a Chromium. Needs `node`, `npm` and `chromium`;
/// their libraries are fetched once into `target/node/pages`.
final class BrowserScript {
    private static final Path SOURCE = Path.of("src/test/node/pages");
    private static final Path TARGET = Path.of("target/node/pages");
    private static final long MINUTES = 12;

    private BrowserScript() {}

    /// Fails with what the script printed unless it ends well.
    static void run(String script, String... arguments) throws IOException, InterruptedException {
        String chromium = found("chromium", "chromium-browser", "google-chrome-stable");
        String node = found("node");
        provide(found("npm"));
        List<String> command = new ArrayList<>(List.of(node, script));
        command.addAll(Arrays.asList(arguments));
        ended(command, chromium);
    }

    private static void provide(String npm) throws IOException, InterruptedException {
        Files.createDirectories(TARGET);
        try (Stream<Path> files = Files.list(SOURCE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(
                        file,
                        TARGET.resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path lock = TARGET.resolve("package-lock.json");
        Path provided = TARGET.resolve("node_modules/provided.json");
        if (!Files.exists(provided) || Files.mismatch(lock, provided) >= 0) {
            Process process =
                    new ProcessBuilder(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                            .directory(TARGET.toFile())
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Assumptions.assumeTrue(process.waitFor() == 0, "libraries cannot be had: " + said);
            Files.copy(lock, provided, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void ended(List<String> command, String chromium)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(TARGET, "run", ".log");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(TARGET.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("CHROMIUM", chromium);
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
            String said = Files.readString(output);
            assertThat(ended).as("ended in %d minutes: %s", MINUTES, said).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String found(String... names) {
        List<String> folders = List.of(System.getenv("PATH").split(File.pathSeparator));
        Optional<Path> program =
                Arrays.stream(names)
                        .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
                        .filter(Files::isExecutable)
                        .findFirst();
        Assumptions.assumeTrue(program.isPresent(), "not installed: " + names[0]);
        return program.get().toString();
    }
}
