package dev.culvert.bench.ground;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Where programs are. Immutable.
///
/// @param culvert directory of `gateway` and `access`
/// @param peers directory of the peers' descriptions
public record Tools(Path culvert, Path peers) {

    /// A program named by `CULVERT_BENCH_<NAME>`, or of PATH and the directories Debian has servers in.
    public Optional<String> find(String name) {
        String named =
                System.getenv("CULVERT_BENCH_" + name.toUpperCase(Locale.ROOT).replace('-', '_'));
        if (named != null && !named.isEmpty()) {
            return Optional.of(named);
        }
        String path = System.getenv().getOrDefault("PATH", "");
        for (String directory :
                (path + File.pathSeparator + "/usr/sbin" + File.pathSeparator + "/sbin")
                        .split(File.pathSeparator)) {
            Path program = Path.of(directory, name);
            if (Files.isExecutable(program)) {
                return Optional.of(program.toString());
            }
        }
        return Optional.empty();
    }

    public String required(String name) throws IOException {
        return find(name)
                .orElseThrow(() ->
                        new IOException(
                                name
                                        + ": not found (expected: in PATH; bench/run installs it as root)"));
    }

    String gateway() {
        return culvert.resolve("gateway").toString();
    }

    String access() {
        return culvert.resolve("access").toString();
    }

    /// The descriptions of peers, sorted.
    List<Path> peerFiles() throws IOException {
        if (!Files.isDirectory(peers)) {
            return List.of();
        }
        try (var files = Files.list(peers)) {
            return files.filter(file -> file.toString().endsWith(".peer")).sorted().toList();
        }
    }
}
