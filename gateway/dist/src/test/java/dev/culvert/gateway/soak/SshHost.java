package dev.culvert.gateway.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// OpenSSH's server, for the user who runs this, which lets in who has a certificate of an edge. Used by one thread.
final class SshHost implements AutoCloseable {
    static final String LOGIN = System.getProperty("user.name");
    private static final int START_MILLIS = 10_000;

    private final Path directory;
    private final int port;
    private final Program program;

    /// @param directory for its files and those of its clients; must be there
    SshHost(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        makeKey("host_key");
        makeKey("key");
        Files.createFile(directory.resolve("authorities"));
        if (LOGIN.equals("root")) {
            // Debian makes it when its own service starts.
            Files.createDirectories(Path.of("/run/sshd"));
        }
        Path configuration = directory.resolve("sshd_config");
        Files.writeString(
                configuration,
                """
                ListenAddress 127.0.0.1:%d
                HostKey %s/host_key
                AuthorizedKeysFile none
                TrustedUserCAKeys %s/authorities
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin prohibit-password
                PidFile none
                PrintMotd no
                """
                        .formatted(port, directory, directory));
        program =
                Program.start(
                        "sshd",
                        directory,
                        Map.of(),
                        List.of("/usr/sbin/sshd", "-D", "-e", "-f", configuration.toString()));
        awaitPort();
    }

    private void makeKey(String name) throws IOException, InterruptedException {
        String file = directory.resolve(name).toString();
        Program.start(
                        "ssh-keygen",
                        directory,
                        Map.of(),
                        List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file))
                .waitFor();
    }

    private void awaitPort() throws IOException, InterruptedException {
        for (int waited = 0; ; waited += 20) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                if (!program.isAlive() || waited > START_MILLIS) {
                    throw new IOException("sshd does not listen: " + program.log(), e);
                }
                Thread.sleep(20);
            }
        }
    }

    int port() {
        return port;
    }

    /// Its public key.
    String hostKey() throws IOException {
        return Files.readString(directory.resolve("host_key.pub")).strip();
    }

    /// The public key that clients have.
    String userKey() throws IOException {
        return Files.readString(directory.resolve("key.pub")).strip();
    }

    /// @param users lines of `gateway ssh ca`
    /// @param hosts lines of `gateway ssh ca --known-hosts`
    void trust(String users, String hosts) throws IOException {
        Files.writeString(
                directory.resolve("authorities"), users, StandardOpenOption.TRUNCATE_EXISTING);
        Files.writeString(directory.resolve("known_hosts"), hosts);
    }

    /// Stock `ssh` through an edge's own SSH server, whose log has what came.
    ///
    /// @param target `LOGIN%HOST`
    /// @param alias what the edge is known by
    Program open(String target, int edgePort, String alias, String command) throws IOException {
        List<String> all = new ArrayList<>(List.of("ssh", "-tt", "-F", "none"));
        for (String option :
                List.of(
                        "Port=" + edgePort,
                        "HostKeyAlias=" + alias,
                        "IdentityFile=" + directory.resolve("key"),
                        "IdentitiesOnly=yes",
                        "IdentityAgent=none",
                        "UserKnownHostsFile=" + directory.resolve("known_hosts"),
                        "GlobalKnownHostsFile=none",
                        "StrictHostKeyChecking=yes",
                        "UpdateHostKeys=no",
                        "BatchMode=yes")) {
            all.addAll(List.of("-o", option));
        }
        all.addAll(List.of(target + "@127.0.0.1", command));
        return Program.start("ssh", directory, Map.of(), all);
    }

    @Override
    public void close() {
        program.close();
    }
}
