package dev.culvert.bench.ground;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// OpenSSH's server for the user who runs this, with keys and configuration of its own: lets in who has [#key], or a
/// certificate of an edge that it was told to trust. Thread-safe.
public final class SshHost {
    /// The name it is signed in to with.
    static final String LOGIN = System.getProperty("user.name");

    /// What its host key is called in [#knownHosts].
    private static final String ALIAS = "ssh-host";

    private static final Duration READY_WITHIN = Duration.ofSeconds(10);

    private final Program program;
    private final int port;
    private final Path key;
    private final String hostKey;
    private final Path knownHosts;
    private final Path authorities;
    private final Path file;

    private SshHost(Program program, int port, Path directory, String hostKey, Path file) {
        this.program = program;
        this.port = port;
        this.file = file;
        this.key = directory.resolve("key");
        this.hostKey = hostKey;
        this.knownHosts = directory.resolve("known_hosts");
        this.authorities = directory.resolve("authorities");
    }

    /// @param file that is fetched from it
    /// @return empty where there is no OpenSSH server
    static Optional<SshHost> start(Ground ground, Path file)
            throws IOException, InterruptedException {
        Optional<String> sshd = ground.tools().find("sshd");
        if (sshd.isEmpty()) {
            return Optional.empty();
        }
        Path directory = Files.createDirectories(ground.directory().resolve("ssh"));
        makeKey(ground, directory.resolve("key"));
        makeKey(ground, directory.resolve("host_key"));
        Files.createFile(directory.resolve("authorities"));
        String hostKey = Files.readString(directory.resolve("host_key.pub")).strip();
        Files.writeString(directory.resolve("known_hosts"), ALIAS + " " + hostKey + "\n");
        if (Ground.isRoot()) {
            // Debian makes it when its own service starts.
            Files.createDirectories(Path.of("/run/sshd"));
        }
        int port = Ground.freePort();
        Program program =
                ground.start(
                        "sshd",
                        ground.far(),
                        Map.of(),
                        List.of(
                                sshd.get(),
                                "-D",
                                "-e",
                                "-f",
                                configuration(ground, directory, port).toString()));
        await(program, ground.far().address(), port);
        return Optional.of(new SshHost(program, port, directory, hostKey, file));
    }

    private static void makeKey(Ground ground, Path file) throws IOException, InterruptedException {
        List<String> command =
                List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString());
        ground.start("ssh-keygen", Place.HERE, Map.of(), command).output();
    }

    private static Path configuration(Ground ground, Path directory, int port) throws IOException {
        Path file = directory.resolve("sshd_config");
        return Files.writeString(
                file,
                """
                ListenAddress %s:%d
                HostKey %s/host_key
                AuthorizedKeysFile %s/key.pub
                TrustedUserCAKeys %s/authorities
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin prohibit-password
                MaxStartups 1000
                PidFile none
                PrintMotd no
                LogLevel ERROR
                Subsystem sftp internal-sftp
                """
                        .formatted(ground.far().bind(), port, directory, directory, directory));
    }

    private static void await(Program program, String address, int port)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (true) {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(address, port), 1000);
                return;
            } catch (IOException e) {
                if (!program.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException(program.obituary().orElse("sshd does not listen"), e);
                }
                Thread.sleep(20);
            }
        }
    }

    Program program() {
        return program;
    }

    int port() {
        return port;
    }

    /// Its public key, as `known_hosts` has it after the name.
    String hostKey() {
        return hostKey;
    }

    /// Public key of the user.
    String userKey() throws IOException {
        return Files.readString(Path.of(key + ".pub")).strip();
    }

    /// Lets in who has a certificate of these.
    ///
    /// @param lines as `gateway ssh ca` prints them
    void trust(String lines) throws IOException {
        Files.writeString(authorities, lines, StandardOpenOption.APPEND);
    }

    /// Clients believe these too.
    ///
    /// @param lines as `gateway ssh ca --known-hosts` prints them
    void know(String lines) throws IOException {
        Files.writeString(knownHosts, lines, StandardOpenOption.APPEND);
    }

    /// The way without anything between.
    SshWay direct(String address) {
        return way(LOGIN + "@" + address, port, ALIAS, Optional.empty());
    }

    /// @param destination `user@address`
    /// @param alias what the server's key is known by
    SshWay way(String destination, int port, String alias, Optional<SshWay.Recorded> recorded) {
        return new SshWay(
                List.of(
                        "-F",
                        "none",
                        "-o",
                        "Port=" + port,
                        "-o",
                        "HostKeyAlias=" + alias,
                        "-o",
                        "IdentityFile=" + key,
                        "-o",
                        "IdentitiesOnly=yes",
                        "-o",
                        "IdentityAgent=none",
                        "-o",
                        "UserKnownHostsFile=" + knownHosts,
                        "-o",
                        "GlobalKnownHostsFile=none",
                        "-o",
                        "StrictHostKeyChecking=yes",
                        "-o",
                        "UpdateHostKeys=no",
                        "-o",
                        "BatchMode=yes",
                        "-o",
                        "LogLevel=ERROR",
                        // Newer clients send keys at intervals of 20 ms, which would be all that is
                        // measured.
                        "-o",
                        "IgnoreUnknown=ObscureKeystrokeTiming",
                        "-o",
                        "ObscureKeystrokeTiming=no"),
                destination,
                file,
                recorded);
    }
}
