package dev.culvert.gateway.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

/// A running OpenSSH server with keys of its own, and the client's configuration to reach it through an edge.
final class Sshd {
    static final String HOST = "ssh.it.localhost";

    final int port = Scratch.freePort();
    private final Path directory;
    private final Path key;

    Sshd(Programs programs) throws Exception {
        directory = programs.freshDirectory("sshd");
        key = directory.resolve("key");
        Path hostKey = directory.resolve("host_key");
        for (Path each : new Path[] {key, hostKey}) {
            programs.run(Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", each))
                    .output();
        }
        if (User.isRoot()) {
            // Debian makes it when its own service starts.
            Files.createDirectories(Path.of("/run/sshd"));
        }
        Path config =
                Scratch.write(
                        directory.resolve("sshd_config"),
                        """
                        ListenAddress 127.0.0.1:%d
                        HostKey %s
                        AuthorizedKeysFile %s.pub
                        StrictModes no
                        UsePAM no
                        PasswordAuthentication no
                        KbdInteractiveAuthentication no
                        PermitRootLogin prohibit-password
                        PidFile none
                        PrintMotd no
                        Subsystem sftp internal-sftp
                        """
                                .formatted(port, hostKey, key));
        Scratch.write(
                directory.resolve("known_hosts"),
                HOST + " " + Files.readString(Path.of(hostKey + ".pub")));
        programs.start(Command.of("/usr/sbin/sshd", "-D", "-e", "-f", config)).awaitPort(port);
    }

    /// A file for `ssh -F`.
    ///
    /// @param proxyCommand with ssh's own `%h`; empty when `before` has it
    /// @param before lines at the beginning; ssh takes the first value it finds
    Path clientConfig(String name, String proxyCommand, String before) throws Exception {
        return Scratch.write(
                directory.resolve(name),
                before
                        + """
                        Host *
                          User %s
                          IdentityFile %s
                          IdentitiesOnly yes
                          IdentityAgent none
                          UserKnownHostsFile %s
                          GlobalKnownHostsFile none
                          StrictHostKeyChecking yes
                          UpdateHostKeys no
                          BatchMode yes
                        """
                                .formatted(User.NAME, key, directory.resolve("known_hosts"))
                        + (proxyCommand.isEmpty() ? "" : "  ProxyCommand " + proxyCommand + "\n"));
    }
}
