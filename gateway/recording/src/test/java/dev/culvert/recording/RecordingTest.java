package dev.culvert.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recorder.Mode;
import dev.culvert.recording.Verification.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What stands in the files of a recording.
final class RecordingTest {
    @TempDir private Path directory;
    private Site site;

    @BeforeEach
    void open() {
        site = new Site(directory);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void isAnAsciicastOfWhatHappened() throws Exception {
        Recorder recorder =
                site.recordings.begin(Site.subject("make \"all\"", true), Mode.REQUIRED);
        Site.say(recorder, "a \"quoted\" \\ line\r\n\u001b[31mred\u001b[0m");
        recorder.resize(120, 40);
        recorder.event("sftp", "get /etc/hosts\n  174 bytes", true);
        Path cast = site.end(recorder);

        JsonNode header = Site.header(cast);
        assertThat(header.path("version").asInt()).isEqualTo(2);
        assertThat(header.path("width").asInt()).isEqualTo(80);
        assertThat(header.path("height").asInt()).isEqualTo(24);
        assertThat(header.path("timestamp").asLong())
                .isCloseTo(
                        System.currentTimeMillis() / 1000,
                        org.assertj.core.data.Offset.offset(60L));
        assertThat(header.path("command").stringValue()).isEqualTo("make \"all\"");
        assertThat(header.path("title").stringValue())
                .isEqualTo("ann@example.com: ann@build.example.com");
        assertThat(Site.records(cast))
                .containsExactly(
                        "m exec: make \"all\"",
                        "o a \"quoted\" \\ line\r\n\u001b[31mred\u001b[0m",
                        "r 120x40",
                        "m sftp: get /etc/hosts   174 bytes");
        Verification checked = Verifier.verify(cast);
        assertThat(checked.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(checked.records()).isEqualTo(5);
        assertThat(checked.key()).isEqualTo(Site.KEY.publicKey());
    }

    @Test
    void timesRiseAndBeginAtZero() throws Exception {
        Recorder recorder = site.begin(Mode.BEST_EFFORT);
        for (int i = 0; i < 50; i++) {
            recorder.event("note", "n" + i, true);
            Site.say(recorder, "x");
        }
        Path cast = site.end(recorder);

        List<Double> times =
                Files.readAllLines(cast).stream()
                        .skip(1)
                        .map(line -> new JsonMapper().readTree(line).path(0).asDouble())
                        .toList();
        assertThat(times).hasSize(100).isSorted().allMatch(time -> time >= 0 && time < 30);
    }

    @Test
    void aCharacterInTwoPiecesIsNotBroken() throws Exception {
        byte[] text = "aé漢🙂z".getBytes(StandardCharsets.UTF_8);
        for (int first = 0; first <= text.length; first++) {
            for (int second = first; second <= text.length; second++) {
                CastEncoder encoder = new CastEncoder("r", 80, false);
                output(encoder, Arrays.copyOf(text, first));
                output(encoder, Arrays.copyOfRange(text, first, second));
                output(encoder, Arrays.copyOfRange(text, second, text.length));
                encoder.end();
                assertThat(outputs(encoder)).isEqualTo("aé漢🙂z");
            }
        }
    }

    @Test
    void whatIsNoTextIsReplaced() {
        CastEncoder encoder = new CastEncoder("r", 80, false);
        output(encoder, new byte[] {'a', (byte) 0xff, 'b', (byte) 0xc3});
        output(encoder, new byte[] {'c', (byte) 0xf0, (byte) 0x9f});
        encoder.end();
        encoder.end();

        assertThat(outputs(encoder)).isEqualTo("a\uFFFDb\uFFFDc\uFFFD");
    }

    private static void output(CastEncoder encoder, byte[] bytes) {
        encoder.add(new Entry.Bytes(0, false, bytes, 0, bytes.length));
    }

    private static String outputs(CastEncoder encoder) {
        return new String(encoder.records().bytes(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> new JsonMapper().readTree(line).path(2).stringValue())
                .collect(Collectors.joining());
    }

    @Test
    void aTextWithHalfACharacterIsWritten() throws Exception {
        Recorder recorder = site.begin(Mode.REQUIRED);
        recorder.event("note", "half \ud83d of it", true);
        Path cast = site.end(recorder);

        assertThat(Site.records(cast)).containsExactly("m note: half ? of it");
        assertThat(Verifier.verify(cast).outcome()).isEqualTo(Outcome.COMPLETE);
    }

    @Test
    void liesByDayAndOnlyItsOwnerReadsIt() throws Exception {
        Recorder recorder = site.begin(Mode.REQUIRED);
        Path cast = site.end(recorder);

        String day = recorder.id().substring(0, 8);
        assertThat(cast)
                .isEqualTo(
                        directory
                                .resolve(day.substring(0, 4))
                                .resolve(day.substring(4, 6))
                                .resolve(day.substring(6))
                                .resolve(recorder.id() + ".cast"));
        for (Path file : List.of(cast, RecordingFiles.sidecar(cast))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        for (Path at = cast.getParent(); !at.equals(directory); at = at.getParent()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(at)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void inputIsKeptOnlyWhereItMayBe() throws Exception {
        Recorder without = site.recordings.begin(Site.subject("", false), Mode.REQUIRED);
        Recorder with = site.recordings.begin(Site.subject("", true), Mode.REQUIRED);
        for (Recorder recorder : List.of(without, with)) {
            Site.say(recorder, "$ ");
            Site.type(recorder, "id\r");
            Site.say(recorder, "id\r\nuid=0\r\n$ ");
        }

        assertThat(Site.records(site.end(with)))
                .containsExactly("o $ ", "o id\r\nuid=0\r\n$ ", "i id\r", "m command?: id");
        assertThat(Site.records(site.end(without)))
                .containsExactly("o $ ", "o id\r\nuid=0\r\n$ ", "m command?: id");
    }

    @Test
    void floodsArriveWholeWhereNothingMayBeDropped() throws Exception {
        byte[] flood = new byte[300_000];
        Arrays.fill(flood, (byte) 'x');
        Recorder recorder = site.begin(Mode.REQUIRED);
        for (int i = 0; i < 40; i++) {
            recorder.output(flood, 0, flood.length);
        }
        Path cast = site.end(recorder);

        long shown = Site.records(cast).stream().mapToLong(record -> record.length() - 2).sum();
        assertThat(shown).isEqualTo(40L * flood.length);
        assertThat(Verifier.verify(cast).outcome()).isEqualTo(Outcome.COMPLETE);
    }

    @Test
    void anAdministratorEndsTheSession() throws Exception {
        Recorder recorder = site.begin(Mode.BEST_EFFORT);
        BlockingQueue<String> heard = new ArrayBlockingQueue<>(4);
        recorder.onEnd(heard::add);

        LiveRecording live = site.recordings.live(new RecordingId(recorder.id())).orElseThrow();
        assertThat(live.end("ended by bob@example.com")).isTrue();
        assertThat(live.end("again")).isFalse();
        recorder.onEnd(heard::add);

        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("ended by bob@example.com");
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("ended by bob@example.com");
    }

    @Test
    void isReadWhileItGrows() throws Exception {
        Recorder recorder = site.begin(Mode.BEST_EFFORT);
        LiveRecording live = site.recordings.live(new RecordingId(recorder.id())).orElseThrow();
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            Site.say(recorder, "line " + i + "\r\n");
            String wanted = "line " + i + "\\r\\n";
            while (seen.indexOf(wanted) < 0) {
                live.await(seen.length(), java.time.Duration.ofSeconds(30));
                seen.append(new String(live.read(seen.length(), 7), StandardCharsets.US_ASCII));
            }
        }
        Path cast = site.end(recorder);

        assertThat(live.isEnded()).isTrue();
        assertThat(Files.readString(cast)).startsWith(seen);
    }

    @Test
    void whatIsUnderWayIsCompletedWhenTheEdgeStops() throws Exception {
        Recorder recorder = site.begin(Mode.REQUIRED);
        Site.say(recorder, "still here");
        site.close();

        assertThat(Verifier.verify(site.cast(recorder)).outcome()).isEqualTo(Outcome.COMPLETE);
        Site.say(recorder, "too late");
        recorder.close();
        assertThat(Site.records(site.cast(recorder))).containsExactly("o still here");
    }
}
