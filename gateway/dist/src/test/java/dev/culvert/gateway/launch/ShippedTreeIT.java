package dev.culvert.gateway.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs and inspects the tree people unpack, as Maven just made it.
final class ShippedTreeIT {

    private static final Path TREE = Path.of("target/culvert");

    @TempDir private Path directory;

    @Test
    void theGatewayStartsWithNothingButAJdk() throws Exception {
        var moved = directory.resolve("unpacked here");
        SourceTree.copy(TREE, moved);
        var environment =
                Map.of(
                        "CULVERT_JAVA_HOME",
                        System.getProperty("java.home"),
                        "PATH",
                        "/usr/bin:/bin");

        var gateway =
                Started.start(
                                directory,
                                environment,
                                moved.toRealPath().resolve("bin/gateway"),
                                "--version")
                        .finish("");

        assertThat(gateway.stderr()).isEmpty();
        assertThat(gateway.stdout()).matches("gateway \\d+\\.\\d+\\.\\d+.*\n");
        assertThat(gateway.exit()).isZero();
    }

    @Test
    void eachProgramHasItsOwnInputAndOutputEngineOnly() throws Exception {
        assertThat(jars("lib/gateway"))
                .anyMatch(jar -> jar.startsWith("netty-"))
                .noneMatch(ShippedTreeIT::isMina);
        assertThat(jars("lib/access"))
                .anyMatch(ShippedTreeIT::isMina)
                .noneMatch(jar -> jar.startsWith("netty-"));
    }

    @Test
    void noTestLibraryIsShipped() throws Exception {
        assertThat(Stream.of(jars("lib/gateway"), jars("lib/access")).flatMap(List::stream))
                .isNotEmpty()
                .noneMatch(jar ->
                        jar.matches(
                                "(junit|assertj|archunit|jazzer|culvert-plugin-(testkit|example)).*"));
    }

    private static boolean isMina(String jar) {
        return jar.startsWith("mina-core") || jar.startsWith("culvert-access");
    }

    private static List<String> jars(String directory) throws Exception {
        try (var files = Files.list(TREE.resolve(directory))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
