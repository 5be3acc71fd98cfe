package dev.culvert.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.plugin.edge.DesktopRecorder;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recorder.Mode;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.recording.Verification.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What a disk that is full or hangs does to recordings, and to whoever makes them.
@ParameterizedClass
@EnumSource(Format.class)
final class DiskFaultsTest {
    private static final String PIECE = "x".repeat(16_000);

    private static final NoRecorder NOBODY =
            new NoRecorder(new RecordingId("20261129-083015-00000000"));

    @Parameter private Format format;

    @TempDir private Path directory;
    private final FaultyDisk disk = new FaultyDisk();
    private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
    private Site site;

    @BeforeEach
    void open() {
        site = new Site(directory, disk);
    }

    @AfterEach
    void close() {
        disk.goOn();
        site.close();
    }

    private Tape begin(Mode mode) throws IOException {
        return site.begin(format, mode);
    }

    private Path data(Tape tape) {
        return site.data(tape.id(), format);
    }

    private static void flood(Tape tape, int pieces) {
        for (int i = 0; i < pieces; i++) {
            tape.say(PIECE);
        }
    }

    /// Bytes of content in the file, counted as they were given.
    private long kept(Path data) throws IOException {
        Tape counted =
                format == Format.CAST
                        ? Tape.of((Recorder) NOBODY)
                        : Tape.of((DesktopRecorder) NOBODY);
        Site.records(data).stream()
                .filter(record -> record.startsWith("o "))
                .forEach(record -> counted.say(record.substring(2)));
        return counted.given();
    }

    @Test
    void aHangingDiskCostsBestEffortAGapAndNobodyTime() throws Exception {
        Tape tape = begin(Mode.BEST_EFFORT);
        tape.say("before");
        Site.awaitSealed(data(tape), 2);
        disk.hang();
        flood(tape, 200);
        assertThat(site.recordings.waitingBytes()).isLessThanOrEqualTo(Backlog.MOST_BYTES);
        Site.await(tape::isFailed);
        disk.goOn();
        Site.await(() -> !tape.isFailed());
        tape.say("after");
        Path data = site.end(tape, format);

        List<String> records = Site.records(data);
        Verification checked = Verifier.verify(data);
        assertThat(records.getFirst()).isEqualTo("o before");
        assertThat(records.getLast()).isEqualTo("o after");
        assertThat(records).filteredOn(record -> record.startsWith("m gap: ")).hasSize(1);
        assertThat(checked.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(checked.gaps()).isEqualTo(1);
        assertThat(kept(data) + checked.missing()).isEqualTo(tape.given());
        assertThat(checked.sentence())
                .contains("; 1 gap, in which " + checked.missing() + " bytes are missing");
    }

    @Test
    void aHangingDiskEndsARequiredSession() throws Exception {
        Tape tape = begin(Mode.REQUIRED);
        tape.onFailure(failures::add);
        disk.hang();
        tape.say("one keystroke");

        assertThat(failures.poll(30, TimeUnit.SECONDS)).contains("its disk wrote nothing for 5 s");
        assertThat(tape.isFailed()).isTrue();
        tape.onFailure(failures::add);
        assertThat(failures.poll(30, TimeUnit.SECONDS)).isNotNull();
        flood(tape, 200);
        assertThat(site.recordings.waitingBytes()).isZero();
        Site.await(() -> site.recordings.live().isEmpty());
    }

    @Test
    void whoWaitsForRoomInARequiredRecordingIsLetGo() throws Exception {
        Tape tape = begin(Mode.REQUIRED);
        tape.onFailure(failures::add);
        disk.hang();
        flood(tape, 200);

        assertThat(failures.poll(30, TimeUnit.SECONDS)).contains("cannot be recorded");
    }

    @Test
    void whileTheDiskHangsRequiredIsRefusedAndBestEffortBegins() throws Exception {
        disk.hang();
        assertThatThrownBy(() -> begin(Mode.REQUIRED))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo("recording_failed"));
        List<Tape> begun = beginAtOnce(50);
        assertThat(begun).allMatch(Tape::isFailed);
        disk.goOn();

        for (Tape tape : begun) {
            Path data = site.end(tape, format);
            assertThat(Site.records(data)).containsExactly("o from the beginning");
            assertThat(Verifier.verify(data).outcome()).isEqualTo(Outcome.COMPLETE);
        }
    }

    private List<Tape> beginAtOnce(int sessions) throws Exception {
        List<Future<Tape>> beginning = new ArrayList<>();
        List<Tape> begun = new ArrayList<>();
        try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < sessions; i++) {
                beginning.add(
                        users.submit(() -> {
                            Tape tape = begin(Mode.BEST_EFFORT);
                            tape.say("from the beginning");
                            return tape;
                        }));
            }
            for (Future<Tape> one : beginning) {
                begun.add(one.get(30, TimeUnit.SECONDS));
            }
        }
        return begun;
    }

    /// Whoever asks for the list waits for the disk no longer than said.
    @Test
    void aListIsNotWaitedForForEver() throws Exception {
        RecordingDisk threads = new RecordingDisk(disk, java.time.InstantSource.system()).start();
        try {
            disk.hang();
            assertThatThrownBy(() ->
                            threads.ask(
                                    () -> disk.make(directory.resolve("never")),
                                    java.time.Duration.ofMillis(50)))
                    .hasMessage("the disk of the recordings does not answer");
        } finally {
            disk.goOn();
            threads.close();
        }
    }

    @Test
    void aFullDiskEndsARequiredSessionAtOnce() throws Exception {
        Tape tape = begin(Mode.REQUIRED);
        tape.onFailure(failures::add);
        disk.fillUpTo(1000);
        flood(tape, 2);

        assertThat(failures.poll(30, TimeUnit.SECONDS))
                .contains("its disk refused: No space left on device");
        assertThat(Verifier.verify(data(tape)).outcome()).isIn(Outcome.TORN, Outcome.CUT);
    }

    @Test
    void bestEffortGoesOnWhenThereIsRoomAgain() throws Exception {
        Tape tape = begin(Mode.BEST_EFFORT);
        Site.awaitSealed(data(tape), 1);
        for (int room : new int[] {1, 100, 5000}) {
            disk.fillUpTo(room);
            tape.say("room for " + room + " bytes\r\n");
            flood(tape, 1);
            Site.await(tape::isFailed);
            disk.goOn();
            Site.await(() -> !tape.isFailed());
        }
        Path data = site.end(tape, format);

        Verification checked = Verifier.verify(data);
        assertThat(checked.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(checked.gaps()).isZero();
        assertThat(kept(data)).isEqualTo(tape.given());
    }

    /// A real refusal of the system's: a file that may not grow.
    @Test
    void aFileThatMayNotGrowIsTriedAgain() throws Exception {
        try (Child child = Child.start(directory, "limited", format.name())) {
            child.await("begun");
            child.limitFiles("20000");
            child.say("flood");
            child.await("failing");
            child.limitFiles("unlimited");
            child.say("go on");
            child.await("done");
        }

        Path data = Child.recordings(directory).getFirst();
        assertThat(Verifier.verify(data).outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(Site.records(data).stream().mapToInt(record -> record.length() - 2).sum())
                .isEqualTo(50_000);
    }

    @Test
    void aDirectoryThatCannotBeMadeIsTriedAgain() throws Exception {
        Path place = directory.resolve("a file");
        Files.writeString(place, "in the way");
        try (Site other = new Site(place)) {
            assertThatThrownBy(() -> other.begin(format, Mode.REQUIRED))
                    .isInstanceOf(RefusedException.class);
            Tape tape = other.begin(format, Mode.BEST_EFFORT);
            assertThat(tape.isFailed()).isTrue();
            tape.say("kept");
            Files.delete(place);
            Site.await(() -> !tape.isFailed());

            assertThat(Site.records(other.end(tape, format))).containsExactly("o kept");
        }
    }
}
