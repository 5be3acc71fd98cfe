package dev.culvert.gateway.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.config.ProblemList;
import dev.culvert.connector.ingress.PluginCatalog;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.testkit.ServedHttpContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// The jar of `plugins/example`, as Maven just made it, passes the contract from a `plugins/` directory.
final class PluginJarIT extends ServedHttpContract {
    private static final Path BUILT = Path.of("../../plugins/example/target");

    @TempDir private Path scratch;
    private PluginCatalog catalog;

    @Override
    protected OriginPlugin plugin() {
        try {
            Path plugins = Files.createDirectory(scratch.resolve("plugins"));
            mode(plugins, "rwxr-xr-x");
            try (Stream<Path> files = Files.list(BUILT)) {
                Path jar = files.filter(f -> f.toString().endsWith(".jar")).findAny().orElseThrow();
                mode(Files.copy(jar, plugins.resolve("clock.jar")), "rw-r--r--");
            }
            ProblemList problems = new ProblemList();
            catalog = PluginCatalog.load(plugins, problems);
            assertThat(problems.problems()).isEmpty();
            OriginPlugin clock =
                    catalog.plugins().stream()
                            .filter(plugin -> plugin.name().equals("clock"))
                            .findAny()
                            .orElseThrow();
            assertThat(clock.getClass().getClassLoader())
                    .isNotSameAs(OriginPlugin.class.getClassLoader());
            return clock;
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void mode(Path file, String mode) throws java.io.IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Override
    protected String service() {
        return "clock:Asia/Tokyo";
    }

    @AfterEach
    void closeJars() {
        if (catalog != null) {
            catalog.close();
        }
    }
}
