package dev.culvert.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.Recorder.Mode;
import dev.culvert.recording.Verification.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every kind of damage to a small recording with several checkpoints, of each format.
@ParameterizedClass
@EnumSource(Format.class)
final class VerifierTest {
    private static final int CHECKPOINTS = 3;

    @TempDir private static Path directory;
    private static Path data;
    private static Path sidecar;
    private static byte[] good;
    private static byte[] goodSidecar;
    private static List<Integer> starts;

    private final Format format;

    VerifierTest(Format format) {
        this.format = format;
    }

    @BeforeParameterizedClassInvocation
    static void record(Format format) throws Exception {
        try (Site site = new Site(directory)) {
            Tape tape = site.begin(format, Mode.REQUIRED);
            data = site.data(tape.id(), format);
            for (int i = 1; i <= CHECKPOINTS; i++) {
                tape.note("note " + i);
                tape.say("line " + i + "\r\n");
                Site.awaitSealed(data, 1 + 2L * i);
            }
            site.end(tape, format);
        }
        sidecar = RecordingFiles.sidecar(data);
        good = Files.readAllBytes(data);
        goodSidecar = Files.readAllBytes(sidecar);
        starts = format == Format.CAST ? lines(good) : told();
    }

    /// Where records begin, as the sidecar says, and the end.
    private static List<Integer> told() {
        List<Integer> starts = new ArrayList<>(List.of(0));
        for (String line :
                new String(goodSidecar, StandardCharsets.UTF_8).lines().skip(2).toList()) {
            for (JsonNode length : new JsonMapper().readTree(line).path("lengths")) {
                starts.add(starts.getLast() + length.asInt());
            }
        }
        return starts;
    }

    private Verification verify(byte[] records, byte[] marks) throws IOException {
        Files.write(data, records);
        Files.write(sidecar, marks);
        return Verifier.verify(data);
    }

    /// Number of the record that a byte is in, from 1.
    private static int record(int at) {
        return (int) starts.stream().filter(start -> start <= at).count();
    }

    /// Where each line begins, and the end.
    private static List<Integer> lines(byte[] content) {
        List<Integer> starts = new ArrayList<>(List.of(0));
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '\n') {
                starts.add(i + 1);
            }
        }
        return starts;
    }

    @Test
    void anUntouchedOneIsComplete() throws Exception {
        Verification checked = verify(good, goodSidecar);

        assertThat(checked.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(checked.records()).isEqualTo(1 + 2 * CHECKPOINTS);
        assertThat(lines(goodSidecar)).hasSizeGreaterThanOrEqualTo(2 + CHECKPOINTS);
    }

    @Test
    void everyByteOfTheRecordsNamesItsRecordWhenItIsFlipped() throws Exception {
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 7);

            assertThat(verify(bad, goodSidecar).sentence())
                    .as("byte %d bit %d", at, at % 7)
                    .isEqualTo("altered at record " + record(at));
        }
    }

    @Test
    void everyByteOfTheSidecarNamesARecordWhenItIsFlipped() throws Exception {
        for (int at = 0; at < goodSidecar.length - 1; at++) {
            byte[] bad = goodSidecar.clone();
            bad[at] ^= 1;
            Verification checked = verify(good, bad);

            assertThat(checked.outcome()).as("byte %d", at).isEqualTo(Outcome.ALTERED);
            assertThat(checked.sentence()).as("byte %d", at).matches("altered at record \\d+.*");
        }
    }

    /// Its last byte ends the end: without it there is none.
    @Test
    void theLastByteOfTheSidecarIsPartOfTheEnd() throws Exception {
        byte[] bad = goodSidecar.clone();
        bad[bad.length - 1] ^= 1;

        assertThat(verify(good, bad).outcome()).isEqualTo(Outcome.TORN);
    }

    @Test
    void whatACrashLeavesIsGoodUpToTheLastCheckpoint() throws Exception {
        List<Integer> marks = lines(goodSidecar);
        for (int mark = 2; mark < marks.size() - 1; mark++) {
            byte[] signed = Arrays.copyOf(goodSidecar, marks.get(mark));
            long records = records(signed);
            int from = mark == 2 ? 0 : starts.get((int) records);
            for (int length = from; length <= good.length; length++) {
                Verification checked = verify(Arrays.copyOf(good, length), signed);
                boolean exact = length == from && mark > 2;

                assertThat(checked.records()).isEqualTo(records);
                assertThat(checked.outcome())
                        .as("mark %d length %d", mark, length)
                        .isEqualTo(
                                exact || (mark == 2 && length == 0) ? Outcome.CUT : Outcome.TORN);
            }
        }
    }

    /// Of a sidecar that is cut between two lines.
    private long records(byte[] marks) throws IOException {
        return verify(good, marks).records();
    }

    @Test
    void aSidecarThatEndsAnywhereIsNeverCompleteAndNeverAltered() throws Exception {
        for (int length = 0; length < goodSidecar.length; length++) {
            assertThat(verify(good, Arrays.copyOf(goodSidecar, length)).outcome())
                    .as("length %d", length)
                    .isIn(Outcome.TORN, Outcome.CUT);
        }
    }

    @Test
    void recordsThatWereSignedAndAreNotThereAreCut() throws Exception {
        for (int length = 0; length < good.length; length++) {
            Verification checked = verify(Arrays.copyOf(good, length), goodSidecar);

            assertThat(checked.outcome()).as("length %d", length).isEqualTo(Outcome.CUT);
            assertThat(checked.sentence())
                    .contains("ends after record " + (record(length) - 1) + ",");
        }
    }

    @Test
    void bothCutAfterTheSameCheckpointAreCut() throws Exception {
        List<Integer> marks = lines(goodSidecar);
        byte[] signed = Arrays.copyOf(goodSidecar, marks.get(3));
        long records = records(signed);

        Verification checked = verify(Arrays.copyOf(good, starts.get((int) records)), signed);

        assertThat(checked.sentence())
                .startsWith("cut after a checkpoint: it ends after record " + records + " ");
    }

    @Test
    void whatFollowsTheEndIsAltered() throws Exception {
        byte[] more = Arrays.copyOf(good, good.length + 5);
        Arrays.fill(more, good.length, more.length, (byte) '\n');
        assertThat(verify(more, goodSidecar).sentence())
                .isEqualTo("altered at record 8: it follows the signed end");

        byte[] twice = Arrays.copyOf(goodSidecar, goodSidecar.length + 1);
        twice[goodSidecar.length] = '\n';
        assertThat(verify(good, twice).sentence()).startsWith("altered at record 7:");
    }

    @Test
    void aRecordThatWasTakenOutOrPutInOrMovedIsAltered() throws Exception {
        List<byte[]> records = new ArrayList<>();
        for (int i = 1; i < starts.size(); i++) {
            records.add(Arrays.copyOfRange(good, starts.get(i - 1), starts.get(i)));
        }
        List<byte[]> without = new ArrayList<>(records);
        without.remove(3);
        List<byte[]> with = new ArrayList<>(records);
        with.add(2, records.get(4));
        List<byte[]> moved = new ArrayList<>(records);
        moved.add(1, moved.remove(4));

        assertThat(verify(join(without), goodSidecar).sentence()).isEqualTo("altered at record 4");
        assertThat(verify(join(with), goodSidecar).sentence()).isEqualTo("altered at record 3");
        assertThat(verify(join(moved), goodSidecar).sentence()).isEqualTo("altered at record 2");
    }

    private static byte[] join(List<byte[]> records) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        records.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /// Borders are moved where the sidecar says them, and nowhere else.
    @Test
    void lengthsThatWereChangedAreAltered() throws Exception {
        String text = new String(goodSidecar, StandardCharsets.UTF_8);
        int first = starts.get(1);
        int second = starts.get(2) - first;
        String told = "\"lengths\":[" + first;
        assertThat(text.contains(told)).isEqualTo(format == Format.GUAC);
        if (format == Format.CAST) {
            return;
        }
        for (String other : List.of("" + (first + 1), "99999999999", "0", first + "," + second)) {
            byte[] bad =
                    SidecarFormat.utf8(
                            text.replaceFirst(told.replace("[", "\\["), "\"lengths\":[" + other));

            assertThat(verify(good, bad).sentence()).as(other).startsWith("altered at record 1:");
        }
    }

    /// Whoever changes a record and its hash cannot sign.
    @Test
    void aRecordThatWasChangedTogetherWithItsHashIsAltered() throws Exception {
        String text = new String(good, StandardCharsets.UTF_8);
        byte[] bad = SidecarFormat.utf8(text.replace("line 2", "line X"));
        int record = record(text.indexOf("line 2"));
        int from = starts.get(record - 1);
        int to = starts.get(record);
        byte[] badMarks =
                SidecarFormat.utf8(
                        new String(goodSidecar, StandardCharsets.UTF_8)
                                .replace(
                                        hash(Arrays.copyOfRange(good, from, to)),
                                        hash(Arrays.copyOfRange(bad, from, to))));

        assertThat(verify(bad, badMarks).sentence())
                .matches("altered at record \\d( to \\d)?: these records .*");
    }

    private static String hash(byte[] line) {
        return Hashes.text(Hashes.sha256(line));
    }

    @Test
    void aSidecarSignedByAnotherKeySaysWhichKey() throws Exception {
        SigningKey other = SigningKey.make();
        assertThat(verify(good, goodSidecar).key()).isEqualTo(Site.KEY.publicKey());
        assertThat(other.publicKey()).isNotEqualTo(Site.KEY.publicKey());
        assertThat(Site.KEY.publicKey().isNamed(Site.KEY.publicKey().toString())).isTrue();
        assertThat(Site.KEY.publicKey().isNamed(Site.KEY.publicKey().fingerprint())).isTrue();
        assertThat(Site.KEY.publicKey().isNamed(other.publicKey().toString())).isFalse();
        assertThat(Site.KEY.publicKey().isNamed(other.publicKey().fingerprint())).isFalse();
        assertThat(PublicKey.parse(Site.KEY.publicKey().toString()))
                .isEqualTo(Site.KEY.publicKey());
    }

    @Test
    void randomDamageIsNeverComplete() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            byte[] records = damaged(good, random);
            byte[] marks = random.nextBoolean() ? goodSidecar : damaged(goodSidecar, random);
            boolean same = Arrays.equals(records, good) && Arrays.equals(marks, goodSidecar);

            assertThat(verify(records, marks).outcome() == Outcome.COMPLETE)
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(same);
        }
    }

    private static byte[] damaged(byte[] content, Random random) {
        int at = random.nextInt(content.length);
        int length = random.nextInt(40);
        byte[] start = Arrays.copyOf(content, at);
        byte[] end =
                Arrays.copyOfRange(
                        content, Math.min(content.length, at + random.nextInt(40)), content.length);
        byte[] middle = new byte[length];
        random.nextBytes(middle);
        byte[] all = Arrays.copyOf(start, at + length + end.length);
        System.arraycopy(middle, 0, all, at, length);
        System.arraycopy(end, 0, all, at + length, end.length);
        return all;
    }
}
