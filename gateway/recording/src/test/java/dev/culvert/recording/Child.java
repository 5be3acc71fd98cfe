package dev.culvert.recording;

import dev.culvert.plugin.edge.Recorder.Mode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

    static Child start(Path directory, String what, String format) throws IOException {
        return new Child(
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xshare:auto",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Child.class.getName(),
                                directory.toString(),
                                what,
                                format)
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
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".sig"))
                    .sorted()
                    .toList();
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
            limited(site, Format.valueOf(arguments[2]));
        } else {
            steady(site);
        }
    }

    private static void limited(Site site, Format format) throws Exception {
        BufferedReader said = new BufferedReader(new java.io.InputStreamReader(System.in));
        Tape tape = site.begin(format, Mode.BEST_EFFORT);
        Site.awaitSealed(site.data(tape.id(), format), 1);
        System.out.println("begun");
        said.readLine();
        for (int i = 0; i < 5; i++) {
            tape.say("x".repeat(10_000));
        }
        Site.await(tape::isFailed);
        System.out.println("failing");
        said.readLine();
        Site.await(() -> !tape.isFailed());
        site.end(tape, format);
        System.out.println("done");
    }

    private record Session(Tape tape, Path data) {
        static Session begin(Site site, Format format, Mode mode) throws IOException {
            Tape tape = site.begin(format, mode);
            return new Session(tape, site.data(tape.id(), format));
        }
    }

    /// Three sessions, and all the time how much of each is signed for good.
    private static void steady(Site site) throws Exception {
        List<Session> sessions =
                List.of(
                        Session.begin(site, Format.CAST, Mode.REQUIRED),
                        Session.begin(site, Format.CAST, Mode.BEST_EFFORT),
                        Session.begin(site, Format.GUAC, Mode.REQUIRED));
        for (long i = 0; ; i++) {
            for (Session session : sessions) {
                session.tape().say("line " + i + " of a session that goes on\r\n");
                session.tape().note("event " + i);
            }
            System.out.println(
                    System.nanoTime()
                            + " "
                            + String.join(
                                    " ",
                                    sessions.stream()
                                            .map(one ->
                                                    one.tape().id() + "=" + Site.sealed(one.data()))
                                            .toList()));
            Thread.sleep(20);
        }
    }
}
