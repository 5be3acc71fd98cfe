package dev.culvert.connector.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.transport.testing.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class FileWatchTest {
    @TempDir Path directory;
    private final AtomicInteger changes = new AtomicInteger();

    private FileWatch watch(Path file) throws Exception {
        FileWatch watch = new FileWatch(file, changes::incrementAndGet);
        watch.start();
        return watch;
    }

    private void awaitChanges(int count) {
        Eventually.until(count + " changes", () -> changes.get() >= count);
        Eventually.settled(changes::get);
        assertThat(changes).hasValue(count);
    }

    @Test
    void seesAFileWrittenInPlaceReplacedRemovedAndBack() throws Exception {
        Path file = Files.writeString(directory.resolve("config.yml"), "a");
        try (FileWatch watch = watch(file)) {
            Files.writeString(file, "b");
            awaitChanges(1);

            Path next = Files.writeString(directory.resolve(".config.yml.swp"), "c");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            awaitChanges(2);

            Files.delete(file);
            awaitChanges(3);

            Files.writeString(file, "d");
            awaitChanges(4);
        }
    }

    @Test
    void saysNothingWhenTheContentIsTheSame() throws Exception {
        Path file = Files.writeString(directory.resolve("config.yml"), "a");
        try (FileWatch watch = watch(file)) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));
            Files.writeString(file, "a");
            Files.writeString(directory.resolve("other"), "x");
            Files.writeString(file, "b");

            awaitChanges(1);
        }
    }

    /// One, unless whoever writes is stopped in between for long.
    @Test
    void manyWritesInARowAreHardlyMoreThanOneChange() throws Exception {
        Path file = Files.writeString(directory.resolve("config.yml"), "a");
        try (FileWatch watch = watch(file)) {
            for (int i = 0; i < 50; i++) {
                Files.writeString(file, "content " + i);
            }

            Eventually.until("a change", () -> changes.get() > 0);
            Eventually.settled(changes::get);
            assertThat(changes.get()).isLessThan(10);
        }
    }

    /// `config.yml → ..data/config.yml`, `..data → ..1`: the link to the directory is swapped.
    @Test
    void seesTheLinkSwapOfAKubernetesVolumeAgainAndAgain() throws Exception {
        Path volume = Files.createDirectory(directory.resolve("volume"));
        Files.createSymbolicLink(volume.resolve("config.yml"), Path.of("..data/config.yml"));
        swap(volume, 1);
        try (FileWatch watch = watch(volume.resolve("config.yml"))) {
            for (int i = 2; i <= 3; i++) {
                swap(volume, i);
                awaitChanges(i - 1);
            }
        }
    }

    private static void swap(Path volume, int number) throws Exception {
        Path next = Files.createDirectory(volume.resolve(".." + number));
        Files.writeString(next.resolve("config.yml"), "content " + number);
        Path link = volume.resolve("..data_tmp");
        Files.createSymbolicLink(link, Path.of(".." + number));
        Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void seesAChangeBehindALinkToAnotherDirectory() throws Exception {
        Path target = Files.createDirectory(directory.resolve("elsewhere")).resolve("real.yml");
        Files.writeString(target, "a");
        Path link =
                Files.createSymbolicLink(
                        Files.createDirectory(directory.resolve("etc")).resolve("config.yml"),
                        target);
        try (FileWatch watch = watch(link)) {
            Files.writeString(target, "b");

            awaitChanges(1);
        }
    }

    @Test
    void saysChangedWhenAskedThoughNothingIs() throws Exception {
        Path file = Files.writeString(directory.resolve("config.yml"), "a");
        try (FileWatch watch = watch(file)) {
            watch.ask();

            awaitChanges(1);
        }
    }
}
