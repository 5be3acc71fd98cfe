package dev.culvert.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.DesktopRecorder;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recorder.Mode;
import dev.culvert.plugin.edge.Recordings.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
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

    DesktopRecorder beginDesktop(Mode mode) throws IOException {
        return recordings.beginDesktop(subject("", true), mode);
    }

    Tape begin(Format format, Mode mode) throws IOException {
        return switch (format) {
            case CAST -> Tape.of(begin(mode));
            case GUAC -> Tape.of(beginDesktop(mode));
        };
    }

    Path cast(Recorder recorder) {
        return data(recorder.id(), Format.CAST);
    }

    Path data(String id, Format format) {
        return files.data(new RecordingId(id), format);
    }

    /// Completes it and waits for that.
    Path end(Recorder recorder) throws Exception {
        recorder.close();
        awaitEnd(recorder.id());
        return cast(recorder);
    }

    Path end(DesktopRecorder recorder) throws Exception {
        recorder.close();
        awaitEnd(recorder.id());
        return data(recorder.id(), Format.GUAC);
    }

    Path end(Tape tape, Format format) throws Exception {
        tape.close();
        awaitEnd(tape.id());
        return data(tape.id(), format);
    }

    private void awaitEnd(String id) throws InterruptedException {
        await(() -> recordings.live(new RecordingId(id)).isEmpty());
    }

    /// Until what was given is signed and on the disk.
    void awaitSealed(Recorder recorder, long records) throws Exception {
        awaitSealed(cast(recorder), records);
    }

    static void awaitSealed(Path data, long records) throws Exception {
        await(() -> sealed(data) >= records);
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

    /// `o hello`, without times and without the first one.
    static List<String> records(Path data) throws IOException {
        return data.toString().endsWith(".cast") ? lines(data) : instructions(data);
    }

    /// Those that are whole: an instruction of text, or `m kind: text` for ours.
    private static List<String> instructions(Path guac) throws IOException {
        String rest = Files.readString(guac);
        List<String> found = new ArrayList<>();
        List<String> elements = new ArrayList<>();
        int at = 0;
        while (rest.indexOf('.', at) >= 0) {
            int dot = rest.indexOf('.', at);
            int characters = Integer.parseInt(rest.substring(at, dot));
            if (rest.codePointCount(dot + 1, rest.length()) <= characters) {
                break;
            }
            int end = rest.offsetByCodePoints(dot + 1, characters);
            elements.add(rest.substring(dot + 1, end));
            at = end + 1;
            if (rest.charAt(end) == ';') {
                found.add(instruction(elements));
                elements.clear();
            }
        }
        return found.subList(Math.min(1, found.size()), found.size());
    }

    private static String instruction(List<String> elements) {
        return switch (elements.getFirst()) {
            case "log" -> "m " + elements.get(2) + ": " + elements.get(3);
            case "blob" -> "o " + elements.get(2);
            default -> String.join(",", elements);
        };
    }

    private static List<String> lines(Path cast) throws IOException {
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
