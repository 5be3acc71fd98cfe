package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.PluginStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/// The keys by which clients know the gateway: one Ed25519 and one ECDSA, made once, sealed in the edge's state.
final class GatewayKeys {
    private static final String KIND = "gateway-key";

    private GatewayKeys() {}

    /// @throws IOException when the state cannot be read or written, or holds no key there
    static List<KeyPair> open(PluginStore store) throws IOException {
        List<KeyPair> pairs = new ArrayList<>();
        pairs.add(open(store, KeyPairProvider.SSH_ED25519, 256));
        pairs.add(open(store, KeyPairProvider.ECDSA_SHA2_NISTP256, 256));
        return List.copyOf(pairs);
    }

    private static KeyPair open(PluginStore store, String type, int bits) throws IOException {
        try {
            byte[] kept = store.get(KIND, type).orElse(null);
            return read(
                    kept == null ? store.putIfAbsent(KIND, type, make(type, bits), true) : kept);
        } catch (GeneralSecurityException e) {
            throw new IOException("the gateway's key " + type + " cannot be used: " + e, e);
        }
    }

    private static byte[] make(String type, int bits) throws IOException, GeneralSecurityException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(
                KeyUtils.generateKeyPair(type, bits), "gateway", null, out);
        return out.toByteArray();
    }

    private static KeyPair read(byte[] bytes) throws IOException, GeneralSecurityException {
        try (InputStream in = new ByteArrayInputStream(bytes)) {
            return SecurityUtils.loadKeyPairIdentities(
                            null,
                            NamedResource.ofName("gateway key"),
                            in,
                            FilePasswordProvider.EMPTY)
                    .iterator()
                    .next();
        }
    }
}
