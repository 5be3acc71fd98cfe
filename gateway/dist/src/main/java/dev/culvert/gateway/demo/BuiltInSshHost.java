package dev.culvert.gateway.demo;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.InteractiveProcessShellFactory;
import org.apache.sshd.server.shell.ProcessShellCommandFactory;

/// The demo's SSH host where there is no OpenSSH: shells without a terminal. Thread-safe.
final class BuiltInSshHost implements AutoCloseable {
    private final SshServer server;

    private BuiltInSshHost(SshServer server) {
        this.server = server;
    }

    /// @param authorities public keys that sign users' certificates, one a line
    static BuiltInSshHost start(KeyPair host, PublicKey client, String authorities)
            throws IOException {
        List<PublicKey> signers = new ArrayList<>();
        for (String line : authorities.lines().toList()) {
            try {
                signers.add(
                        PublicKeyEntry.parsePublicKeyEntry(line)
                                .resolvePublicKey(null, null, null));
            } catch (GeneralSecurityException e) {
                throw new IOException("the edge's authority has a key that is none", e);
            }
        }
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(host));
        server.setPublickeyAuthenticator((user, offered, session) -> {
            PublicKey shown =
                    offered instanceof OpenSshCertificate certificate
                            ? certificate.getCaPubKey()
                            : offered;
            return KeyUtils.compareKeys(shown, client)
                    || signers.stream().anyMatch(key -> KeyUtils.compareKeys(shown, key));
        });
        server.setShellFactory(InteractiveProcessShellFactory.INSTANCE);
        server.setCommandFactory(ProcessShellCommandFactory.INSTANCE);
        server.start();
        return new BuiltInSshHost(server);
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
