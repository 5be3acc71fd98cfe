package dev.culvert.gateway.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;

/// An SSH host for the user who started the demo: OpenSSH's server when the machine has it, else one in this
/// process that has neither terminals nor files. It lets in whoever has the key that the demo has just
/// made and that only this user can read, or a certificate of the demo's edge. Loopback only.
///
/// Thread-safe.
final class SshHost implements AutoCloseable {
    private static final Path OPEN_SSH = Path.of("/usr/sbin/sshd");
    private static final Duration READY_WITHIN = Duration.ofSeconds(10);

    private final AutoCloseable server;
    private final int port;
    private final Path key;
    private final Path knownHosts;

    private SshHost(AutoCloseable server, int port, Path key, Path knownHosts) {
        this.server = server;
        this.port = port;
        this.key = key;
        this.knownHosts = knownHosts;
    }

    /// @param directory for keys, configuration and the known hosts file
    /// @param name the host is known by
    /// @param authorities public keys that sign users' certificates, one a line
    static SshHost start(Path directory, String name, String authorities) throws IOException {
        KeyPair host = newKey();
        KeyPair client = newKey();
        Path key = directory.resolve("ssh_key");
        writeKey(key, client);
        Path knownHosts = directory.resolve("known_hosts");
        Files.writeString(
                knownHosts,
                name + " " + PublicKeyEntry.toString(host.getPublic()) + "\n",
                StandardCharsets.US_ASCII);
        if (!Files.isExecutable(OPEN_SSH)) {
            BuiltInSshHost server = BuiltInSshHost.start(host, client.getPublic(), authorities);
            return new SshHost(server, server.port(), key, knownHosts);
        }
        int port = freePort();
        Process server = openSsh(directory, port, host, client, authorities);
        return new SshHost(() -> stop(server), port, key, knownHosts);
    }

    private static Process openSsh(
            Path directory, int port, KeyPair host, KeyPair client, String authorities)
            throws IOException {
        Path hostKey = directory.resolve("ssh_host_key");
        writeKey(hostKey, host);
        Path authorized = directory.resolve("authorized_keys");
        Files.writeString(authorized, PublicKeyEntry.toString(client.getPublic()) + "\n");
        Path trusted = directory.resolve("trusted_user_ca");
        Files.writeString(trusted, authorities);
        if (System.getProperty("user.name").equals("root")) {
            // Debian makes it when its own service starts.
            Files.createDirectories(Path.of("/run/sshd"));
        }
        Path config = directory.resolve("sshd_config");
        Files.writeString(
                config,
                """
                # Written anew at each start of the demo.
                ListenAddress 127.0.0.1:%d
                HostKey %s
                AuthorizedKeysFile %s
                TrustedUserCAKeys %s
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin prohibit-password
                PidFile none
                Subsystem sftp internal-sftp
                """
                        .formatted(port, hostKey, authorized, trusted));
        Process process =
                new ProcessBuilder(OPEN_SSH.toString(), "-D", "-e", "-f", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("sshd.log").toFile())
                        .start();
        awaitPort(process, port, directory.resolve("sshd.log"));
        return process;
    }

    private static void awaitPort(Process process, int port, Path log) throws IOException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (IOException notYet) {
                pause();
            }
        }
        stop(process);
        throw new IOException("the demo's sshd did not start; see " + log);
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(Duration.ofMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static void writeKey(Path file, KeyPair pair) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "culvert demo", null, out);
        } catch (GeneralSecurityException e) {
            throw new IOException("the demo's SSH key cannot be written: " + e.getMessage(), e);
        }
    }

    private static KeyPair newKey() throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IOException("no EC keys on this Java platform: " + e.getMessage(), e);
        }
    }

    int port() {
        return port;
    }

    Path key() {
        return key;
    }

    Path knownHosts() {
        return knownHosts;
    }

    @Override
    public void close() throws Exception {
        server.close();
    }
}
