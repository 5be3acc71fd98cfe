package dev.culvert.plugin.testkit.hosts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A password of a user of this machine that one program alone sees, in an `/etc` of its own. Needs root, `unshare` and
/// `openssl`. Stateless.
public final class OwnPassword {
    private OwnPassword() {}

    /// The words to put before those of the program.
    ///
    /// `/etc` is copied as a whole: where somebody changes a password meanwhile, `/etc/shadow` is another file, and what
    /// was mounted on it has gone.
    ///
    /// @param directory for what that takes
    public static List<String> before(Path directory, String user, String password)
            throws IOException {
        Path shadow = Files.writeString(directory.resolve("shadow"), shadow(user, hash(password)));
        Path etc = Files.createDirectories(directory.resolve("etc"));
        String script =
                """
                set -e
                mount -t tmpfs none "$1"
                cp -a /etc/. "$1"
                cp "$2" "$1/shadow"
                mount --bind "$1" /etc
                shift 2
                exec "$@"
                """;
        return List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                script,
                "own-password",
                etc.toString(),
                shadow.toString());
    }

    private static String shadow(String user, String hash) throws IOException {
        return Files.readAllLines(Path.of("/etc/shadow")).stream()
                .map(line -> line.startsWith(user + ":") ? entry(user, hash) : line)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String entry(String user, String hash) {
        return user + ":" + hash + ":19000:0:99999:7:::";
    }

    private static String hash(String password) throws IOException {
        Process openssl =
                new ProcessBuilder("openssl", "passwd", "-6", "-stdin")
                        .redirectErrorStream(true)
                        .start();
        try (var in = openssl.outputWriter(StandardCharsets.UTF_8)) {
            in.write(password + "\n");
        }
        String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!said.startsWith("$6$")) {
            throw new IOException("openssl passwd -6 said: " + said);
        }
        return said.strip();
    }
}
