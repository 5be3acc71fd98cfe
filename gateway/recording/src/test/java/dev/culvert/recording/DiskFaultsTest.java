package dev.culvert.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recorder.Mode;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.recording.Verification.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a disk that is full or hangs does to recordings, and to whoever makes them.
final class DiskFaultsTest {
    private static final byte[] PIECE = new byte[Entry.Bytes.LARGEST];

    static {
        java.util.Arrays.fill(PIECE, (byte) 'x');
    }

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

    private static void flood(Recorder recorder, int pieces) {
        for (int i = 0; i < pieces; i++) {
            recorder.output(PIECE, 0, PIECE.length);
        }
    }

    private static long shown(List<String> records) {
        return records.stream()
                .filter(record -> record.startsWith("o "))
                .mapToLong(record -> record.length() - 2)
                .sum();
    }

    @Test
    void aHangingDiskCostsBestEffortAGapAndNobodyTime() throws Exception {
        Recorder recorder = site.begin(Mode.BEST_EFFORT);
        Site.say(recorder, "before");
        site.awaitSealed(recorder, 2);
        disk.hang();
        flood(recorder, 200);
        assertThat(site.recordings.waitingBytes()).isLessThanOrEqualTo(Backlog.MOST_BYTES);
        Site.await(recorder::isFailed);
        disk.goOn();
        Site.await(() -> !recorder.isFailed());
        Site.say(recorder, "after");
        Path cast = site.end(recorder);

        List<String> records = Site.records(cast);
        Verification checked = Verifier.verify(cast);
        assertThat(records.getFirst()).isEqualTo("o before");
        assertThat(records.getLast()).isEqualTo("o after");
        assertThat(records).filteredOn(record -> record.startsWith("m gap: ")).hasSize(1);
        assertThat(checked.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(checked.gaps()).isEqualTo(1);
        assertThat(shown(records) + checked.missing()).isEqualTo(11 + 200L * PIECE.length);
        assertThat(checked.sentence())
                .contains("; 1 gap, in which " + checked.missing() + " bytes are missing");
    }

    @Test
    void aHangingDiskEndsARequiredSession() throws Exception {
        Recorder recorder = site.begin(Mode.REQUIRED);
        recorder.onFailure(failures::add);
        disk.hang();
        Site.say(recorder, "one keystroke");

        assertThat(failures.poll(30, TimeUnit.SECONDS)).contains("its disk wrote nothing for 5 s");
        assertThat(recorder.isFailed()).isTrue();
        recorder.onFailure(failures::add);
        assertThat(failures.poll(30, TimeUnit.SECONDS)).isNotNull();
        flood(recorder, 200);
        assertThat(site.recordings.waitingBytes()).isZero();
        assertThat(site.recordings.live()).isEmpty();
    }

    @Test
    void whoWaitsForRoomInARequiredRecordingIsLetGo() throws Exception {
        Recorder recorder = site.begin(Mode.REQUIRED);
        recorder.onFailure(failures::add);
        disk.hang();
        flood(recorder, 200);

        assertThat(failures.poll(30, TimeUnit.SECONDS)).contains("cannot be recorded");
    }

    @Test
    void whileTheDiskHangsRequiredIsRefusedAndBestEffortBegins() throws Exception {
        disk.hang();
        assertThatThrownBy(() -> site.begin(Mode.REQUIRED))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo("recording_failed"));
        List<Recorder> begun = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            begun.add(site.begin(Mode.BEST_EFFORT));
            Site.say(begun.getLast(), "from the beginning");
        }
        assertThat(begun).allMatch(Recorder::isFailed);
        disk.goOn();

        for (Recorder recorder : begun) {
            Path cast = site.end(recorder);
            assertThat(Site.records(cast)).containsExactly("o from the beginning");
            assertThat(Verifier.verify(cast).outcome()).isEqualTo(Outcome.COMPLETE);
        }
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
        Recorder recorder = site.begin(Mode.REQUIRED);
        recorder.onFailure(failures::add);
        disk.fillUpTo(1000);
        flood(recorder, 2);

        assertThat(failures.poll(30, TimeUnit.SECONDS))
                .contains("its disk refused: No space left on device");
        assertThat(Verifier.verify(site.cast(recorder)).outcome()).isIn(Outcome.TORN, Outcome.CUT);
    }

    @Test
    void bestEffortGoesOnWhenThereIsRoomAgain() throws Exception {
        Recorder recorder = site.begin(Mode.BEST_EFFORT);
        site.awaitSealed(recorder, 1);
        for (int room : new int[] {1, 100, 5000}) {
            disk.fillUpTo(room);
            Site.say(recorder, "room for " + room + " bytes\r\n");
            flood(recorder, 1);
            Site.await(recorder::isFailed);
            disk.goOn();
            Site.await(() -> !recorder.isFailed());
        }
        Path cast = site.end(recorder);

        Verification checked = Verifier.verify(cast);
        assertThat(checked.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(checked.gaps()).isZero();
        assertThat(shown(Site.records(cast)))
                .isEqualTo(3L * PIECE.length + 3 * "room for  bytes\r\n".length() + 1 + 3 + 4);
    }

    /// A real refusal of the system's: a file that may not grow.
    @Test
    void aFileThatMayNotGrowIsTriedAgain() throws Exception {
        try (Child child = Child.start(directory, "limited")) {
            child.await("begun");
            child.limitFiles("20000");
            child.say("flood");
            child.await("failing");
            child.limitFiles("unlimited");
            child.say("go on");
            child.await("done");
        }

        Path cast = Child.recordings(directory).getFirst();
        assertThat(Verifier.verify(cast).outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(shown(Site.records(cast))).isEqualTo(50_000);
    }

    @Test
    void aDirectoryThatCannotBeMadeIsTriedAgain() throws Exception {
        Path place = directory.resolve("a file");
        Files.writeString(place, "in the way");
        try (Site other = new Site(place)) {
            assertThatThrownBy(() -> other.begin(Mode.REQUIRED))
                    .isInstanceOf(RefusedException.class);
            Recorder recorder = other.begin(Mode.BEST_EFFORT);
            assertThat(recorder.isFailed()).isTrue();
            Site.say(recorder, "kept");
            Files.delete(place);
            Site.await(() -> !recorder.isFailed());

            assertThat(Site.records(other.end(recorder))).containsExactly("o kept");
        }
    }
}
