package dev.culvert.gateway.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.InteractiveProcessShellFactory;
import org.apache.sshd.server.shell.ProcessShellCommandFactory;

/// An SSH host in this process: a shell of the user who started the demo, for whoever has the key that
/// the demo has just made and that only this user can read. Loopback only.
///
/// Thread-safe.
final class SshHost implements AutoCloseable {
    private final SshServer server;
    private final Path key;
    private final Path knownHosts;

    private SshHost(SshServer server, Path key, Path knownHosts) {
        this.server = server;
        this.key = key;
        this.knownHosts = knownHosts;
    }

    /// @param directory for the client's key and the known hosts file
    /// @param name the host is known by
    static SshHost start(Path directory, String name) throws IOException {
        KeyPair host = newKey();
        KeyPair client = newKey();
        Path key = directory.resolve("ssh_key");
        Files.deleteIfExists(key);
        Files.createFile(
                key,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (OutputStream out = Files.newOutputStream(key)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(
                    client, "culvert demo", null, out);
        } catch (GeneralSecurityException e) {
            throw new IOException("the demo's SSH key cannot be written: " + e.getMessage(), e);
        }
        Path knownHosts = directory.resolve("known_hosts");
        Files.writeString(
                knownHosts,
                name + " " + PublicKeyEntry.toString(host.getPublic()) + "\n",
                StandardCharsets.US_ASCII);

        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(host));
        server.setPublickeyAuthenticator(
                (user, offered, session) -> KeyUtils.compareKeys(offered, client.getPublic()));
        server.setShellFactory(InteractiveProcessShellFactory.INSTANCE);
        server.setCommandFactory(ProcessShellCommandFactory.INSTANCE);
        server.start();
        return new SshHost(server, key, knownHosts);
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
        return server.getPort();
    }

    Path key() {
        return key;
    }

    Path knownHosts() {
        return knownHosts;
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
