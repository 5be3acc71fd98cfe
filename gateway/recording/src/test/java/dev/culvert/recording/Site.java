package dev.culvert.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recorder.Mode;
import dev.culvert.plugin.edge.Recordings.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Recordings in a directory.
final class Site implements AutoCloseable {
    static final SigningKey KEY = SigningKey.make();
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final RecordingFiles files;
    final SessionRecordings recordings;

    Site(Path directory) {
        this(directory, AppendedFile::make);
    }

    Site(Path directory, AppendedFile.Maker maker) {
        files = new RecordingFiles(directory);
        recordings = new SessionRecordings(files, KEY, InstantSource.system(), 64L << 20, maker);
    }

    static Subject subject(String command, boolean input) {
        return new Subject(
                new Visitor("ann@example.com", "build.example.com"),
                "ssh",
                "ann",
                "gateway",
                80,
                24,
                command,
                input);
    }

    Recorder begin(Mode mode) throws IOException {
        return recordings.begin(subject("", true), mode);
    }

    Path cast(Recorder recorder) {
        return files.cast(new RecordingId(recorder.id()));
    }

    /// Completes it and waits for that.
    Path end(Recorder recorder) throws Exception {
        recorder.close();
        await(() -> recordings.live(new RecordingId(recorder.id())).isEmpty());
        return cast(recorder);
    }

    /// Until what was given is signed and on the disk.
    void awaitSealed(Recorder recorder, long records) throws Exception {
        await(() -> sealed(cast(recorder)) >= records);
    }

    static long sealed(Path cast) {
        try {
            return Verifier.verify(cast).records();
        } catch (IOException e) {
            return -1;
        }
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(until);
            Thread.sleep(5);
        }
    }

    static void say(Recorder recorder, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        recorder.output(bytes, 0, bytes.length);
    }

    static void type(Recorder recorder, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        recorder.input(bytes, 0, bytes.length);
    }

    static JsonNode header(Path cast) throws IOException {
        return MAPPER.readTree(Files.readAllLines(cast).getFirst());
    }

    /// `o hello`, without times.
    static List<String> records(Path cast) throws IOException {
        return Files.readAllLines(cast).stream()
                .skip(1)
                .map(MAPPER::readTree)
                .map(record -> record.path(1).stringValue() + " " + record.path(2).stringValue())
                .toList();
    }

    @Override
    public void close() {
        recordings.close();
    }
}
