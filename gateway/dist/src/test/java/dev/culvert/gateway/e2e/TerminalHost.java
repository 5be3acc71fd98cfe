package dev.culvert.gateway.e2e;

import dev.culvert.plugin.testkit.hosts.OwnPassword;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// A running OpenSSH server that takes certificates of an edge and a password. The password is one
/// that only this server sees, which takes root.
final class TerminalHost {
    static final String PASSWORD = "Grüße an die Brücke";

    final int port = Scratch.freePort();
    final Path directory;
    private final Path hostKey;
    private final Programs programs;

    /// @param authority of users' certificates, a line as in `authorized_keys`
    TerminalHost(Programs programs, String authority) throws Exception {
        Assumptions.assumeTrue(User.isRoot(), "root, who may give a program its own /etc");
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
        List<Object> words = new ArrayList<>(OwnPassword.before(directory, "root", PASSWORD));
        words.addAll(List.of("/usr/sbin/sshd", "-D", "-e", "-f", config));
        programs.start(Command.of(words.toArray())).awaitPort(port);
    }

    /// `SHA256:…` of its key.
    String fingerprint() throws Exception {
        return programs.run(Command.of("ssh-keygen", "-lf", hostKey)).output().split(" ")[1];
    }
}
