package dev.culvert.gateway.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/// A running OpenSSH server with keys of its own, and the client's configuration to reach it through an edge.
final class Sshd {
    static final String HOST = "ssh.it.localhost";

    final int port = Scratch.freePort();
    private final Path directory;
    private final Path key;

    private final Programs programs;
    private @Nullable Program running;

    Sshd(Programs programs) throws Exception {
        this(programs, programs.freshDirectory("sshd"));
        start("");
    }

    private Sshd(Programs programs, Path directory) throws Exception {
        this.programs = programs;
        this.directory = directory;
        key = directory.resolve("key");
        for (Path each : new Path[] {key, hostKey()}) {
            programs.run(Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", each))
                    .output();
        }
        Scratch.write(knownHosts(), HOST + " " + Files.readString(Path.of(hostKey() + ".pub")));
    }

    /// One that has its keys, and does not run yet.
    static Sshd prepared(Programs programs) throws Exception {
        return new Sshd(programs, programs.freshDirectory("sshd"));
    }

    Path hostKey() {
        return directory.resolve("host_key");
    }

    /// What clients know hosts by.
    Path knownHosts() {
        return directory.resolve("known_hosts");
    }

    /// A line of its log.
    Matcher awaitLog(String pattern) throws Exception {
        return Objects.requireNonNull(running, "does not run").await(pattern);
    }

    /// @param more lines of `sshd_config`, which count before ours
    void start(String more) throws Exception {
        if (User.isRoot()) {
            // Debian makes it when its own service starts.
            Files.createDirectories(Path.of("/run/sshd"));
        }
        Path config =
                Scratch.write(
                        directory.resolve("sshd_config"),
                        more
                                + """
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
                                        .formatted(port, hostKey(), key));
        running = programs.start(Command.of("/usr/sbin/sshd", "-D", "-e", "-f", config));
        running.awaitPort(port);
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
                                .formatted(User.NAME, key, knownHosts())
                        + (proxyCommand.isEmpty() ? "" : "  ProxyCommand " + proxyCommand + "\n"));
    }
}
