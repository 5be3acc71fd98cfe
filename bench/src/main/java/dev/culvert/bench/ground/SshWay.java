package dev.culvert.bench.ground;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// How stock `ssh` and `scp` come to the [SshHost]. Immutable.
///
/// @param options that both take
/// @param destination `user@address`
/// @param file a big one, the same path at the host and here
/// @param recorded where sessions leave recordings
public record SshWay(
        List<String> options, String destination, Path file, Optional<Recorded> recorded) {
    /// Recordings that an edge makes.
    ///
    /// @param gateway the program that checks them
    public record Recorded(Path directory, String gateway) {
        public Set<Path> files() throws IOException {
            if (!Files.isDirectory(directory)) {
                return Set.of();
            }
            try (var files = Files.walk(directory)) {
                return files.filter(file -> file.toString().endsWith(".cast"))
                        .collect(Collectors.toSet());
            }
        }
    }

    /// `ssh`, in a terminal of its own.
    public List<String> terminal(String command) {
        List<String> all = new ArrayList<>(List.of("ssh", "-tt"));
        all.addAll(options);
        all.addAll(List.of(destination, command));
        return all;
    }

    /// `scp` of the file.
    public List<String> fetch(Path to) {
        List<String> all = new ArrayList<>(List.of("scp", "-q"));
        all.addAll(options);
        all.addAll(List.of(destination + ":" + file, to.toString()));
        return all;
    }
}
