package dev.culvert.bench.cases;

import dev.culvert.bench.figures.Json;
import dev.culvert.bench.ground.DesktopWay;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Desktops by the built-in engine, whose client is the page itself: a tab each of one headless Chromium, which
/// `bench/browser/desktops.mjs` drives. It says `open` once all move, answers each line with what each has shown, and ends
/// with its input. Used by one thread.
final class ChromiumDesktops implements Desktops {
    /// Where bench/run has put the script and Playwright; empty without them.
    private static final String SCRIPTS = System.getProperty("culvert.bench.browser", "");

    private static final int END_SECONDS = 20;
    private static final int MAX_TOLD = 2000;

    private final Path home;
    private final Process process;
    private final BufferedReader said;
    private final Writer asks;

    private ChromiumDesktops(Path home, Process process) {
        this.home = home;
        this.process = process;
        said = process.inputReader(StandardCharsets.UTF_8);
        asks = process.outputWriter(StandardCharsets.UTF_8);
    }

    static Optional<String> obstacle() {
        return SCRIPTS.isEmpty()
                ? Optional.of("needs chromium, certutil, node, and npm with a registry")
                : Optional.empty();
    }

    static ChromiumDesktops open(DesktopWay way, int count)
            throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("culvert-bench-browser-");
        trust(home, way.authority());
        ProcessBuilder builder =
                new ProcessBuilder("node", SCRIPTS + "/desktops.mjs", given(way, count));
        builder.environment().put("HOME", home.toString());
        builder.environment().putIfAbsent("CHROMIUM", "/usr/bin/chromium");
        builder.directory(home.toFile()).redirectError(home.resolve("errors").toFile());
        ChromiumDesktops desktops = new ChromiumDesktops(home, builder.start());
        try {
            String first = desktops.line();
            if (!first.equals("open")) {
                throw new IOException("the tabs said '" + first + "' (expected: open)");
            }
        } catch (IOException e) {
            desktops.close();
            throw e;
        }
        return desktops;
    }

    /// As a person has their Chromium do it.
    private static void trust(Path home, Path authority) throws IOException, InterruptedException {
        String store = "sql:" + Files.createDirectories(home.resolve(".pki/nssdb"));
        run(List.of("certutil", "-d", store, "-N", "--empty-password"));
        run(
                List.of(
                        "certutil",
                        "-d",
                        store,
                        "-A",
                        "-n",
                        "edge",
                        "-t",
                        "C,,",
                        "-i",
                        authority.toString()));
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command.getFirst() + " failed: " + output);
        }
    }

    private static String given(DesktopWay way, int count) {
        List<Map<String, Object>> tabs = new ArrayList<>();
        for (DesktopWay.Seat seat : way.seats(DesktopWay.Kind.BUILT_IN, count)) {
            tabs.add(
                    Map.of(
                            "url",
                            "https://" + seat.application().endpoint().hostHeader() + "/",
                            "user",
                            seat.application().user(),
                            "password",
                            seat.application().password(),
                            "width",
                            seat.width(),
                            "height",
                            seat.height()));
        }
        return Json.write(
                Map.of(
                        "email",
                        DesktopWay.email(),
                        "password",
                        DesktopWay.password(),
                        "moves",
                        MOVES,
                        "tabs",
                        tabs));
    }

    private String line() throws IOException {
        String line = said.readLine();
        if (line == null) {
            String errors = Files.readString(home.resolve("errors"), StandardCharsets.UTF_8);
            throw new IOException(
                    "the tabs have ended: "
                            + errors.substring(0, Math.min(MAX_TOLD, errors.length())));
        }
        return line;
    }

    @Override
    public List<Shown> shown() throws IOException {
        asks.write("shown\n");
        asks.flush();
        List<Shown> all = new ArrayList<>();
        for (String tab : line().split(" ")) {
            String[] counts = tab.split("/");
            all.add(new Shown(Long.parseLong(counts[0]), Long.parseLong(counts[1])));
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = process.descendants().toList();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                all.forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (var files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
