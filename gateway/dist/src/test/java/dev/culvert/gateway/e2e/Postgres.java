package dev.culvert.gateway.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// A running PostgreSQL with a database of its own, in a temporary directory: it refuses to run as root, and
/// another user may not see the tests' directory.
final class Postgres {
    final int port = Scratch.freePort();

    Postgres(Programs programs) throws Exception {
        Path directory = Files.createTempDirectory("culvert-e2e-postgres");
        programs.closing(() -> Scratch.delete(directory));
        if (User.isRoot()) {
            programs.run(Command.of("chown", "postgres:postgres", directory)).output();
        }
        Path data = directory.resolve("data");
        programs.run(
                        Command.of(
                                User.other(),
                                newest("initdb"),
                                "--no-sync",
                                "-A",
                                "trust",
                                "-U",
                                "postgres",
                                "-D",
                                data))
                .output();
        programs.start(
                        Command.of(
                                User.other(),
                                newest("postgres"),
                                "-D",
                                data,
                                "-c",
                                "listen_addresses=127.0.0.1",
                                "-c",
                                "fsync=off",
                                "-c",
                                "unix_socket_directories=",
                                "-p",
                                port))
                .await("database system is ready to accept connections");
    }

    /// Debian has the server's programs in a directory of their version.
    private static Path newest(String program) throws Exception {
        try (var versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin").resolve(program))
                    .filter(Files::isExecutable)
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> new AssertionError("no " + program + " is installed"));
        }
    }
}
