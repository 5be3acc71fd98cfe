package dev.culvert.gateway.e2e;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.json.JsonMapper;

/// A real Chromium that trusts an edge's authority as a person has it do: by the NSS store of its home. It is
/// driven by the flows of `src/test/browser`, with Playwright. Needs `chromium`, `certutil` of
/// `libnss3-tools`, `node` and `npm`; Playwright's library is fetched once into `target/browser`.
///
/// Used by one thread.
final class Browser {
    private static final Path SOURCE = Path.of("src/test/browser").toAbsolutePath();
    private static final Path TARGET = Path.of("target/browser").toAbsolutePath();
    private static final Duration LONGEST_FLOW = Duration.ofMinutes(4);

    private final Programs programs;
    private final Path home;
    private final String chromium;
    private final String node;
    private final Secrets secrets = new Secrets();

    private Browser(Programs programs) throws Exception {
        this.programs = programs;
        this.home = programs.freshDirectory("browser");
        this.chromium = found("chromium");
        this.node = found("node");
        provideLibrary(found("npm"));
    }

    /// Trusts what Chromium brings along. Skips the test where a program is missing.
    static Browser trustingNone(Programs programs) throws Exception {
        return new Browser(programs);
    }

    /// Skips the test where a program is missing.
    ///
    /// @param authorities to trust, PEM
    static Browser trusting(Programs programs, Path... authorities) throws Exception {
        Browser browser = new Browser(programs);
        Path store = Files.createDirectories(browser.home.resolve(".pki/nssdb"));
        Command certutil = Command.of(found("certutil"), "-d", "sql:" + store);
        programs.run(certutil.and("-N", "--empty-password")).expectExit(0);
        for (Path authority : authorities) {
            programs.run(certutil.and("-A", "-n", authority, "-t", "C,,", "-i", authority))
                    .expectExit(0);
        }
        return browser;
    }

    /// Runs a flow and fails with what it says unless it ends well.
    ///
    /// @param given what the flow finds as `given`
    void run(String flow, Map<String, ?> given) throws Exception {
        run(flow, given, Map.of());
    }

    /// Runs a flow that has things done outside of the browser.
    void run(String flow, Map<String, ?> given, Map<String, Outside.Deed> deeds) throws Exception {
        Map<String, Outside.Deed> allDeeds = new HashMap<>(deeds);
        allDeeds.put("secrets", this::keep);
        try (Outside outside = new Outside(allDeeds)) {
            Map<String, Object> all = new HashMap<>(given);
            all.put("outside", outside.port());
            Program program =
                    programs.start(
                            Command.of(
                                            node,
                                            TARGET.resolve(flow),
                                            JsonMapper.shared().writeValueAsString(all))
                                    .with("CHROMIUM", chromium)
                                    .with("HOME", home));
            outside.serve(program, LONGEST_FLOW);
            program.finish(Duration.ZERO).expectExit(0);
        }
    }

    /// What the flows typed, followed and were given.
    Secrets secrets() {
        return secrets;
    }

    private String keep(String kindBySecret) {
        JsonMapper.shared()
                .readTree(kindBySecret)
                .forEachEntry((secret, kind) -> secrets.add(kind.asString(), secret));
        return "";
    }

    /// One process of the tests after the other.
    private static void provideLibrary(String npm) throws Exception {
        Files.createDirectories(TARGET);
        try (FileChannel file = FileChannel.open(TARGET.resolve("lock"), CREATE, WRITE);
                FileLock _ = file.lock()) {
            fetchLibrary(npm);
        }
    }

    /// With this process's own environment: it knows where packages come from.
    private static void fetchLibrary(String npm) throws Exception {
        try (Stream<Path> files = Files.list(SOURCE)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        TARGET.resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path lock = TARGET.resolve("package-lock.json");
        Path provided = TARGET.resolve("node_modules/provided.json");
        if (Files.exists(provided) && Files.mismatch(lock, provided) < 0) {
            return;
        }
        Process process =
                new ProcessBuilder(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                        .directory(TARGET.toFile())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assumptions.assumeTrue(process.waitFor() == 0, "Playwright cannot be had: " + said);
        Files.copy(lock, provided, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String found(String program) {
        List<String> folders = List.of(System.getenv("PATH").split(File.pathSeparator));
        Path path =
                folders.stream()
                        .map(folder -> Path.of(folder, program))
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElse(null);
        Assumptions.assumeTrue(path != null, "not installed: " + program);
        return String.valueOf(path);
    }
}
