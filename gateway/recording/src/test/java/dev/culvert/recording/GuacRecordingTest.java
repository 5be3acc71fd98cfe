package dev.culvert.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.plugin.edge.DesktopRecorder;
import dev.culvert.plugin.edge.Recorder.Mode;
import dev.culvert.recording.Verification.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands in the files of a desktop's recording.
final class GuacRecordingTest {
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

    private static String instruction(String... elements) {
        List<String> written = new ArrayList<>();
        for (String element : elements) {
            written.add(element.codePointCount(0, element.length()) + "." + element);
        }
        return String.join(",", written) + ";";
    }

    @Test
    void isWhatTheBrowserGotWithOurOwnBetween() throws Exception {
        DesktopRecorder recorder = site.beginDesktop(Mode.REQUIRED);
        String frame = instruction("size", "0", "1024", "768") + instruction("sync", "12");
        String second = instruction("name", "Büro 🖥, 3;5.") + instruction("sync", "45", "1");
        recorder.instructions(frame);
        recorder.event("file", "Bericht\n\"ä\\.txt\", 12 bytes");
        recorder.instructions(second);
        Path guac = site.end(recorder);

        String text = Files.readString(guac);
        assertThat(guac.getFileName()).hasToString(recorder.id() + ".guac");
        assertThat(text)
                .startsWith(
                        "3.log,8.0.000000,9.recording,"
                                + "38.ann@example.com: ann@build.example.com;")
                .contains(frame + "3.log,")
                .contains(",4.file,36.Bericht \"\\u00e4\\u005c.txt\", 12 bytes;" + second)
                .endsWith(second);
        Verification checked = Verifier.verify(guac);
        assertThat(checked.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(checked.records()).isEqualTo(4);
        assertThat(checked.about()).extracting(About::format).isEqualTo(Format.GUAC);
        assertThat(site.recordings.archive().get(new RecordingId(recorder.id())))
                .hasValueSatisfying(
                        one -> assertThat(one.state()).isEqualTo(Summary.State.COMPLETE));
    }

    @Test
    void aFrameOfAnySizeIsCutBetweenInstructions() throws Exception {
        DesktopRecorder recorder = site.beginDesktop(Mode.REQUIRED);
        StringBuilder frame = new StringBuilder();
        for (int i = 0; i < 700; i++) {
            frame.append(instruction("blob", "1", "é".repeat(i * 7 % 5000)));
        }
        frame.append(instruction("blob", "2", "x".repeat(60_000)));
        for (int i = 0; i < 10; i++) {
            recorder.instructions(frame.toString());
        }
        Path guac = site.end(recorder);

        assertThat(Files.readString(guac)).endsWith(frame.toString().repeat(10));
        assertThat(Verifier.verify(guac).outcome()).isEqualTo(Outcome.COMPLETE);
        for (int end : Instructions.pieces(SidecarFormat.utf8(frame.toString()), 16_384)) {
            assertThat(SidecarFormat.utf8(frame.toString())[end - 1]).isEqualTo((byte) ';');
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4.sync",
                "4.sync,",
                "4.sync,1.1",
                "4.sync,1.12;",
                "4.sync,2.1;",
                "4sync;",
                ".sync;",
                "-4.sync;",
                "+4.sync;",
                "x",
                ";",
                "4.sync;\n",
                "999999.x;",
                "4.sync,1.1;3.nop"
            })
    void whatIsNoWholeInstructionIsRefused(String text) throws Exception {
        DesktopRecorder recorder = site.beginDesktop(Mode.REQUIRED);

        assertThatThrownBy(() -> recorder.instructions(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the instruction at byte ");
        assertThatThrownBy(() -> recorder.instructions(instruction("blob", "é".repeat(33_000))))
                .hasMessageContaining("at most 65536");
        assertThat(Site.records(site.end(recorder))).isEmpty();
    }

    @Test
    void whatWasRecordedBeforeThereWereDesktopsIsComplete() throws Exception {
        Path cast =
                Files.createDirectories(directory.resolve("2026/11/29"))
                        .resolve("20261129-141405-nbaerc03.cast");
        copy("before-desktops.cast", cast);
        copy("before-desktops.cast.sig", RecordingFiles.sidecar(cast));

        Verification checked = Verifier.verify(cast);
        assertThat(checked.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(checked.records()).isEqualTo(7);
        assertThat(checked.about()).extracting(About::format).isEqualTo(Format.CAST);
        Summary found = site.recordings.archive().find(one -> true, null, 9).getFirst();
        assertThat(found.state()).isEqualTo(Summary.State.COMPLETE);
        assertThat(site.recordings.archive().file(found.about())).isEqualTo(cast);

        byte[] bad = Files.readAllBytes(cast);
        bad[150] ^= 1;
        Files.write(cast, bad);
        assertThat(Verifier.verify(cast).sentence()).isEqualTo("altered at record 3");
    }

    private void copy(String resource, Path to) throws Exception {
        try (var in = GuacRecordingTest.class.getResourceAsStream("/" + resource)) {
            assertThat(in).isNotNull();
            Files.write(to, in.readAllBytes());
        }
    }

    @Test
    void bothAreListedAndForgottenTogether() throws Exception {
        Path guac = site.end(site.beginDesktop(Mode.REQUIRED));
        Path cast = site.end(site.begin(Mode.REQUIRED));
        Archive archive = site.recordings.archive();

        assertThat(archive.find(one -> true, null, 9))
                .extracting(one -> archive.file(one.about()))
                .containsExactlyInAnyOrder(guac, cast);
        java.time.Duration kept = java.time.Duration.ofDays(30);
        assertThat(archive.prune(java.time.Instant.now().plus(kept).plus(kept), kept)).isEqualTo(2);
        assertThat(Files.list(directory)).isEmpty();
    }
}
