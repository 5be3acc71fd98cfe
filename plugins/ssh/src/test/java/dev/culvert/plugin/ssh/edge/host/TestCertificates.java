package dev.culvert.plugin.ssh.edge.host;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.Credential;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.plugin.ssh.edge.UserCertificates;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;

/// Certificates that `ssh-keygen` signs.
public final class TestCertificates implements UserCertificates {
    private final Path directory;
    private final String principal;

    public TestCertificates(Path directory, String principal) throws Exception {
        this.directory = directory;
        this.principal = principal;
        OpenSshd.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", authority().toString());
    }

    public Path authority() {
        return directory.resolve("authority");
    }

    public List<SshPublicKey> authorityKeys() throws IOException {
        try {
            String line = Files.readString(Path.of(authority() + ".pub")).strip();
            return List.of(SshPublicKey.ofLine(line));
        } catch (ProtocolException e) {
            throw new AssertionError(e);
        }
    }

    static PublicKey publicKey(String line) throws Exception {
        return AuthorizedKeyEntry.parseAuthorizedKeyEntry(line)
                .resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
    }

    /// Signs a host's key, with `ssh-keygen -h` and more arguments.
    void signHost(Path key, String name, String... more) throws Exception {
        String[] command = {
            "ssh-keygen", "-q", "-h", "-s", authority().toString(), "-I", name, "-n", name
        };
        var all = new java.util.ArrayList<>(List.of(command));
        all.addAll(List.of(more));
        all.add(key + ".pub");
        OpenSshd.run(all.toArray(String[]::new));
    }

    @Override
    public Credential issue(Admitted admitted, String login) throws RefusedException {
        try {
            Path key = Files.createTempDirectory(directory, "user").resolve("key");
            OpenSshd.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
            OpenSshd.run(
                    "ssh-keygen",
                    "-q",
                    "-s",
                    authority().toString(),
                    "-I",
                    "test",
                    "-n",
                    principal,
                    "-V",
                    "+5m",
                    key + ".pub");
            KeyPair pair = new FileKeyPairProvider(key).loadKeys(null).iterator().next();
            OpenSshCertificate certificate =
                    (OpenSshCertificate) publicKey(Files.readString(Path.of(key + "-cert.pub")));
            return new Credential(pair, certificate);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
