package dev.culvert.edge.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.identity.MovableClock;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The copy of the audit log for other programs, which no full disk and no crash leaves a hole in.
@Timeout(120)
class AuditLinesTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir Path temp;
    private final MovableClock clock = new MovableClock();
    private Path folder;
    private Path lines;
    private StateDirectory directory;
    private State state;
    private AuditLog audit;

    @BeforeEach
    void open() throws Exception {
        folder = temp.resolve("state");
        lines = folder.resolve("audit.jsonl");
        directory = StateDirectory.open(folder);
        state = State.open(directory, null);
        audit = new AuditLog(state.database(), folder, clock).start();
    }

    @AfterEach
    void close() {
        audit.close();
        state.close();
        directory.close();
    }

    private void restart() throws Exception {
        close();
        open();
    }

    /// What is told was copied, or could not be.
    private void write(int count) throws InterruptedException {
        Semaphore written = new Semaphore(0);
        Consumer<AuditEvent> listener = event -> written.release();
        audit.onWritten(listener);
        for (int i = 0; i < count; i++) {
            audit.record(AuditEvent.of(AuditEvent.Kind.ADMIN, "test", "looked").build());
            written.acquire();
        }
        audit.removeListener(listener);
    }

    /// All files, the oldest first.
    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            List<Path> rotated =
                    new ArrayList<>(
                            found.filter(p -> p.getFileName().toString().startsWith("audit-"))
                                    .sorted()
                                    .toList());
            if (Files.exists(lines)) {
                rotated.add(lines);
            }
            return rotated;
        }
    }

    private List<Long> ids() throws IOException {
        List<Long> ids = new ArrayList<>();
        for (Path file : files()) {
            assertThat(Files.getPosixFilePermissions(file))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            for (String line : Files.readString(file).split("(?<=\n)")) {
                assertThat(line).endsWith("}\n");
                ids.add(MAPPER.readTree(line).path("id").asLong());
            }
        }
        return ids;
    }

    private void assertEveryLineOnce(int count) throws Exception {
        audit.close();
        assertThat(ids()).isEqualTo(LongStream.rangeClosed(1, count).boxed().toList());
    }

    /// As of a day of the test's clock: that of the disk is another one.
    private void dateFiles() throws IOException {
        for (Path file : files()) {
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
        }
    }

    @Test
    void eachDayHasItsFile() throws Exception {
        write(2);
        clock.move(Duration.ofHours(13));
        write(2);
        clock.move(Duration.ofDays(3));
        write(1);
        audit.close();
        assertThat(files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "audit-20260302T010000.000Z.jsonl",
                        "audit-20260305T010000.000Z.jsonl",
                        "audit.jsonl");
        assertEveryLineOnce(5);
    }

    @Test
    void aDayThatPassedWhileNoEdgeRanHasItsFileToo() throws Exception {
        write(2);
        audit.close();
        dateFiles();
        clock.move(Duration.ofDays(1));
        restart();
        write(1);
        audit.close();
        assertThat(files()).hasSize(2);
        assertEveryLineOnce(3);
    }

    @Test
    void aNameThatIsTakenIsNotWrittenOver() throws Exception {
        write(1);
        audit.close();
        dateFiles();
        Path taken = folder.resolve("audit-20260302T120000.000Z.jsonl");
        Files.copy(lines, taken);
        clock.move(Duration.ofDays(1));
        restart();
        write(1);
        audit.close();
        assertThat(files()).hasSize(3);
        assertThat(Files.readString(files().get(1))).isEqualTo(Files.readString(taken));
        assertThat(files().get(1).getFileName()).hasToString("audit-20260302T120000.001Z.jsonl");
    }

    @Test
    void aCrashBetweenRenamingAndTheNextFileLosesNothing() throws Exception {
        write(2);
        audit.close();
        Files.move(lines, folder.resolve("audit-20260302T000000.000Z.jsonl"));
        restart();
        write(1);
        assertEveryLineOnce(3);
    }

    @Test
    void aLineThatACrashCutIsWrittenAgain() throws Exception {
        write(3);
        audit.close();
        byte[] whole = Files.readAllBytes(lines);
        for (int cut : new int[] {1, 2, 40, whole.length / 2}) {
            Files.write(lines, Arrays.copyOf(whole, whole.length - cut));
            restart();
            audit.close();
        }
        restart();
        write(1);
        assertEveryLineOnce(4);
    }

    @Test
    void aCutLineIsNotLeftInTheFileOfItsDay() throws Exception {
        write(2);
        audit.close();
        Files.writeString(lines, "{\"id\":3,\"at", StandardOpenOption.APPEND);
        dateFiles();
        clock.move(Duration.ofDays(1));
        restart();
        write(1);
        assertEveryLineOnce(3);
    }

    @Test
    void linesThatACrashLostAreCopiedFromTheDatabase() throws Exception {
        write(3);
        audit.close();
        String first = Files.readAllLines(lines).getFirst() + "\n";
        Files.writeString(lines, first);
        restart();
        write(1);
        assertEveryLineOnce(4);
    }

    @Test
    void anEventDoesNotWaitForAllThatIsCopiedLate() throws Exception {
        int many = 5000;
        for (int i = 0; i < many; i++) {
            audit.record(AuditEvent.of(AuditEvent.Kind.ADMIN, "test", "looked").build());
        }
        audit.close();
        Files.writeString(lines, Files.readAllLines(lines).getFirst() + "\n");
        audit = new AuditLog(state.database(), folder, clock);
        CompletableFuture<Long> copied = new CompletableFuture<>();
        audit.onWritten(event -> copied.complete(lineCount()));
        CompletableFuture<Void> written =
                audit.recorded(AuditEvent.of(AuditEvent.Kind.ADMIN, "test", "came").build());
        audit.start();
        written.join();
        assertThat(copied.join()).isEqualTo(1 + 2000);
        assertEveryLineOnce(many + 1);
    }

    private long lineCount() {
        try (Stream<String> all = Files.lines(lines)) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void linesThatAFullDiskRefusedAreCopiedLater() throws Exception {
        write(2);
        audit.close();
        Path aside = folder.resolve("aside");
        Files.move(lines, aside);
        restart();
        // Each write to it fails for want of space.
        Files.createSymbolicLink(lines, Path.of("/dev/full"));
        write(3);
        Files.delete(lines);
        write(1);
        audit.close();
        Files.writeString(lines, Files.readString(aside) + Files.readString(lines));
        assertEveryLineOnce(6);
    }

    @Test
    void whereAnotherProgramTookTheFileAwayTheLinesGoOn() throws Exception {
        write(2);
        Files.delete(lines);
        restart();
        write(1);
        audit.close();
        assertThat(ids()).containsExactly(3L);
    }

    @Test
    void whatIsOlderThanItIsKeptIsDeleted() throws Exception {
        write(1);
        clock.move(Duration.ofDays(1));
        write(1);
        clock.move(Duration.ofDays(1));
        write(1);
        Path other = folder.resolve("audit-of-mine.jsonl");
        Files.writeString(other, "");
        audit.prune(Duration.ofDays(1).plusHours(1));
        assertThat(files()).hasSize(4).contains(other);
        audit.prune(Duration.ofHours(23));
        audit.close();
        assertThat(files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "audit-20260303T120000.000Z.jsonl", "audit-of-mine.jsonl", "audit.jsonl");
        Files.delete(other);
        assertThat(ids()).containsExactly(2L, 3L);
        assertThat(audit.find(AuditQuery.after(0, 10)))
                .extracting(AuditEvent::id)
                .containsExactly(3L);
    }
}
