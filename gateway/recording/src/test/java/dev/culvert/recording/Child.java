package dev.culvert.recording;

import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recorder.Mode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A process of its own that records, for what only happens to processes.
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;
    private final BufferedWriter words;

    private Child(Process process) {
        this.process = process;
        this.lines = process.inputReader(StandardCharsets.UTF_8);
        this.words = process.outputWriter(StandardCharsets.UTF_8);
    }

    static Child start(Path directory, String what) throws IOException {
        return new Child(
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xshare:auto",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Child.class.getName(),
                                directory.toString(),
                                what)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    /// Reads on until it says this.
    void await(String word) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals(word)) {
                return;
            }
        }
        throw new AssertionError("the child never said " + word);
    }

    String read() throws IOException {
        return lines.readLine();
    }

    void say(String word) throws IOException {
        words.write(word + "\n");
        words.flush();
    }

    /// How large the files it writes may become, in bytes.
    void limitFiles(String most) throws Exception {
        int exit =
                new ProcessBuilder("prlimit", "--pid", "" + process.pid(), "--fsize=" + most + ":")
                        .inheritIO()
                        .start()
                        .waitFor();
        if (exit != 0) {
            throw new AssertionError("prlimit ended with " + exit);
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    static List<Path> recordings(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".cast")).sorted().toList();
        }
    }

    @Override
    public void close() throws Exception {
        kill();
    }

    // ---- in the child

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        Site site = new Site(directory);
        if (arguments[1].equals("limited")) {
            limited(site);
        } else {
            steady(site);
        }
    }

    private static void limited(Site site) throws Exception {
        BufferedReader said = new BufferedReader(new java.io.InputStreamReader(System.in));
        Recorder recorder = site.begin(Mode.BEST_EFFORT);
        site.awaitSealed(recorder, 1);
        System.out.println("begun");
        said.readLine();
        byte[] bytes = new byte[50_000];
        Arrays.fill(bytes, (byte) 'x');
        recorder.output(bytes, 0, bytes.length);
        Site.await(recorder::isFailed);
        System.out.println("failing");
        said.readLine();
        Site.await(() -> !recorder.isFailed());
        site.end(recorder);
        System.out.println("done");
    }

    /// Three sessions, and each second how much of each is signed for good.
    private static void steady(Site site) throws Exception {
        List<Recorder> recorders =
                List.of(
                        site.begin(Mode.REQUIRED),
                        site.begin(Mode.BEST_EFFORT),
                        site.begin(Mode.REQUIRED));
        for (long i = 0; ; i++) {
            for (Recorder recorder : recorders) {
                Site.say(recorder, "line " + i + " of a session that goes on\r\n");
                recorder.event("note", "event " + i, true);
            }
            System.out.println(
                    System.nanoTime()
                            + " "
                            + String.join(
                                    " ",
                                    recorders.stream()
                                            .map(r -> r.id() + "=" + Site.sealed(site.cast(r)))
                                            .toList()));
            Thread.sleep(20);
        }
    }
}
