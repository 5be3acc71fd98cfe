package dev.culvert.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recorder.Mode;
import dev.culvert.recording.Verification.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many at a time; and finding and forgetting them.
final class ManyRecordingsTest {
    private static final int SESSIONS = 200;
    private static final int LINES = 100;

    @TempDir private Path directory;

    @Test
    void twoHundredSessionsAtATimeAreEachWhole() throws Exception {
        try (Site site = new Site(directory);
                ExecutorService sessions = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Path>> casts = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                int session = i;
                casts.add(sessions.submit(() -> session(site, session)));
            }
            for (int i = 0; i < SESSIONS; i++) {
                Path cast = casts.get(i).get();
                assertThat(Verifier.verify(cast).outcome()).isEqualTo(Outcome.COMPLETE);
                assertThat(String.join("", Site.records(cast)).split("session " + i + ",", -1))
                        .hasSize(LINES + 1);
            }
            assertThat(site.recordings.waitingBytes()).isZero();
            assertThat(site.recordings.live()).isEmpty();
        }
    }

    private static Path session(Site site, int session) throws Exception {
        Recorder recorder = site.begin(session % 2 == 0 ? Mode.REQUIRED : Mode.BEST_EFFORT);
        for (int line = 0; line < LINES; line++) {
            Site.say(recorder, "session " + session + ", line " + line + "\r\n");
        }
        return site.end(recorder);
    }

    @Test
    void areFoundByWhatTheyAreOfTheNewestFirst() throws Exception {
        try (Site site = new Site(directory)) {
            List<RecordingId> ids = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                Recorder recorder = site.begin(Mode.REQUIRED);
                ids.add(new RecordingId(recorder.id()));
                site.end(recorder);
            }
            RecordingId ended = ids.getFirst();
            Recorder live = site.begin(Mode.REQUIRED);
            ids.add(new RecordingId(live.id()));
            ids.sort(java.util.Comparator.reverseOrder());

            assertThat(ids(site, null, 100)).isEqualTo(ids);
            assertThat(ids(site, null, 3)).isEqualTo(ids.subList(0, 3));
            assertThat(ids(site, ids.get(2), 3)).isEqualTo(ids.subList(3, 6));
            Archive archive = site.recordings.archive();
            assertThat(archive.find(one -> one.state() == Summary.State.LIVE, null, 9)).hasSize(1);
            assertThat(archive.find(one -> one.about().who().equals("bob"), null, 9)).isEmpty();
            assertThat(archive.get(ended).orElseThrow().state()).isEqualTo(Summary.State.COMPLETE);
            assertThat(archive.get(new RecordingId("20260101-000000-00000000"))).isEmpty();
        }
    }

    private static List<RecordingId> ids(Site site, RecordingId before, int limit) {
        try {
            return site.recordings.archive().find(one -> true, before, limit).stream()
                    .map(summary -> summary.about().id())
                    .toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void oldOnesAreForgottenByDay() throws Exception {
        try (Site site = new Site(directory)) {
            Path cast = site.end(site.begin(Mode.REQUIRED));
            Recorder live = site.begin(Mode.REQUIRED);
            Path other = Files.writeString(directory.resolve("mine.txt"), "not ours");
            Archive archive = site.recordings.archive();
            Duration kept = Duration.ofDays(30);

            assertThat(archive.prune(Instant.now().plus(Duration.ofDays(29)), kept)).isZero();
            assertThat(cast).exists();
            assertThat(archive.prune(Instant.now().plus(Duration.ofDays(32)), kept)).isEqualTo(1);
            assertThat(cast).doesNotExist();
            assertThat(RecordingFiles.sidecar(cast)).doesNotExist();
            assertThat(site.cast(live)).exists();
            site.end(live);
            assertThat(archive.prune(Instant.now().plus(Duration.ofDays(32)), kept)).isEqualTo(1);
            assertThat(directory).isDirectoryContaining(file -> file.equals(other));
            assertThat(Files.list(directory)).containsExactly(other);
        }
    }
}
