package dev.culvert.gateway.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/// A running OpenSSH server that takes certificates of an edge and a password. The password is in an
/// `/etc/shadow` that only this server sees, which takes root.
final class TerminalHost {
    static final String PASSWORD = "Grüße an die Brücke";

    final int port = Scratch.freePort();
    final Path directory;
    private final Path hostKey;
    private final Programs programs;

    /// @param authority of users' certificates, a line as in `authorized_keys`
    TerminalHost(Programs programs, String authority) throws Exception {
        Assumptions.assumeTrue(User.isRoot(), "root, who may give a program its own /etc/shadow");
        this.programs = programs;
        directory = programs.freshDirectory("host");
        hostKey = directory.resolve("host_key");
        programs.run(Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", hostKey))
                .output();
        // Debian makes it when its own service starts.
        Files.createDirectories(Path.of("/run/sshd"));
        Path authorities = Scratch.write(directory.resolve("authorities"), authority);
        Path config =
                Scratch.write(
                        directory.resolve("sshd_config"),
                        """
                        ListenAddress 127.0.0.1:%d
                        HostKey %s
                        TrustedUserCAKeys %s
                        AuthorizedKeysFile none
                        StrictModes no
                        UsePAM no
                        PasswordAuthentication yes
                        KbdInteractiveAuthentication no
                        PermitRootLogin yes
                        PidFile none
                        PrintMotd no
                        PrintLastLog no
                        Subsystem sftp internal-sftp -d %s
                        """
                                .formatted(port, hostKey, authorities, programs.home()));
        List<Object> words = new ArrayList<>(List.of("unshare", "-m", "sh", "-c"));
        words.add("mount --bind " + shadow() + " /etc/shadow && exec \"$@\"");
        words.addAll(List.of("sshd", "/usr/sbin/sshd", "-D", "-e", "-f", config));
        programs.start(Command.of(words.toArray())).awaitPort(port);
    }

    private Path shadow() throws Exception {
        String hash = programs.run(Command.of("openssl", "passwd", "-6", PASSWORD)).output();
        String lines =
                Files.readAllLines(Path.of("/etc/shadow")).stream()
                        .map(line -> line.startsWith("root:") ? entry(hash.strip()) : line)
                        .collect(Collectors.joining("\n", "", "\n"));
        return Scratch.write(directory.resolve("shadow"), lines);
    }

    private static String entry(String hash) {
        return "root:" + hash + ":19000:0:99999:7:::";
    }

    /// `SHA256:…` of its key.
    String fingerprint() throws Exception {
        return programs.run(Command.of("ssh-keygen", "-lf", hostKey)).output().split(" ")[1];
    }
}
