package dev.culvert.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.recording.Verification.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `kill -9` leaves at any moment. `-Dculvert.kills=100` for more of it.
final class KilledTest {
    private static final int KILLS = Integer.getInteger("culvert.kills", 3);

    @TempDir private Path directory;

    @Test
    void whatWasSignedBeforeIsGoodAndNothingElseIsClaimed() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            Path place = Files.createDirectory(directory.resolve("kill-" + kill));
            String said = killed(place, 30 + random.nextInt(100));
            List<Path> recordings = Child.recordings(place);

            assertThat(recordings).as("seed %d kill %d", seed, kill).hasSize(3);
            for (Path data : recordings) {
                assertGood(data, signed(said, data));
            }
        }
    }

    /// @return what the child said last
    private static String killed(Path place, int lines) throws Exception {
        try (Child child = Child.start(place, "steady", "")) {
            String last = "";
            for (int i = 0; i < lines; i++) {
                last = child.read();
                assertThat(last).as("the child died").isNotNull();
            }
            child.kill();
            return last;
        }
    }

    private static long signed(String said, Path data) {
        String id = data.getFileName().toString().replaceAll("\\..*", "");
        String after = said.substring(said.indexOf(id + "=") + id.length() + 1);
        return Long.parseLong(after.split(" ")[0]);
    }

    private static void assertGood(Path data, long signed) throws Exception {
        Verification checked = Verifier.verify(data);
        List<String> lines = whole(data);

        assertThat(checked.outcome()).isIn(Outcome.TORN, Outcome.CUT);
        assertThat(checked.records()).isGreaterThanOrEqualTo(Math.max(1, signed));
        // What is not signed yet was given in the last second or so: each turn gives two records.
        assertThat(lines.size()).isGreaterThanOrEqualTo((int) checked.records() - 1);
        for (int i = 1; i < checked.records(); i++) {
            assertThat(lines.get(i - 1))
                    .contains((i % 2 == 1 ? "line " : "note: event ") + (i - 1) / 2);
        }
    }

    /// Without the first and what follows the last line feed: it was being written.
    private static List<String> whole(Path data) throws Exception {
        if (data.toString().endsWith(".guac")) {
            return Site.records(data);
        }
        List<String> lines = Files.readString(data).lines().toList();
        return lines.subList(1, lines.size());
    }
}
